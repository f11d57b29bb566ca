// SPDX-License-Identifier: Apache-2.0
// Changes of standing: who may make one, and what it does to the row of the item that it is about. The agency of an
// item and the co-ordination centre each have a standing of the item and a count of changes of their own; the strictest
// stands.
#pragma once
#include "hub/decide/item_row.h"
#include <stdbool.h>

struct standing_change {
    Signalbox__V1__Standing to;
    uint32_t number; // among the issuer's changes of this item
    bool by_centre;  // else by the item's own agency
};

// Applies the change to the row, unless it is refused: then the row is as it was. Returns the outcome:
// STANDING_CHANGED and STANDING_UNCHANGED (the issuer's own; the item has the standing that the change asks for),
// STANDING_STAYS (the other issuer's is stricter), STANDING_FINAL or STANDING_NUMBER.
unsigned standing_apply(const struct standing_change *change, struct item_row *row);
// The strictest of what the two issuers say.
Signalbox__V1__Standing standing_of(const struct item_row *row);
