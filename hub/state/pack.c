// SPDX-License-Identifier: Apache-2.0
// The list of what a transaction has packed.
#include "hub/state/pack.h"
#include <stdlib.h>

bool packs_add(struct packs *packs, struct slice owner, struct slice value)
{
    if (packs->n == packs->capacity) {
        size_t capacity = packs->capacity ? packs->capacity * 2 : 16;
        struct packed *rows = realloc(packs->rows, capacity * sizeof *rows);
        if (!rows)
            return false;
        packs->rows = rows;
        packs->capacity = capacity;
    }
    packs->rows[packs->n++] = (struct packed){.owner = owner, .value = value};
    return true;
}

void packs_clear(struct packs *packs)
{
    packs->n = 0;
}

void packs_deinit(struct packs *packs)
{
    free(packs->rows);
    *packs = (struct packs){0};
}
