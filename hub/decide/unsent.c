// SPDX-License-Identifier: Apache-2.0
#include "hub/decide/unsent.h"

static void add_row(struct unsent *unsent, const uint8_t *packed, uint32_t more)
{
    if (!packed || !item_row_is_unsent(packed))
        return;
    struct item_row row = item_row_unpack(packed);
    unsent->counts[item_row_unsent_by(&row) % ORGANISATION_NUMBERS] += more;
    unsent->changed = true;
}

void unsent_change(struct unsent *unsent, const uint8_t *before, const uint8_t *after)
{
    add_row(unsent, before, UINT32_MAX); // one less
    add_row(unsent, after, 1);
}

uint32_t unsent_count(const struct unsent *unsent, unsigned organisation_number)
{
    return organisation_number < ORGANISATION_NUMBERS ? unsent->counts[organisation_number] : 0;
}

void unsent_merge(struct unsent *unsent)
{
    if (unsent->changed)
        memcpy(unsent->committed, unsent->counts, sizeof unsent->counts);
    unsent->changed = false;
}

void unsent_forget(struct unsent *unsent)
{
    if (unsent->changed)
        memcpy(unsent->counts, unsent->committed, sizeof unsent->counts);
    unsent->changed = false;
}

void unsent_clear(struct unsent *unsent)
{
    memset(unsent->counts, 0, sizeof unsent->counts);
    unsent->changed = true;
}
