// SPDX-License-Identifier: Apache-2.0
// Blocks of the ledger written and read with protobuf-c, which shares no code with the hub's packer and reader; roots
// by the definition of RFC 6962.
#pragma once
#include "hub/base/arena.h"
#include "hub/base/digest.h"
#include "hub/rules/snapshot.h"
#include <signalbox/v1/ledger.pb-c.h>

struct kit_block {
    const Signalbox__V1__LedgerFront *front;
    Signalbox__V1__LedgerEntry **entries;
    struct slice *bytes; // of the entries
    size_t n;
    struct digest head;
    bool whole; // front, root and number of entries fit together
};

// Of the arena; ends the test if the value is no block.
struct kit_block kit_block_read(struct arena *arena, struct slice value);
// A block of these entries; number and root of the front are put in.
struct slice kit_block_write(
    struct arena *arena, Signalbox__V1__LedgerFront *front, Signalbox__V1__LedgerEntry *const *entries, size_t n);
// Merkle root of n leaves, which are bytes.
struct digest kit_merkle_root(const struct slice *leaves, size_t n);

// Place of a number in a list of an entry, or -1.
int kit_list_place(const uint32_t *list, size_t n, unsigned number);
// Place of a force among those that it was delivered to, or -1.
int kit_delivered(const Signalbox__V1__LedgerEntry *entry, unsigned number);
// What a column says of a place in it.
uint64_t kit_column(size_t n, const uint32_t *column, int place);
// Whether a gate left a force out.
bool kit_left_out(
    const struct kit_block *block, const Signalbox__V1__LedgerEntry *entry, unsigned gate, unsigned number);
// Number of an organisation of the snapshot, by its id.
unsigned kit_number(const struct snapshot *snapshot, const char *id);
// Registry id of the agency that an entry is about, or what it is called instead.
const char *kit_entry_agency(const struct snapshot *snapshot, const Signalbox__V1__LedgerEntry *entry);
// Whether an entry is about a record of this topic.
bool kit_entry_on(const struct snapshot *snapshot, const Signalbox__V1__LedgerEntry *entry, const char *topic);
const char *kit_entry_code(const Signalbox__V1__LedgerEntry *entry);
