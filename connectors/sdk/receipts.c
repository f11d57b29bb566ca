// SPDX-License-Identifier: Apache-2.0
// Receipts name a record by partition and offset of the agency's topic, and come packed, one block for each lane and transaction.
// So: a table of the places that are waited for, and a cursor in the block at hand.
#include "connectors/sdk/receipts.h"

#include <stdio.h>
#include <stdlib.h>

struct place {
    int64_t offset;
    uint64_t line;
    int32_t partition;
    bool used;
};

struct receipts {
    struct reader *reader;
    struct arena arena;                       // holds the block
    const Signalbox__V1__ReceiptBlock *block; // NULL if the next one must be read
    size_t cursor;
    struct place *places;                     // open addressing, a power of two, at most half full
    size_t size, n;
    char error[RECEIPTS_ERROR_BYTES];
};

struct receipts *receipts_new(const struct kafka_settings *kafka, const char *agency, char error[RECEIPTS_ERROR_BYTES])
{
    char topic[96];
    snprintf(topic, sizeof topic, "receipt.%s", agency);
    struct reader_source source = {.topic = topic, .partition = -1};
    struct reader_settings settings = {.sources = &source, .n_sources = 1, .from = READER_END};
    struct reader *reader = reader_new(kafka, &settings, error);
    struct receipts *receipts = reader ? calloc(1, sizeof *receipts) : NULL;
    if (!receipts) {
        if (reader)
            snprintf(error, RECEIPTS_ERROR_BYTES, "there is no memory left");
        return reader ? (reader_free(reader), NULL) : NULL;
    }
    receipts->reader = reader;
    arena_init(&receipts->arena, 0);
    return receipts;
}

struct receipts *receipts_free(struct receipts *receipts)
{
    if (!receipts)
        return NULL;
    reader_free(receipts->reader);
    arena_deinit(&receipts->arena);
    free(receipts->places);
    free(receipts);
    return NULL;
}

static size_t slot_of(int32_t partition, int64_t offset, size_t size)
{
    uint64_t mixed = ((uint64_t)offset * 1024u + (uint32_t)partition) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 32) & (size - 1);
}

// Where the place is, or the free slot where it would be.
static struct place *find(struct place *places, size_t size, int32_t partition, int64_t offset)
{
    size_t slot = slot_of(partition, offset, size);
    while (places[slot].used && (places[slot].partition != partition || places[slot].offset != offset))
        slot = (slot + 1) & (size - 1);
    return &places[slot];
}

static bool grow(struct receipts *receipts)
{
    size_t size = receipts->size ? receipts->size * 2 : 256;
    struct place *places = calloc(size, sizeof *places);
    if (!places)
        return false;
    for (size_t i = 0; i < receipts->size; i++)
        if (receipts->places[i].used)
            *find(places, size, receipts->places[i].partition, receipts->places[i].offset) = receipts->places[i];
    free(receipts->places);
    receipts->places = places;
    receipts->size = size;
    return true;
}

bool receipts_expect(struct receipts *receipts, int32_t partition, int64_t offset, uint64_t line)
{
    if ((receipts->n + 1) * 2 > receipts->size && !grow(receipts))
        return false;
    struct place *place = find(receipts->places, receipts->size, partition, offset);
    receipts->n += !place->used;
    *place = (struct place){.partition = partition, .offset = offset, .line = line, .used = true};
    return true;
}

size_t receipts_outstanding(const struct receipts *receipts)
{
    return receipts->n;
}

// Takes a place out and closes the gap, so that later ones are still found.
static void take_out(struct receipts *receipts, struct place *place)
{
    size_t gap = (size_t)(place - receipts->places);
    size_t mask = receipts->size - 1;
    for (size_t i = (gap + 1) & mask; receipts->places[i].used; i = (i + 1) & mask) {
        size_t home = slot_of(receipts->places[i].partition, receipts->places[i].offset, receipts->size);
        if (((i - home) & mask) < ((i - gap) & mask))
            continue;
        receipts->places[gap] = receipts->places[i];
        gap = i;
    }
    receipts->places[gap] = (struct place){0};
    receipts->n--;
}

void receipts_give_up(struct receipts *receipts, void (*lost)(void *context, uint64_t line), void *context)
{
    for (size_t i = 0; i < receipts->size; i++)
        if (receipts->places[i].used)
            lost(context, receipts->places[i].line);
    free(receipts->places);
    receipts->places = NULL;
    receipts->size = receipts->n = 0;
}

static bool open_block(struct receipts *receipts, const struct kafka_record *record)
{
    const ProtobufCMessageDescriptor *type = &signalbox__v1__receipt_block__descriptor;
    arena_reset(&receipts->arena);
    receipts->block = (const Signalbox__V1__ReceiptBlock *)(const void *)protobuf_c_message_unpack(
        type, arena_allocator(&receipts->arena), record->value.len, record->value.data);
    receipts->cursor = 0;
    if (!receipts->block)
        snprintf(receipts->error, sizeof receipts->error, "offset %lld of %s is no block of receipts; only the hub may write there",
                 (long long)record->offset, record->topic);
    return receipts->block;
}

// The next receipt of the block that somebody waits for; NULL at its end.
static const Signalbox__V1__Receipt *next_in_block(struct receipts *receipts, uint64_t *line)
{
    while (receipts->block && receipts->size > 0 && receipts->cursor < receipts->block->n_receipts) {
        const Signalbox__V1__Receipt *receipt = receipts->block->receipts[receipts->cursor++];
        struct place *place = find(receipts->places, receipts->size, (int32_t)receipt->partition, receipt->offset);
        if (!place->used || receipt->verdict == SIGNALBOX__V1__VERDICT__VERDICT_FORWARDED)
            continue;
        *line = place->line;
        take_out(receipts, place);
        return receipt;
    }
    return NULL;
}

enum receipts_status receipts_next(struct receipts *receipts, int timeout_ms, const Signalbox__V1__Receipt **receipt,
                                   uint64_t *line, uint32_t *lane)
{
    while (!(*receipt = next_in_block(receipts, line))) {
        struct kafka_record record;
        receipts->block = NULL;
        enum reader_status status = reader_next(receipts->reader, timeout_ms, &record);
        if (status == READER_FAILED)
            snprintf(receipts->error, sizeof receipts->error, "%s", reader_error(receipts->reader));
        if (status == READER_FAILED || (status == READER_RECORD && !open_block(receipts, &record)))
            return RECEIPTS_FAILED;
        if (status != READER_RECORD)
            return RECEIPTS_NOTHING;
    }
    *lane = receipts->block->lane;
    return RECEIPTS_RECEIPT;
}

const char *receipts_error(const struct receipts *receipts)
{
    return receipts->error;
}
