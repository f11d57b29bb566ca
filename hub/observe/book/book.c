// SPDX-License-Identifier: Apache-2.0
// The ledger read from its beginning to its end, one lane's chain at a time, keeping what is about one item. A scan is
// enough: a ledger block is packed, so a year of ten thousand items a day is read in seconds, and there is no index
// that could disagree.
#include "hub/observe/book/book.h"
#include "hub/contract/lanes.h"
#include "hub/base/digest.h"
#include "hub/kafka/reader.h"
#include <stdlib.h>

const Signalbox__V1__LedgerBlock *book_chain_follow(
    struct book_chain *chain, struct slice value, struct arena *arena, struct error *error)
{
    const Signalbox__V1__LedgerBlock *block =
        (const Signalbox__V1__LedgerBlock *)arena_unpack(arena, &signalbox__v1__ledger_block__descriptor, value);
    if (!block && arena->failed) {
        error_no_memory(error, "a block of the ledger");
        return NULL;
    }
    if (!block || block->previous_sha256.len != DIGEST_BYTES) {
        error_say(error, CAUSE_OTHER, "A record on the ledger is not a ledger block. Somebody else has written there.");
        return NULL;
    }
    bool follows = !chain->begun || (memcmp(block->previous_sha256.data, chain->head, DIGEST_BYTES) == 0 &&
                                        block->first_sequence == chain->next_sequence);
    if (!follows) {
        error_say(error, CAUSE_OTHER,
            "The ledger's chain is broken in lane %u at entry %llu: a block was changed, lost or added. "
            "Stop the hub and compare the ledger with its copies.",
            block->lane, (unsigned long long)block->first_sequence);
        return NULL;
    }
    struct digest head = digest_of(value);
    memcpy(chain->head, head.bytes, DIGEST_BYTES);
    chain->next_sequence = block->first_sequence + block->n_entries;
    chain->begun = true;
    return block;
}

struct scan {
    struct slice item;
    struct arena *keep, page; // page holds one block; a block with something to keep is unpacked again into keep
    struct book_chain chains[LANES_MAX];
    struct book_story *story;
    size_t room;
    struct error *error;
    bool broken; // error says why
};

static bool is_about(const Signalbox__V1__LedgerEntry *entry, struct slice item)
{
    return slice_equal(slice_of(entry->item_id.data, entry->item_id.len), item);
}

static bool keep_line(struct scan *scan, struct book_line line)
{
    if (scan->story->n == scan->room) {
        size_t room = scan->room ? scan->room * 2 : 16;
        struct book_line *lines = arena_alloc(scan->keep, room * sizeof *lines);
        if (!lines)
            return false;
        if (scan->story->n)
            memcpy(lines, scan->story->lines, scan->story->n * sizeof *lines);
        scan->story->lines = lines;
        scan->room = room;
    }
    scan->story->lines[scan->story->n++] = line;
    return true;
}

static bool keep_block(struct scan *scan, const struct kafka_record *record)
{
    const Signalbox__V1__LedgerBlock *block = (const Signalbox__V1__LedgerBlock *)arena_unpack(
        scan->keep, &signalbox__v1__ledger_block__descriptor, record->value);
    for (size_t i = 0; block && i < block->n_entries; i++)
        if (is_about(block->entries[i], scan->item) &&
            !keep_line(scan, (struct book_line){block, block->entries[i], block->first_sequence + i, record->offset}))
            return false;
    return block != NULL;
}

static bool take_record(struct scan *scan, const struct kafka_record *record, struct error *error)
{
    arena_reset(&scan->page);
    if (record->partition >= LANES_MAX) {
        error_say(error, CAUSE_OTHER, "The ledger has more than %d partitions.", LANES_MAX);
        return false;
    }
    const Signalbox__V1__LedgerBlock *block =
        book_chain_follow(&scan->chains[record->partition], record->value, &scan->page, error);
    if (!block)
        return false;
    scan->story->entries_read += block->n_entries;
    bool about = false;
    for (size_t i = 0; i < block->n_entries; i++)
        about |= is_about(block->entries[i], scan->item);
    if (!about || keep_block(scan, record))
        return true;
    error_say(error, CAUSE_OTHER, "There is not enough memory to read the ledger.");
    return false;
}

static bool visit_record(void *context, const struct kafka_record *record)
{
    struct scan *scan = context;
    scan->broken = !take_record(scan, record, scan->error);
    return !scan->broken;
}

static int by_time(const void *a, const void *b)
{
    const struct book_line *x = a, *y = b;
    if (x->entry->appended_unix_ms != y->entry->appended_unix_ms)
        return x->entry->appended_unix_ms < y->entry->appended_unix_ms ? -1 : 1;
    if (x->block->lane != y->block->lane)
        return x->block->lane < y->block->lane ? -1 : 1;
    return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

bool book_story(const struct kafka_settings *kafka, const uint8_t item[BOOK_ITEM_BYTES], struct arena *arena,
    struct book_story *story, struct error *error)
{
    struct reader_source source = {.topic = "ledger", .partition = -1};
    struct reader_settings settings = {
        .sources = &source, .n_sources = 1, .from = READER_BEGINNING, .stop_at_end = true};
    struct reader *reader = reader_new(kafka, &settings, error);
    if (!reader)
        return false;
    *story = (struct book_story){0};
    struct scan *scan = calloc(1, sizeof *scan);
    bool read = false;
    if (scan) {
        scan->item = slice_of(item, BOOK_ITEM_BYTES);
        scan->keep = arena;
        scan->story = story;
        scan->error = error;
        arena_init(&scan->page, 0);
        read = reader_each(reader, visit_record, scan);
        if (!read)
            *error = *reader_error(reader);
        read = read && !scan->broken;
        arena_deinit(&scan->page);
        free(scan);
    } else {
        error_no_memory(error, "reading the ledger");
    }
    reader_free(reader);
    if (read && story->n)
        qsort(story->lines, story->n, sizeof *story->lines, by_time);
    return read;
}

static size_t find_organisation(const Signalbox__V1__LedgerBlock *block, const char *organisation)
{
    size_t i = 0;
    while (i < block->n_organisations && strcmp(block->organisations[i], organisation) != 0)
        i++;
    return i;
}

const Signalbox__V1__Delivery *book_delivery(const struct book_line *line, const char *organisation)
{
    size_t org = find_organisation(line->block, organisation);
    for (size_t i = 0; i < line->entry->n_deliveries; i++)
        if (line->entry->deliveries[i]->organisation == org)
            return line->entry->deliveries[i];
    return NULL;
}

Signalbox__V1__Gate book_gate(const struct book_line *line, const char *organisation)
{
    size_t org = find_organisation(line->block, organisation);
    for (size_t i = 0; i < line->entry->n_withheld; i++) {
        const Signalbox__V1__Withheld *withheld = line->entry->withheld[i];
        if (org / 8 < withheld->organisations.len && withheld->organisations.data[org / 8] >> (org % 8) & 1)
            return withheld->gate;
    }
    return SIGNALBOX__V1__GATE__GATE_UNSPECIFIED;
}
