// SPDX-License-Identifier: Apache-2.0
// How many rows of items that have not come each organisation's changes of standing made, so that nobody fills a lane's
// memory with items that never come. What the open transaction changed is forgotten with it.
#pragma once
#include "hub/decide/item_row.h"
#include "hub/rules/organisations.h"
#include <stdbool.h>

struct unsent {
    uint32_t counts[ORGANISATION_NUMBERS], committed[ORGANISATION_NUMBERS]; // by Organisation.number
    bool changed;                                                           // counts differ, or may
};

// A packed row takes the place of another; before is NULL if there was none.
void unsent_change(struct unsent *unsent, const uint8_t *before, const uint8_t *after);
uint32_t unsent_count(const struct unsent *unsent, unsigned organisation_number);
void unsent_merge(struct unsent *unsent);  // after the commit is known
void unsent_forget(struct unsent *unsent); // after an abort
void unsent_clear(struct unsent *unsent);  // all are 0 in the open transaction
