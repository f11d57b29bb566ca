// SPDX-License-Identifier: Apache-2.0
// An entry of the ledger as people read it: names in place of numbers, texts that end, all of it out of an arena.
#pragma once
#include "hub/base/arena.h"
#include "hub/rules/registry_numbers.h"
#include "hub/state/ledger_read.h"
#include <signalbox/v1/ledger.pb-c.h>

struct book_delivery {
    const char *force;
    uint32_t parts, audience; // bit sets, as in ledger.proto
    uint64_t subscription_revision;
};

struct book_left_out { // by one gate
    Signalbox__V1__Gate gate;
    const char **forces;
    size_t n;
};

struct book_line {
    // The block, and the entry's place in it.
    uint32_t lane;
    uint64_t sequence, registry_version, policy_version, subscriptions_version;
    int64_t block_offset, closed_ms;
    // The record: topic, the lane as its partition, offset; where it came first if it was sent on, else "".
    const char *agency, *topic, *origin;
    int64_t offset, appended_ms, made_ms; // made_ms 0 if it could not be read
    // The item, as far as it could be read. Without a kind the header could not.
    bool has_item;
    uint8_t item[ITEM_ID_BYTES];
    const char *subject;
    Signalbox__V1__Kind kind;
    Signalbox__V1__Status status;
    Signalbox__V1__Standing standing; // that it changed; unspecified otherwise
    uint32_t revision;
    struct slice leaf, value_sha256; // 32 bytes or none
    bool about;                      // it is about an earlier item, about_item
    uint8_t about_item[ITEM_ID_BYTES];
    // The decision.
    Signalbox__V1__Verdict verdict;
    const char *code, *field_path;
    int64_t byte_offset;
    uint64_t first_sequence;
    struct book_delivery *deliveries;
    struct book_left_out *left_out;
    size_t n_deliveries, n_left_out;
};

// The registry id of the agency that a record came from, "" if none was told; NULL if nobody here knows its number yet.
const char *book_agency(
    const struct ledger_entry *entry, const struct registry_numbers *numbers, char room[REGISTRY_ID_BYTES * 2]);
// The id of its item. false if it has none or its agency is not known.
bool book_item_id(const struct ledger_entry *entry, const struct registry_numbers *numbers, struct item_id *id);
// false without memory. block_offset is where the block stands on the ledger.
bool book_line_read(const struct ledger_entry *entry, int64_t block_offset, const struct registry_numbers *numbers,
    struct arena *arena, struct book_line *line);

// Puts the lines of an item, given in order of time, into two piles: first those of its own agency that were not
// refused, then what only claims to be of it, refused or from somebody else; each in order of time. Returns how many
// are the item's own. An id names its agency, but what was refused may name any.
size_t book_lines_part(struct book_line *lines, size_t n);

// The delivery of a line to a force, or NULL.
const struct book_delivery *book_delivery(const struct book_line *line, const char *force);
// The gate that left the force out, or GATE_UNSPECIFIED if the line does not speak of it.
Signalbox__V1__Gate book_gate(const struct book_line *line, const char *force);
