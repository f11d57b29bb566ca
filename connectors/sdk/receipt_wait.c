// SPDX-License-Identifier: Apache-2.0
// Receipts name a record by partition and offset of the agency's topic, and come packed, one block for each lane and
// transaction. So: a table of the places that are waited for, and a cursor in the block at hand.
#include "connectors/sdk/receipt_wait.h"

#include <stdio.h>
#include <stdlib.h>

struct place {
    int64_t offset;
    uint64_t line;
    int32_t partition;
    bool used;
};

struct receipt_wait {
    struct reader *reader;
    struct arena arena;                       // holds the block
    const Signalbox__V1__ReceiptBlock *block; // NULL if the next one must be read
    size_t cursor;
    struct place *places; // open addressing, a power of two, at most half full
    size_t size, n;
    struct error error;
};

struct receipt_wait *receipt_wait_new(const struct kafka_settings *kafka, const char *agency, struct error *error)
{
    char topic[96];
    snprintf(topic, sizeof topic, "receipt.%s", agency);
    struct reader_source source = {.topic = topic, .partition = -1};
    struct reader_settings settings = {.sources = &source, .n_sources = 1, .from = READER_END};
    struct reader *reader = reader_new(kafka, &settings, error);
    struct receipt_wait *wait = reader ? calloc(1, sizeof *wait) : NULL;
    if (!wait) {
        if (reader)
            error_say(error, CAUSE_OTHER, "there is no memory left");
        return reader ? (reader_free(reader), NULL) : NULL;
    }
    wait->reader = reader;
    arena_init(&wait->arena, 0);
    return wait;
}

struct receipt_wait *receipt_wait_free(struct receipt_wait *wait)
{
    if (!wait)
        return NULL;
    reader_free(wait->reader);
    arena_deinit(&wait->arena);
    free(wait->places);
    free(wait);
    return NULL;
}

static size_t slot_of(int32_t partition, int64_t offset, size_t size)
{
    uint64_t mixed = ((uint64_t)offset * 1024u + (uint32_t)partition) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 32) & (size - 1);
}

// Where the place is, or the free slot where it would be.
static struct place *find_expected(struct place *places, size_t size, int32_t partition, int64_t offset)
{
    size_t slot = slot_of(partition, offset, size);
    while (places[slot].used && (places[slot].partition != partition || places[slot].offset != offset))
        slot = (slot + 1) & (size - 1);
    return &places[slot];
}

static bool grow_table(struct receipt_wait *wait)
{
    size_t size = wait->size ? wait->size * 2 : 256;
    struct place *places = calloc(size, sizeof *places);
    if (!places)
        return false;
    for (size_t i = 0; i < wait->size; i++)
        if (wait->places[i].used)
            *find_expected(places, size, wait->places[i].partition, wait->places[i].offset) = wait->places[i];
    free(wait->places);
    wait->places = places;
    wait->size = size;
    return true;
}

bool receipt_wait_expect(struct receipt_wait *wait, int32_t partition, int64_t offset, uint64_t line)
{
    if ((wait->n + 1) * 2 > wait->size && !grow_table(wait))
        return false;
    struct place *place = find_expected(wait->places, wait->size, partition, offset);
    wait->n += !place->used;
    *place = (struct place){.partition = partition, .offset = offset, .line = line, .used = true};
    return true;
}

size_t receipt_wait_outstanding(const struct receipt_wait *wait)
{
    return wait->n;
}

// Takes a place out and closes the gap, so that later ones are still found.
static void take_out(struct receipt_wait *wait, struct place *place)
{
    size_t gap = (size_t)(place - wait->places);
    size_t mask = wait->size - 1;
    for (size_t i = (gap + 1) & mask; wait->places[i].used; i = (i + 1) & mask) {
        size_t home = slot_of(wait->places[i].partition, wait->places[i].offset, wait->size);
        if (((i - home) & mask) < ((i - gap) & mask))
            continue;
        wait->places[gap] = wait->places[i];
        gap = i;
    }
    wait->places[gap] = (struct place){0};
    wait->n--;
}

void receipt_wait_give_up(struct receipt_wait *wait, void (*lost)(void *context, uint64_t line), void *context)
{
    for (size_t i = 0; i < wait->size; i++)
        if (wait->places[i].used)
            lost(context, wait->places[i].line);
    free(wait->places);
    wait->places = NULL;
    wait->size = wait->n = 0;
}

static bool open_block(struct receipt_wait *wait, const struct kafka_record *record)
{
    const ProtobufCMessageDescriptor *type = &signalbox__v1__receipt_block__descriptor;
    arena_reset(&wait->arena);
    wait->block = (const Signalbox__V1__ReceiptBlock *)(const void *)arena_unpack(&wait->arena, type, record->value);
    wait->cursor = 0;
    if (wait->arena.failed)
        return error_no_memory(&wait->error, "a block of receipts");
    if (!wait->block)
        error_say(&wait->error, CAUSE_OTHER, "Offset %lld of %s is no block of receipts: only the hub may write there.",
            (long long)record->offset, record->topic);
    return wait->block;
}

// The next receipt of the block that somebody waits for; NULL at its end.
static const Signalbox__V1__Receipt *next_in_block(struct receipt_wait *wait, uint64_t *line)
{
    while (wait->block && wait->size > 0 && wait->cursor < wait->block->n_receipts) {
        const Signalbox__V1__Receipt *receipt = wait->block->receipts[wait->cursor++];
        struct place *place = find_expected(wait->places, wait->size, (int32_t)receipt->partition, receipt->offset);
        if (!place->used || receipt->verdict == SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED)
            continue;
        *line = place->line;
        take_out(wait, place);
        return receipt;
    }
    return NULL;
}

enum receipt_wait_status receipt_wait_next(
    struct receipt_wait *wait, int timeout_ms, const Signalbox__V1__Receipt **receipt, uint64_t *line, uint32_t *lane)
{
    while (!(*receipt = next_in_block(wait, line))) {
        struct kafka_record record;
        wait->block = NULL;
        enum reader_status status = reader_next(wait->reader, timeout_ms, &record);
        if (status == READER_FAILED)
            wait->error = *reader_error(wait->reader);
        if (status == READER_FAILED || (status == READER_RECORD && !open_block(wait, &record)))
            return RECEIPT_WAIT_FAILED;
        if (status != READER_RECORD)
            return RECEIPT_WAIT_NOTHING;
    }
    *lane = wait->block->lane;
    return RECEIPT_WAIT_RECEIPT;
}

const struct error *receipt_wait_error(const struct receipt_wait *wait)
{
    return &wait->error;
}
