// SPDX-License-Identifier: Apache-2.0
// A datagram of NAME=VALUE lines to the socket that NOTIFY_SOCKET names; a name that begins with @ is an abstract one.
// Nothing waits for the manager: a datagram that it cannot take is dropped.
#include "hub/daemon/notify.h"
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MESSAGE_BYTES 1024

static void send_lines(const char *lines)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = path ? strlen(path) : 0;
    if (len < 2 || len > sizeof address.sun_path || (path[0] != '/' && path[0] != '@'))
        return;
    int file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (file < 0)
        return;
    memcpy(address.sun_path, path, len);
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
    sendto(file, lines, strlen(lines), MSG_NOSIGNAL, (const struct sockaddr *)(const void *)&address, size);
    close(file);
}

static void send_status(const char *what, const char *status)
{
    char lines[MESSAGE_BYTES];
    snprintf(lines, sizeof lines, "%sSTATUS=%s\n", what, status);
    send_lines(lines);
}

void notify_ready(const char *status)
{
    send_status("READY=1\n", status);
}

void notify_status(const char *status)
{
    send_status("", status);
}

void notify_stopping(const char *status)
{
    send_status("STOPPING=1\n", status);
}

void notify_watchdog(void)
{
    send_lines("WATCHDOG=1\n");
}

static int64_t number_of(const char *name)
{
    const char *text = getenv(name);
    char *end;
    long long number = text ? strtoll(text, &end, 10) : 0;
    return text && *text && !*end && number > 0 ? number : 0;
}

int64_t notify_watchdog_ms(void)
{
    int64_t process = number_of("WATCHDOG_PID");
    return process && process != getpid() ? 0 : number_of("WATCHDOG_USEC") / 1000;
}
