// SPDX-License-Identifier: Apache-2.0
#include "hub/console/server/pairs.h"
#include <string.h>

const char *pairs_find(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->n; i++)
        if (strcmp(pairs->items[i].name, name) == 0)
            return pairs->items[i].value;
    return NULL;
}
