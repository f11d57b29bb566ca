// SPDX-License-Identifier: Apache-2.0
// The ledger as a book to look things up in: who received an item, why, why not. Reads committed blocks only and checks
// each lane's hash chain, and each block's entries, while it reads.
#pragma once
#include "hub/kafka/kafka.h"
#include "hub/observe/book/book_line.h"

// An item as people name it.
struct book_item {
    uint8_t id[ITEM_ID_BYTES];
    char hex[2 * ITEM_ID_BYTES + 1];
    uint32_t revision; // 0: none was named
};
// 32 hexadecimal digits, as a UUID with hyphens or without, with "-REVISION" after it or not (as in ce_id). false if it
// is not.
bool book_item_parse(const char *text, struct book_item *item);

// All that the ledger says of an item, in order of append time, then of lane and sequence.
struct book_story {
    const struct book_line *lines; // the item's own
    const struct book_line *also;  // what only claims to be of it: refused, or another agency's
    size_t n, n_also;
    uint64_t entries_read; // in the whole ledger
};

// Reads the registry's numbers and the whole ledger for an item. Everything lives in the arena. false with a sentence
// if one of them cannot be read or a chain is broken.
bool book_story(const struct kafka_settings *kafka, const uint8_t item[ITEM_ID_BYTES], struct arena *arena,
    struct book_story *story, struct error *error);

// Checks one lane's blocks as they come.
struct book_chain {
    bool begun;
    struct digest head; // of the last block's front
    uint64_t next_sequence;
};
// Opens the block that value holds; it borrows value. false with a sentence if it is none, was changed, or does not
// follow: then the chain stands where it stood. The first block seen may begin anywhere if the ledger's retention has
// taken what was before it.
bool book_chain_follow(struct book_chain *chain, struct slice value, struct ledger_block *block, struct error *error);

// Why an organisation belongs to an audience: "the line imports into it, its region is concerned". Out of the arena.
const char *book_audience_text(uint32_t audience, struct arena *arena);
// What a gate means: "it does not belong to the audience: ...".
const char *book_gate_text(Signalbox__V1__Gate gate);
// What an item is: "report, actual", "guidance, exercise"; "" if it could not be read. Out of the arena.
const char *book_kind_text(const struct book_line *line, struct arena *arena);
// What it changed the item's standing to, such as "recalled"; "" if it changed none. Out of the arena.
const char *book_standing_text(const struct book_line *line, struct arena *arena);
