// SPDX-License-Identifier: Apache-2.0
// Blocks from the topic, rows out of the block at hand: first its receipts, then its notes.
#include "connectors/sdk/receipt_read.h"
#include <stdio.h>
#include <stdlib.h>

struct receipt_read {
    struct reader *reader;
    struct arena arena;                       // holds the block
    const Signalbox__V1__ReceiptBlock *block; // NULL if the next one must be read
    size_t cursor;                            // receipts, then notes
    struct error error;
};

struct receipt_read *receipt_read_new(const struct kafka_settings *kafka, const char *agency, struct error *error)
{
    char topic[96];
    snprintf(topic, sizeof topic, "receipt.%s", agency);
    const struct reader_source source = {.topic = topic, .partition = -1};
    const struct reader_settings settings = {
        .sources = &source, .n_sources = 1, .from = READER_BEGINNING, .stop_at_end = true};
    struct reader *reader = reader_new(kafka, &settings, error);
    if (!reader)
        return NULL;
    struct receipt_read *read = calloc(1, sizeof *read);
    if (!read)
        abort();
    read->reader = reader;
    arena_init(&read->arena, 0);
    return read;
}

struct receipt_read *receipt_read_free(struct receipt_read *read)
{
    if (!read)
        return NULL;
    reader_free(read->reader);
    arena_deinit(&read->arena);
    free(read);
    return NULL;
}

static bool open_block(struct receipt_read *read, const struct kafka_record *record)
{
    arena_reset(&read->arena);
    read->cursor = 0;
    read->block = (const Signalbox__V1__ReceiptBlock *)(const void *)arena_unpack(
        &read->arena, &signalbox__v1__receipt_block__descriptor, record->value);
    if (read->arena.failed)
        return error_no_memory(&read->error, "a block of receipts");
    if (!read->block)
        error_say(&read->error, CAUSE_OTHER, "Offset %lld of %s is no block of receipts: only the hub may write there.",
            (long long)record->offset, record->topic);
    return read->block != NULL;
}

static bool next_in_block(struct receipt_read *read, struct receipt_read_row *row)
{
    const Signalbox__V1__ReceiptBlock *block = read->block;
    if (!block || read->cursor >= block->n_receipts + block->n_notes)
        return false;
    size_t at = read->cursor++;
    *row = (struct receipt_read_row){.lane = block->lane};
    if (at < block->n_receipts)
        row->receipt = block->receipts[at];
    else
        row->note = block->notes[at - block->n_receipts];
    return true;
}

enum receipt_read_status receipt_read_next(struct receipt_read *read, struct receipt_read_row *row)
{
    while (!next_in_block(read, row)) {
        struct kafka_record record;
        enum reader_status status = reader_next(read->reader, 1000, &record);
        if (status == READER_AT_END)
            return RECEIPT_READ_END;
        if (status == READER_FAILED)
            read->error = *reader_error(read->reader);
        if (status == READER_FAILED || (status == READER_RECORD && !open_block(read, &record)))
            return RECEIPT_READ_FAILED;
    }
    return row->receipt ? RECEIPT_READ_RECEIPT : RECEIPT_READ_NOTE;
}

const struct error *receipt_read_error(const struct receipt_read *read)
{
    return &read->error;
}
