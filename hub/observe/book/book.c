// SPDX-License-Identifier: Apache-2.0
// The ledger read from its beginning to its end, one lane's chain at a time, keeping what is about one item. There is
// no index that could disagree, so it takes as long as the ledger is: to check and read a million entries costs 0.8 s
// of processor time as a backlog packs them (145 MB), and 1.6 s where each has a block of its own (236 MB), beside what
// Kafka's client needs to fetch them.
#include "hub/observe/book/book.h"
#include "hub/base/list.h"
#include "hub/contract/lanes.h"
#include "hub/control/control.h"
#include "hub/kafka/reader.h"
#include <stdlib.h>

static bool say_broken(struct error *error, const struct ledger_block *block, const char *what)
{
    return error_say(error, CAUSE_OTHER,
        "The ledger's chain is broken in lane %u at entry %llu: %s. Stop the hub and compare the ledger with its "
        "copies.",
        block->lane, (unsigned long long)block->first_sequence, what);
}

bool book_chain_follow(struct book_chain *chain, struct slice value, struct ledger_block *block, struct error *error)
{
    switch (ledger_open(block, value)) {
    case LEDGER_WHOLE:
        break;
    case LEDGER_CHANGED:
        return say_broken(error, block, "the entries of a block are not those that its front was made over");
    case LEDGER_NO_BLOCK:
        return error_say(
            error, CAUSE_OTHER, "A record on the ledger is not a ledger block. Somebody else has written there.");
    }
    if (chain->begun && (memcmp(block->previous.bytes, chain->head.bytes, DIGEST_BYTES) != 0 ||
                            block->first_sequence != chain->next_sequence))
        return say_broken(error, block, "a block was changed, lost or added");
    *chain = (struct book_chain){.begun = true, .head = block->head, .next_sequence = block->first_sequence + block->n};
    return true;
}

struct scan {
    struct item_id item;
    const struct registry_numbers *numbers;
    struct arena *keep;
    struct book_chain chains[LANES_MAX];
    struct book_line *lines;
    size_t n, room;
    uint64_t entries_read;
    struct error *error;
    bool broken; // error says why
};

static bool keep_line(struct scan *scan, const struct ledger_entry *entry, int64_t offset, struct error *error)
{
    if (!list_room(&scan->lines, &scan->room, scan->n + 1, sizeof *scan->lines) ||
        !book_line_read(entry, offset, scan->numbers, scan->keep, &scan->lines[scan->n]))
        return error_no_memory(error, "reading the ledger");
    scan->n++;
    return true;
}

static bool take_record(struct scan *scan, const struct kafka_record *record, struct error *error)
{
    struct ledger_block block;
    struct ledger_entry entry;
    struct item_id id;
    if (record->partition >= LANES_MAX)
        return error_say(error, CAUSE_OTHER, "The ledger has more than %d partitions.", LANES_MAX);
    if (!book_chain_follow(&scan->chains[record->partition], record->value, &block, error))
        return false;
    scan->entries_read += block.n;
    for (struct ledger_walk walk = {.block = &block}; ledger_next(&walk, &entry);)
        if (book_item_id(&entry, scan->numbers, &id) && memcmp(&id, &scan->item, sizeof id) == 0 &&
            !keep_line(scan, &entry, record->offset, error))
            return false;
    return true;
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
    if (x->appended_ms != y->appended_ms)
        return x->appended_ms < y->appended_ms ? -1 : 1;
    if (x->lane != y->lane)
        return x->lane < y->lane ? -1 : 1;
    return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

static bool tell_story(const struct scan *scan, struct book_story *story, struct error *error)
{
    struct book_line *lines = arena_alloc(scan->keep, (scan->n + 1) * sizeof *lines);
    if (!lines)
        return error_no_memory(error, "reading the ledger");
    if (scan->n) {
        memcpy(lines, scan->lines, scan->n * sizeof *lines);
        qsort(lines, scan->n, sizeof *lines, by_time);
    }
    size_t own = book_lines_part(lines, scan->n);
    *story = (struct book_story){
        .lines = lines, .n = own, .also = lines + own, .n_also = scan->n - own, .entries_read = scan->entries_read};
    return true;
}

static bool read_ledger(const struct kafka_settings *kafka, struct scan *scan, struct error *error)
{
    struct reader_source source = {.topic = "ledger", .partition = -1};
    struct reader_settings settings = {
        .sources = &source, .n_sources = 1, .from = READER_BEGINNING, .stop_at_end = true};
    struct reader *reader = reader_new(kafka, &settings, error);
    if (!reader)
        return false;
    scan->error = error;
    bool read = reader_each(reader, visit_record, scan);
    if (!read)
        *error = *reader_error(reader);
    reader_free(reader);
    return read && !scan->broken;
}

bool book_story(const struct kafka_settings *kafka, const uint8_t item[ITEM_ID_BYTES], struct arena *arena,
    struct book_story *story, struct error *error)
{
    struct documents *documents = control_read(kafka, NULL, NULL, error);
    if (!documents)
        return false;
    struct scan *scan = calloc(1, sizeof *scan);
    bool told = false;
    if (scan) {
        memcpy(scan->item.bytes, item, ITEM_ID_BYTES);
        scan->numbers = documents_numbers(documents);
        scan->keep = arena;
        told = read_ledger(kafka, scan, error) && tell_story(scan, story, error);
        free(scan->lines);
        free(scan);
    } else {
        error_no_memory(error, "reading the ledger");
    }
    documents_free(documents);
    return told;
}
