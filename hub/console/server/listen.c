// SPDX-License-Identifier: Apache-2.0
// Opens the socket itself instead of leaving it to the library, so that what is wrong can be said in words, and so that
// the rule "plain HTTP on loopback only" is checked on the address that is really bound and not on its name.
#include "hub/console/server/listen.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 64

static bool refuse_address(struct error *error, const char *address, const char *why)
{
    return error_say(error, CAUSE_OTHER, "The console cannot listen on %.200s: %s", address, why);
}

// Splits "HOST:PORT" or "[V6]:PORT".
static bool split_address(const char *address, char *host, char *port, size_t size)
{
    const char *colon = strrchr(address, ':');
    if (!colon || colon == address || strlen(colon + 1) == 0 || strlen(colon + 1) > 5)
        return false;
    if (strspn(colon + 1, "0123456789") != strlen(colon + 1) || strtol(colon + 1, NULL, 10) > 65535)
        return false;
    bool bracket = *address == '[' && colon[-1] == ']';
    size_t len = (size_t)(colon - address) - (bracket ? 2 : 0);
    if (len == 0 || len >= size || (!bracket && memchr(address, ':', len)))
        return false;
    memcpy(host, address + bracket, len);
    host[len] = 0;
    snprintf(port, 8, "%s", colon + 1);
    return true;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;
        return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *v6 = (const void *)address;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

static bool is_wildcard(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return ((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr == htonl(INADDR_ANY);
    return IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

static int bind_and_listen(const struct addrinfo *row)
{
    int on = 1, descriptor = socket(row->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
    if (descriptor < 0)
        return -1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(descriptor, row->ai_addr, row->ai_addrlen) == 0 && listen(descriptor, BACKLOG) == 0)
        return descriptor;
    int why = errno;
    close(descriptor);
    errno = why;
    return -1;
}

// Port and host as they are now that it is bound.
static bool describe_listener(struct listener *listener, const char *host)
{
    struct sockaddr_storage own = {0};
    socklen_t size = sizeof own;
    if (getsockname(listener->socket, (struct sockaddr *)&own, &size) != 0)
        return false;
    bool v6 = own.ss_family == AF_INET6;
    listener->port = ntohs(v6 ? ((struct sockaddr_in6 *)&own)->sin6_port : ((struct sockaddr_in *)&own)->sin_port);
    char name[LISTEN_HOST_BYTES - 2] = "";
    if (is_wildcard((struct sockaddr *)&own) && gethostname(name, sizeof name - 1) == 0)
        snprintf(listener->host, sizeof listener->host, "%s", name);
    else
        snprintf(listener->host, sizeof listener->host, strchr(host, ':') ? "[%s]" : "%s", host);
    return true;
}

static bool open_row(
    struct listener *listener, const struct addrinfo *row, const char *address, bool tls, struct error *error)
{
    listener->loopback = is_loopback(row->ai_addr);
    if (!tls && !listener->loopback)
        return refuse_address(error, address,
            "without TLS only this machine may open it (127.0.0.1, [::1]). For others give a certificate, its key and "
            "the authority that signs the officers' certificates.");
    listener->socket = bind_and_listen(row);
    if (listener->socket >= 0)
        return true;
    if (errno == EADDRINUSE)
        return refuse_address(error, address, "another program has it. Choose another port, or 0 for any free one.");
    return refuse_address(error, address,
        errno == EACCES ? "this user may not; choose a port above 1023." : "it is not an address of this machine.");
}

bool listen_open(struct listener *listener, const char *address, bool tls, struct error *error)
{
    char host[LISTEN_HOST_BYTES - 4], port[8];
    struct addrinfo hints = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *rows = NULL;
    *listener = (struct listener){.socket = -1};
    if (!split_address(address, host, port, sizeof host))
        return refuse_address(error, address, "give HOST:PORT, such as 127.0.0.1:9309 or [::1]:9309.");
    if (getaddrinfo(host, port, &hints, &rows) != 0 || !rows)
        return refuse_address(error, address, "that host has no address.");
    bool good = open_row(listener, rows, address, tls, error);
    freeaddrinfo(rows);
    if (!good || describe_listener(listener, host))
        return good;
    close(listener->socket);
    listener->socket = -1;
    return refuse_address(error, address, "its own address cannot be asked for.");
}
