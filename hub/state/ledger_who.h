// SPDX-License-Identifier: Apache-2.0
// Who received an item and who did not, as an entry of the ledger says it: lists of numbers for life, and columns
// beside them.
#pragma once
#include "hub/decide/decision.h"
#include "hub/state/bytes.h"

struct registry;

#define LEDGER_LIST_BYTES (ORGANISATION_NUMBERS + 16) // of the longest list: a difference above 127 makes up for itself

struct ledger_list { // a set of the registry as it was written last
    struct org_set set;
    size_t len; // 0: not there yet
    uint8_t bytes[LEDGER_LIST_BYTES];
};

struct ledger_who {
    const struct registry *registry;
    struct org_set forces;               // that had a feed, by the first entry of the block that says so
    bool opened;                         // forces holds
    struct ledger_list last[GATE_COUNT]; // neighbours are often withheld from the same forces
};

// registry must live until the next call. A block begins where opened is set to false.
void ledger_who_begin(struct ledger_who *who, const struct registry *registry);
// The most that ledger_who_write adds.
size_t ledger_who_bound(const struct decision *decision);
void ledger_who_write(struct ledger_who *who, const struct decision *decision, struct bytes *entry);
// What the entries of the block have in common; at most LEDGER_LIST_BYTES + 3 * FIELD_BYTES.
void ledger_who_front(const struct ledger_who *who, struct bytes *front);
