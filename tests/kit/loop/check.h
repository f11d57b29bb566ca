// SPDX-License-Identifier: Apache-2.0
// Everything that must be true of a model cluster on which a hub has run and come to rest, whatever happened on the
// way: one decision for every record, in a whole chain; feeds, receipts and quarantine exactly as the ledger says, once
// and in order; both witnesses at the end; memory as the ledger implies; and no force with a record, committed or not,
// that it may not have.
#pragma once
#include "tests/kit/loop/world.h"

struct check {
    // Whether a force may ever have had this value on its feed.
    bool (*allowed)(void *context, const char *force, struct slice value);
    void *context;

    // What was found: to be compared, and to see that a run was worth something.
    uint64_t entries, accepted, duplicates, refused, forwarded, deliveries;
    uint64_t aborted_records; // on feeds
    struct digest feeds;      // of all feeds, every byte of them, in order of each lane
    char error[512];          // what is wrong, if check_world gives false
};

bool check_world(const struct world *world, struct check *check);
