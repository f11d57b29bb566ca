// SPDX-License-Identifier: Apache-2.0
// What makes two records the same: whether a record is known already, is other content under a known revision, comes
// late, or says what another item of its agency has said. The levels are the rows of identity.def.
#pragma once
#include "hub/decide/content_mark.h"
#include "hub/decide/facts.h"
#include "hub/decide/item_row.h"

// What the levels look at. All of it is found before the first is asked.
struct identity {
    const Signalbox__V1__Header *header;
    struct content_mark content;
    struct item_key key;
    bool known; // row holds: an earlier record of this item, or a follow-up about it
    struct item_row row;
    bool said_before;    // content was said by an item of this agency, whose key begins with first_said
    bool said_by_itself; // and that is this very item
    bool said_elsewhere; // by another, whose row is first
    struct item_row first;
};

// Whether another item of the agency says the same, and is good: its last revision says it, it has the same status, and
// it is released.
bool identity_stands(const struct identity *identity);

enum identity_effect { IDENTITY_ENDS, IDENTITY_NARROWS, IDENTITY_LINKS };

struct identity_level {
    bool (*test)(const struct identity *identity);
    enum identity_effect effect;
    unsigned outcome;
};

// The rows of identity.def, in their order; returns how many.
size_t identity_levels(const struct identity_level **rows);
