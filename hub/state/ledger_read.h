// SPDX-License-Identifier: Apache-2.0
// A block of the ledger read back: the front, whether the entries are those that it was made over, and each entry as
// one flat struct. Sets of organisations go by number for life here. Nothing is allocated; slices point into the
// block's value. What a newer contract adds is passed over.
#pragma once
#include "hub/base/digest.h"
#include "hub/contract/item_id.h"
#include "hub/rules/organisations.h"

struct ledger_block {
    uint32_t lane, n; // n entries
    uint64_t first_sequence, registry_version, policy_version, subscriptions_version;
    int64_t opened_ms, closed_ms;
    struct digest previous, head; // of the front before, of this one
    struct org_set forces;        // that had a feed
    struct slice entries;         // for ledger_next
};

enum ledger_fault {
    LEDGER_WHOLE,
    LEDGER_NO_BLOCK, // the value is none
    LEDGER_CHANGED,  // its entries are not those that the front was made over
};

// Fills block, which borrows value. Of a whole block ledger_next gives every entry.
enum ledger_fault ledger_open(struct ledger_block *block, struct slice value);

#define LEDGER_NOBODY (-1) // no organisation's number

struct ledger_entry {
    const struct ledger_block *block;
    uint64_t sequence;
    // Where it was read; the partition is the block's lane.
    int agency;               // number of the agency by the topic; LEDGER_NOBODY if it is not in the registry
    struct slice agency_name; // then its name, which may be empty
    bool relayed;             // read from relane, first on partition and offset
    uint32_t origin_partition, incarnation;
    int64_t origin_offset, offset, appended_ms;
    // What it is, as far as its header could be read: kind is 0 if it could not.
    struct slice subject, nonce, item_id, leaf, value_sha256;
    uint32_t kind, status, standing, revision, n_parts;
    int64_t made_ms; // 0 if it could not be read
    struct slice about_item;
    int about_agency;
    // What was decided.
    uint32_t verdict;
    struct slice code, field_path;
    int64_t byte_offset; // -1 if none
    uint64_t first_sequence;
    // Who got it, for ledger_deliveries and ledger_gate.
    struct slice delivered, audience, revisions, parts, held, bytes;
    uint32_t rest;
    uint32_t n_deliveries;
};

struct ledger_walk { // zeroed but for block it stands before the first entry
    const struct ledger_block *block;
    size_t at;
    uint32_t n;
};
// The next entry; false behind the last.
bool ledger_next(struct ledger_walk *walk, struct ledger_entry *entry);

// The id of the item, checked against agency (its registry id), subject and nonce; of a refused record what it claims
// to be. false if none could be read.
bool ledger_item_id(const struct ledger_entry *entry, struct slice agency, struct item_id *id);

struct ledger_delivery {
    unsigned number; // of the force
    uint32_t parts, audience;
    uint64_t subscription_revision;
};
struct ledger_deliveries { // as ledger_deliveries gives it, it stands before the first
    struct slice delivered, audience, revisions, parts;
    struct ledger_delivery last;
    bool begun;
};
struct ledger_deliveries ledger_deliveries(const struct ledger_entry *entry);
// The next one, in order of number; false behind the last.
bool ledger_delivery_next(struct ledger_deliveries *deliveries, struct ledger_delivery *delivery);

// Those whom a gate left out.
struct org_set ledger_gate(const struct ledger_entry *entry, uint32_t gate);
