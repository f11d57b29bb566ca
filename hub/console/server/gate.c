// SPDX-License-Identifier: Apache-2.0
// Three look-ups in headers that decide whether a request was meant for this server by one of its own pages.
#include "hub/console/server/gate.h"
#include <string.h>
#include <strings.h>

#define HOST_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

// The length of "name" or "[v6]" at the front of a Host header; 0 if there is none.
static size_t name_len(const char *host)
{
    if (*host != '[')
        return strspn(host, HOST_CHARS);
    size_t inside = strspn(host + 1, "0123456789abcdefABCDEF:.");
    return inside && host[1 + inside] == ']' ? inside + 2 : 0;
}

static bool is_port(const char *text)
{
    if (!*text)
        return true;
    size_t digits = strspn(text + 1, "0123456789");
    return *text == ':' && digits >= 1 && digits <= 5 && !text[1 + digits];
}

bool gate_host(const char *host, bool tls, const char *own)
{
    const char *const names[] = {"localhost", "127.0.0.1", "[::1]", own};
    size_t len = name_len(host);
    if (!len || len > 255 || !is_port(host + len))
        return false;
    for (size_t i = 0; !tls && i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == len && strncasecmp(names[i], host, len) == 0)
            return true;
    return tls;
}

bool gate_origin(const char *fetch_site, const char *origin, const char *host, bool tls)
{
    const char *scheme = tls ? "https://" : "http://";
    size_t len = strlen(scheme);
    bool same = origin && strncmp(origin, scheme, len) == 0 && strcasecmp(origin + len, host) == 0;
    // Pages that send no referrer send "null" as their origin with a form: then Sec-Fetch-Site decides.
    bool unnamed = !origin || strcmp(origin, "null") == 0;
    if (fetch_site)
        return strcmp(fetch_site, "same-origin") == 0 && (same || unnamed);
    return same;
}

bool gate_form(const char *content_type)
{
    static const char form[] = "application/x-www-form-urlencoded";
    if (!content_type || strncasecmp(content_type, form, sizeof form - 1) != 0)
        return false;
    const char *rest = content_type + sizeof form - 1;
    rest += strspn(rest, "; ");
    return !*rest || strcasecmp(rest, "charset=utf-8") == 0;
}
