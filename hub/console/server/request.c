// SPDX-License-Identifier: Apache-2.0
// What handlers ask of a request.
#include "hub/console/server/request.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *value_in(const struct pairs *pairs, const char *name)
{
    const char *value = pairs ? pairs_find(pairs, name) : NULL;
    return value ? value : "";
}

const char *request_query(const struct request *request, const char *name)
{
    return value_in(request->query, name);
}

const char *request_field(const struct request *request, const char *name)
{
    return value_in(request->form, name);
}

int64_t request_number(const struct request *request, const char *name, int64_t fallback)
{
    const char *text = request_query(request, name);
    char *end;
    size_t sign = *text == '-';
    if (text[sign] < '0' || text[sign] > '9')
        return fallback;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    return *end || errno ? fallback : number;
}

const char *request_printf(const struct request *request, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    char *text = len < 0 ? NULL : arena_alloc(request->arena, (size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    va_end(arguments);
    return html_text(text);
}

const char *request_text(const struct request *request, struct slice text)
{
    return html_text(arena_text(request->arena, text));
}
