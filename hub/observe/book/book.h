// SPDX-License-Identifier: Apache-2.0
// The ledger as a book to look things up in: who received an item, why, why not. Reads committed blocks only and checks
// each lane's hash chain while it reads.
#pragma once
#include "hub/base/arena.h"
#include "hub/kafka/kafka.h"
#include <signalbox/v1/ledger.pb-c.h>

#define BOOK_ITEM_BYTES 16

// An item as people name it.
struct book_item {
    uint8_t id[BOOK_ITEM_BYTES];
    char hex[2 * BOOK_ITEM_BYTES + 1];
    uint32_t revision; // 0: none was named
};
// 32 hexadecimal digits, as a UUID with hyphens or without, with "-REVISION" after it or not (as in ce_id). false if it
// is not.
bool book_item_parse(const char *text, struct book_item *item);

// One entry with the block that it stands in.
struct book_line {
    const Signalbox__V1__LedgerBlock *block;
    const Signalbox__V1__LedgerEntry *entry;
    uint64_t sequence;
    int64_t offset; // of the block on its ledger partition
};

// All entries about one item, in order of append time, then of lane and sequence.
struct book_story {
    struct book_line *lines;
    size_t n;
    uint64_t entries_read; // in the whole ledger
};

// Reads the whole ledger for an item. Everything lives in the arena. false with a sentence if it cannot be read or its
// chain is broken.
bool book_story(const struct kafka_settings *kafka, const uint8_t item[BOOK_ITEM_BYTES], struct arena *arena,
    struct book_story *story, struct error *error);

// Checks one lane's blocks as they come. expected is 32 zero bytes before the first.
struct book_chain {
    bool begun;
    uint8_t head[32];
    uint64_t next_sequence;
};
// false with a sentence if value does not follow. Unpacks into the arena. The first block seen may begin anywhere if
// the ledger's retention has taken what was before it.
const Signalbox__V1__LedgerBlock *book_chain_follow(
    struct book_chain *chain, struct slice value, struct arena *arena, struct error *error);

// The delivery of a line to an organisation, or NULL.
const Signalbox__V1__Delivery *book_delivery(const struct book_line *line, const char *organisation);
// The gate that left the organisation out, or GATE_UNSPECIFIED if the line does not speak of it.
Signalbox__V1__Gate book_gate(const struct book_line *line, const char *organisation);

// Why an organisation belongs to an audience: "the line imports into it, its region is concerned". Out of the arena.
const char *book_audience_text(uint32_t audience, struct arena *arena);
// What a gate means: "it does not belong to the audience: ...".
const char *book_gate_text(Signalbox__V1__Gate gate);
