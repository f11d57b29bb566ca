// SPDX-License-Identifier: Apache-2.0
// What a transaction writes beside the feeds, packed: the ledger block, receipts per agency, the state delta. Pure.
// A packer takes decisions one by one and gives serialised values of at most PACK_BYTES each.
#pragma once
#include "hub/base/arena.h"

#define PACK_BYTES (512u * 1024u)

// A value that is ready to be written. It lives in the batch's arena.
struct packed {
    struct slice owner; // agency of a receipt block; else empty
    struct slice value;
};

// Values of one transaction, in the order in which they must be written.
struct packs {
    struct packed *rows;
    size_t n, capacity;
};

// false if there is no memory.
bool packs_add(struct packs *packs, struct slice owner, struct slice value);
void packs_clear(struct packs *packs);
void packs_deinit(struct packs *packs);
