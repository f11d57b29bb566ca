// SPDX-License-Identifier: Apache-2.0
// One growing block per agency. A forwarded record's receipt speaks of where its agency put it, not of the detour.
#include "hub/state/receipts.h"
#include "hub/contract/outcome.h"
#include "hub/state/bytes.h"
#include "hub/state/names.h"
#include <stdlib.h>
#include <signalbox/v1/receipt.pb-c.h>

#define RECEIPT_BYTES (REFUSAL_PATH_BYTES + 640) // more than the longest receipt

struct receipts {
    uint32_t lane;
    struct names *agencies;
    struct bytes *blocks; // by number of the agency
    uint32_t capacity;
};

struct receipts *receipts_new(uint32_t lane)
{
    struct receipts *receipts = calloc(1, sizeof *receipts);
    if (!receipts)
        return NULL;
    receipts->lane = lane;
    receipts->agencies = names_new();
    return receipts->agencies ? receipts : receipts_free(receipts);
}

struct receipts *receipts_free(struct receipts *receipts)
{
    if (!receipts)
        return NULL;
    for (uint32_t i = 0; i < receipts->capacity; i++)
        bytes_deinit(&receipts->blocks[i]);
    free(receipts->blocks);
    names_free(receipts->agencies);
    free(receipts);
    return NULL;
}

void receipts_begin(struct receipts *receipts)
{
    for (uint32_t i = 0; i < receipts->capacity; i++)
        receipts->blocks[i].len = 0;
}

static bool make_room(struct receipts *receipts, uint32_t number)
{
    if (number < receipts->capacity)
        return true;
    uint32_t capacity = receipts->capacity ? receipts->capacity * 2 : 16;
    struct bytes *blocks = realloc(receipts->blocks, capacity * sizeof *blocks);
    if (!blocks)
        return false;
    memset(blocks + receipts->capacity, 0, (capacity - receipts->capacity) * sizeof *blocks);
    receipts->blocks = blocks;
    receipts->capacity = capacity;
    return true;
}

static struct slice bytes_of(ProtobufCBinaryData data)
{
    return slice_of(data.data, data.len);
}

// By what the agency knows the item, and how far the hub has it.
static void write_name(struct bytes *bytes, const struct decision *decision)
{
    if (decision->header) {
        bytes_field(bytes, 13, slice_text(decision->header->subject));
        bytes_field(bytes, 14, bytes_of(decision->header->nonce));
    }
    bytes_number(bytes, 15, decision->highest_revision);
    if (decision->routing)
        bytes_field(bytes, 16, slice_text(decision->routing->reference));
}

// The receipt without its tag, in the room given.
static struct slice write_receipt(
    uint8_t room[RECEIPT_BYTES], const struct record *record, const struct decision *decision)
{
    const struct outcome_row *row = outcome_row(decision->outcome);
    bool forwarded = record->origin_topic.len > 0 && record->origin_partition >= 0 && record->origin_offset >= 0;
    struct bytes bytes = {.data = room, .capacity = RECEIPT_BYTES};
    bytes_number(&bytes, 1, forwarded ? (uint32_t)record->origin_partition : record->lane);
    bytes_signed(&bytes, 2, forwarded ? record->origin_offset : record->offset);
    if (decision->header) {
        bytes_field(&bytes, 3, bytes_of(decision->header->item_id));
        bytes_number(&bytes, 4, decision->header->revision);
    }
    bytes_number(&bytes, 5, row->verdict);
    bytes_field(&bytes, 6, slice_text(row->code));
    bytes_field(&bytes, 7, slice_text(decision->refusal.path));
    bytes_signed(&bytes, 8, decision->refusal.offset);
    if (row->verdict == SIGNALBOX__V1__VERDICT__VERDICT_REFUSED)
        bytes_field(&bytes, 9, digest_slice(&decision->value_digest));
    bytes_number(&bytes, 11, decision->n_deliveries);
    bytes_signed(&bytes, 12, decision->appended_ms);
    write_name(&bytes, decision);
    return bytes_slice(&bytes);
}

static bool close_block(struct receipts *receipts, uint32_t number, struct arena *arena, struct packs *packs)
{
    struct bytes *block = &receipts->blocks[number];
    if (block->len == 0)
        return true;
    struct slice value = arena_copy(arena, bytes_slice(block));
    struct slice agency = arena_copy(arena, names_text(receipts->agencies, (int)number));
    block->len = 0;
    return value.data && agency.data && packs_add(packs, agency, value);
}

bool receipts_add(struct receipts *receipts, const struct record *record, const struct decision *decision,
    struct arena *arena, struct packs *packs)
{
    if (decision->agency.len == 0)
        return true;
    int number = names_add(receipts->agencies, decision->agency);
    if (number < 0 || !make_room(receipts, (uint32_t)number))
        return false;
    uint8_t room[RECEIPT_BYTES];
    struct slice receipt = write_receipt(room, record, decision);
    struct bytes *block = &receipts->blocks[number];
    if (block->len + receipt.len + FIELD_BYTES > PACK_BYTES && !close_block(receipts, (uint32_t)number, arena, packs))
        return false;
    if (!bytes_reserve(block, receipt.len + 2 * FIELD_BYTES))
        return false;
    if (block->len == 0)
        bytes_number(block, 1, receipts->lane);
    bytes_open(block, 2, receipt.len);
    bytes_raw(block, receipt);
    return true;
}

bool receipts_finish(struct receipts *receipts, struct arena *arena, struct packs *packs)
{
    for (uint32_t i = 0; i < receipts->agencies->n && i < receipts->capacity; i++)
        if (!close_block(receipts, i, arena, packs))
            return false;
    return true;
}
