// SPDX-License-Identifier: Apache-2.0
// Addresses out of names that others chose: a group may be called anything, and its page must still be a link.
#include "hub/console/html/page_url.h"

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~/", c));
}

const char *page_url(const struct request *request, const char *base, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t base_len = strlen(base), at = base_len;
    char *url = arena_alloc(request->arena, base_len + 3 * strlen(text) + 1);
    if (!url)
        return "/";
    memcpy(url, base, base_len);
    for (; *text; text++) {
        if (is_plain(*text)) {
            url[at++] = *text;
            continue;
        }
        url[at++] = '%';
        url[at++] = digits[(unsigned char)*text >> 4];
        url[at++] = digits[(unsigned char)*text & 15];
    }
    return url;
}

static const struct {
    const char *prefix, *base;
} thing_pages[] = {
    {"group/", "/groups/"},
    {"topic/", "/topics/"},
    {"source/", "/sources/"},
    {"force/", "/forces/"},
    {"lane/", "/hub#lane-"},
    {"process/", "/hub#process-"},
    {"key/", "/hub#key-"},
    {"canary/", "/hub#canary-"},
    {"ledger/", "/hub#ledger-"},
};

static const char *quarantine_url(const struct request *request, const char *rest)
{
    const char *slash = strchr(rest, '/');
    if (!slash)
        return page_url(request, "/quarantine?agency=", rest);
    const char *agency = request_text(request, slice_of(rest, (size_t)(slash - rest)));
    return page_url(
        request, request_printf(request, "%s&code=", page_url(request, "/quarantine?agency=", agency)), slash + 1);
}

const char *page_thing_url(const struct request *request, const char *thing)
{
    for (size_t i = 0; i < sizeof(thing_pages) / sizeof(thing_pages[0]); i++) {
        size_t len = strlen(thing_pages[i].prefix);
        if (strncmp(thing, thing_pages[i].prefix, len) == 0)
            return page_url(request, thing_pages[i].base, thing + len);
    }
    if (strncmp(thing, "quarantine/", 11) == 0)
        return quarantine_url(request, thing + 11);
    return strcmp(thing, "quarantine") == 0 ? "/quarantine" : page_url(request, "/hub#", thing);
}
