// SPDX-License-Identifier: Apache-2.0
// What hides how many parts an item has: slots in random order, decoys among them, numbers with gaps; all of it fresh
// for each revision, so that nothing can be told from two of them either.
#include "connectors/sdk/item_reader.h"

#include <openssl/rand.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

static bool all_differ(const uint16_t *sorted, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        if (sorted[i] == sorted[i - 1])
            return false;
    return sorted[0] > 0;
}

// Numbers of the parts, ascending, each set of numbers as likely as any other.
static bool draw_numbers(struct item_reader *reader, uint16_t numbers[ENVELOPE_PARTS])
{
    do {
        if (!item_reader_random(reader, "parts", numbers, reader->n_parts * sizeof *numbers))
            return false;
        qsort(numbers, reader->n_parts, sizeof *numbers, by_value);
    } while (!all_differ(numbers, reader->n_parts));
    return true;
}

// A number below limit, each as likely as any other.
static bool draw_below(struct item_reader *reader, uint32_t limit, uint32_t *out)
{
    uint8_t byte;
    do {
        if (!item_reader_random(reader, "parts", &byte, sizeof byte))
            return false;
    } while (byte >= 256 - 256 % limit);
    *out = byte % limit;
    return true;
}

// order[slot] is the part that fills it; what is not below n_parts is a decoy.
static bool draw_order(struct item_reader *reader, uint32_t slots, uint32_t order[ENVELOPE_PARTS])
{
    for (uint32_t i = 0; i < slots; i++)
        order[i] = i;
    for (uint32_t i = slots; i > 1; i--) {
        uint32_t other;
        if (!draw_below(reader, i, &other))
            return false;
        uint32_t held = order[i - 1];
        order[i - 1] = order[other];
        order[other] = held;
    }
    return true;
}

static bool pack_info(struct item_reader *reader, uint32_t part, uint32_t number, struct slice *out)
{
    struct slice content = reader->contents[part];
    struct digest digest = digest_of(content);
    Signalbox__V1__PartInfo info = *reader->infos[part];
    info.number = number;
    info.size_bytes = content.len > UINT32_MAX ? UINT32_MAX : (uint32_t)content.len;
    info.content_sha256 = (ProtobufCBinaryData){.len = DIGEST_BYTES, .data = digest.bytes};
    return item_reader_pack(reader, &info.base, "parts", out);
}

static bool fill_slot(struct item_reader *reader, uint32_t slot, uint32_t part, uint32_t number)
{
    struct item *item = reader->item;
    struct item_part *filled = &item->parts[item->n_parts++];
    *filled = (struct item_part){.slot = slot, .content = reader->contents[part]};
    if (!item_reader_random(reader, "parts", filled->salt, sizeof filled->salt) ||
        !pack_info(reader, part, number, &filled->info))
        return false;
    struct digest digest = envelope_slot(slot, slice_of(filled->salt, sizeof filled->salt), filled->info);
    memcpy(item->header->slots[slot].data, digest.bytes, DIGEST_BYTES);
    item->routing->real_slots |= UINT32_C(1) << slot;
    return true;
}

// All slots as decoys, to be overwritten where there is a part.
static bool make_slots(struct item_reader *reader, uint32_t slots)
{
    Signalbox__V1__Header *header = reader->item->header;
    uint8_t *bytes = arena_alloc(reader->arena, (size_t)slots * DIGEST_BYTES);
    header->slots = arena_alloc(reader->arena, slots * sizeof *header->slots);
    if (!bytes || !header->slots)
        return item_reader_no_memory(reader, "parts");
    header->n_slots = slots;
    for (uint32_t i = 0; i < slots; i++)
        header->slots[i] = (ProtobufCBinaryData){.len = DIGEST_BYTES, .data = bytes + (size_t)i * DIGEST_BYTES};
    return item_reader_random(reader, "parts", bytes, (size_t)slots * DIGEST_BYTES);
}

// The routing block is salted, so that nobody can try places or forces against its digest.
static bool close_routing(struct item_reader *reader)
{
    struct item *item = reader->item;
    uint8_t *salt = arena_alloc(reader->arena, ENVELOPE_SALT_BYTES);
    uint8_t *digest = arena_alloc(reader->arena, DIGEST_BYTES);
    if (!salt || !digest)
        return item_reader_no_memory(reader, "routing");
    if (!item_reader_random(reader, "routing", salt, ENVELOPE_SALT_BYTES))
        return false;
    item->routing->salt = (ProtobufCBinaryData){.len = ENVELOPE_SALT_BYTES, .data = salt};
    if (!item_reader_pack(reader, &item->routing->base, "routing", &item->routing_bytes))
        return false;
    struct digest sum = envelope_routing_digest(item->routing_bytes);
    memcpy(digest, sum.bytes, DIGEST_BYTES);
    item->header->routing_digest = (ProtobufCBinaryData){.len = DIGEST_BYTES, .data = digest};
    return true;
}

bool item_reader_slots(struct item_reader *reader)
{
    uint16_t numbers[ENVELOPE_PARTS];
    uint32_t order[ENVELOPE_PARTS], slots = envelope_slots(reader->n_parts);
    if (!make_slots(reader, slots) || !draw_numbers(reader, numbers) || !draw_order(reader, slots, order))
        return false;
    for (uint32_t slot = 0; slot < slots; slot++)
        if (order[slot] < reader->n_parts && !fill_slot(reader, slot, order[slot], numbers[order[slot]]))
            return false;
    return close_routing(reader) &&
           item_reader_pack(reader, &reader->item->header->base, "header", &reader->item->header_bytes);
}
