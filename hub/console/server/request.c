// SPDX-License-Identifier: Apache-2.0
// What handlers ask of a request.
#include "hub/console/server/exchange.h"
#include <errno.h>
#include <stdlib.h>

const char *request_query(const struct request *request, const char *name)
{
    const char *value = pairs_find(&exchange_of(request)->query, name);
    return value ? value : "";
}

const char *request_field(const struct request *request, const char *name)
{
    const char *value = pairs_find(&exchange_of(request)->form, name);
    return value ? value : "";
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
