// SPDX-License-Identifier: Apache-2.0
// What a lane remembers, as the decision sees it: the tables of memory.def, each in two layers. What is remembered is
// what is committed; what is pending, the sequence and the clock belong to the open transaction as well.
#pragma once
#include "hub/decide/holder_sets.h"
#include "hub/decide/item_row.h"
#include "hub/decide/pending.h"
#include "hub/decide/unsent.h"

enum memory_table {
#define TABLE(name, ...) MEMORY_##name,
#include "hub/decide/memory.def"
#undef TABLE
    MEMORY_TABLES
};

enum memory_kept {
    MEMORY_WINDOW,
    MEMORY_YEARS,
    MEMORY_KEPT, // how many there are
};

#define MEMORY_SEQUENCE_BYTES 5 // a ledger sequence in a value, big-endian
#define MEMORY_SEQUENCE_MAX   ((UINT64_C(1) << 40) - 1)

#define MEMORY_DAY_BYTES   2 // a day in a value, big-endian
#define MEMORY_START_BYTES 5 // of a key: enough to find it by, among 10^7 with a doubt of 10^-5

#define MEMORY_CONTENT_VALUE_BYTES (MEMORY_DAY_BYTES + MEMORY_START_BYTES)

// A row of memory.def.
struct memory_row {
    const char *name;
    uint32_t number; // on the state topic
    struct shape shape;
    enum memory_kept kept;
};

struct memory {
    struct remembered *table[MEMORY_TABLES];
    struct pending *pending[MEMORY_TABLES];
    struct holder_sets *holders;
    struct unsent unsent;
    const uint8_t *secret; // 32 bytes, the deployment's: keys content marks. Borrowed; NULL for none
    struct proof_cache *roots;
    uint64_t sequence; // of the last decision
    uint32_t day;      // of the greatest append time, since 1970-01-01, UTC
    uint32_t lane, lanes;
    size_t max_bytes; // of entries that the lane may hold; 0 for no limit. Beyond it items are refused, never forgotten
};

const struct memory_row *memory_row(enum memory_table table);
// The table of this number, or MEMORY_TABLES if there is none.
enum memory_table memory_numbered(uint32_t number);

// Makes the tables, empty; everything else stays as it is. false if there is no memory: then none is made.
bool memory_init(struct memory *memory);
void memory_deinit(struct memory *memory); // frees the tables, if there are any

// The value of a key, in the open transaction or before, valid until the next put; NULL if there is none.
const uint8_t *memory_find(const struct memory *memory, enum memory_table table, const uint8_t *key);
// The same by the first MEMORY_START_BYTES of a key; if several begin so, that of any one of them.
const uint8_t *memory_find_start(const struct memory *memory, enum memory_table table, const uint8_t *start);
// Brings near what memory_find will look at, for a lookup that is still some hundred instructions away.
void memory_prefetch(const struct memory *memory, enum memory_table table, const uint8_t *key);
// In the open transaction. The last value of a key counts. false if there is no memory.
bool memory_put(struct memory *memory, enum memory_table table, const uint8_t *key, const uint8_t *value);
// Makes room for n more of a table in the open transaction, so that the next n puts cannot fail. false if there is no
// memory.
bool memory_reserve(struct memory *memory, enum memory_table table, size_t n);
// Packs a sequence, or the memory's day, as values begin with it.
void memory_pack_sequence(uint64_t sequence, uint8_t out[MEMORY_SEQUENCE_BYTES]);
void memory_pack_day(const struct memory *memory, uint8_t out[MEMORY_DAY_BYTES]);
// Rows that changes of standing of this organisation made of items that have not come.
uint32_t memory_unsent(const struct memory *memory, unsigned organisation_number);
// Everything of a table with a stamp below the floor is forgotten from now on, unless its row keeps it. While nothing
// is pending.
void memory_expire(struct memory *memory, enum memory_table table, uint64_t floor);
// After entries were put into the tables and the sets by other ways than memory_put: counts anew what is counted.
// false if an item's row names a set of holders that is not there.
bool memory_recount(struct memory *memory);
// Whether so many more bytes of entries, those of the open transaction included, stay within the lane's limit.
bool memory_has_room(const struct memory *memory, size_t more);

// After the commit is known. false if there is no memory: then all must be forgotten with the lane.
bool memory_merge(struct memory *memory);
// After an abort.
void memory_forget(struct memory *memory);
// Entries of the open transaction.
size_t memory_pending(const struct memory *memory);

// Of all tables: entries that are remembered, and the memory that they take. 0 if there are no tables.
size_t memory_count(const struct memory *memory);
size_t memory_bytes(const struct memory *memory);
