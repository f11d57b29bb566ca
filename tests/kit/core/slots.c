// SPDX-License-Identifier: Apache-2.0
// What an agency does with an item before it signs: serialise the bodies, put their digests into what is said of the
// parts, hide the parts among decoys in the header's slots, and bind the routing block.
#include "tests/kit/core/envelopes.h"
#include "hub/contract/item_id.h"
#include "tests/kit/core/random.h"
#include <stdlib.h>

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct slice kit_packed(struct arena *arena, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = need_memory(arena_alloc(arena, size + 1));
    protobuf_c_message_pack(message, bytes);
    return slice_of(bytes, size);
}

static ProtobufCBinaryData bytes_of(struct arena *arena, const void *data, size_t len)
{
    ProtobufCBinaryData bytes = {.len = len, .data = need_memory(arena_alloc(arena, len + 1))};
    memcpy(bytes.data, data, len);
    return bytes;
}

static ProtobufCBinaryData bytes_of_slice(struct arena *arena, struct slice slice)
{
    return bytes_of(arena, slice.data, slice.len);
}

static struct slice info_bytes(struct arena *arena, const struct kit_item *item, uint32_t part)
{
    return item->raw_infos[part].len ? item->raw_infos[part] : kit_packed(arena, &item->infos[part]->base);
}

static struct slice routing_bytes(struct arena *arena, const struct kit_item *item)
{
    return item->raw_routing.len ? item->raw_routing : kit_packed(arena, &item->routing->base);
}

// Numbers rise with random gaps, so that what is withheld does not show.
static void seal_infos(struct arena *arena, struct kit_item *item, struct kit_random *random)
{
    uint32_t number = 0;
    for (uint32_t i = 0; i < item->n_parts; i++) {
        Signalbox__V1__PartInfo *info = item->infos[i];
        struct slice content = kit_packed(arena, item->bodies[i]);
        struct digest digest = digest_of(content);
        number += 1 + (uint32_t)kit_below(random, 65535 / ENVELOPE_PARTS);
        if (!item->raw_numbers)
            info->number = number;
        info->size_bytes = (uint32_t)content.len;
        info->content_sha256 = bytes_of(arena, digest.bytes, DIGEST_BYTES);
    }
}

// The first n_parts of a random order of all slots.
static void draw_slots(struct kit_item *item, uint32_t n_slots, struct kit_random *random)
{
    uint8_t order[ENVELOPE_PARTS];
    for (uint32_t i = 0; i < n_slots; i++)
        order[i] = (uint8_t)i;
    for (uint32_t i = n_slots - 1; i > 0; i--) {
        uint32_t with = (uint32_t)kit_below(random, i + 1);
        uint8_t one = order[i];
        order[i] = order[with];
        order[with] = one;
    }
    memcpy(item->slots, order, n_slots);
}

static void seal_slots(struct arena *arena, struct kit_item *item, struct kit_random *random)
{
    Signalbox__V1__Header *header = item->header;
    header->n_slots = envelope_slots(item->n_parts);
    header->slots = need_memory(arena_alloc(arena, header->n_slots * sizeof *header->slots));
    draw_slots(item, (uint32_t)header->n_slots, random);
    for (size_t i = 0; i < header->n_slots; i++) {
        uint8_t decoy[DIGEST_BYTES];
        kit_bytes(random, decoy, sizeof decoy);
        header->slots[i] = bytes_of(arena, decoy, sizeof decoy);
    }
    item->routing->real_slots = 0;
    for (uint32_t i = 0; i < item->n_parts; i++) {
        struct slice salt = slice_of(item->salts[i], ENVELOPE_SALT_BYTES);
        struct digest digest = envelope_slot(item->slots[i], salt, info_bytes(arena, item, i));
        header->slots[item->slots[i]] = bytes_of(arena, digest.bytes, DIGEST_BYTES);
        item->routing->real_slots |= UINT32_C(1) << item->slots[i];
    }
}

static void seal_routing(struct arena *arena, struct kit_item *item, struct kit_random *random)
{
    uint8_t salt[ENVELOPE_SALT_BYTES];
    kit_bytes(random, salt, sizeof salt);
    if (item->routing->salt.len == 0)
        item->routing->salt = bytes_of(arena, salt, sizeof salt);
    struct digest digest = envelope_routing_digest(routing_bytes(arena, item));
    item->header->routing_digest = bytes_of(arena, digest.bytes, DIGEST_BYTES);
}

static struct item_id id_of(const struct kit_item *item)
{
    struct item_id id;
    const Signalbox__V1__Header *header = item->header;
    if (!item_id_make(slice_text(header->agency), slice_text(header->subject),
            slice_of(header->nonce.data, header->nonce.len), &id))
        abort();
    return id;
}

static void seal_id(struct arena *arena, struct kit_item *item)
{
    struct item_id id = id_of(item);
    if (!item->raw_id)
        item->header->item_id = bytes_of(arena, id.bytes, ITEM_ID_BYTES);
}

struct slice kit_seal(struct arena *arena, struct kit_item *item)
{
    struct kit_random random = {item->shuffle};
    seal_id(arena, item);
    seal_infos(arena, item, &random);
    seal_slots(arena, item, &random);
    seal_routing(arena, item, &random);
    return item->raw_header.len ? item->raw_header : kit_packed(arena, &item->header->base);
}

Signalbox__V1__ItemReference *kit_reference(struct arena *arena, const struct kit_item *item, uint32_t revision)
{
    struct item_id id = id_of(item);
    Signalbox__V1__ItemReference *reference = need_memory(arena_alloc(arena, sizeof *reference));
    signalbox__v1__item_reference__init(reference);
    kit_set_text(arena, &reference->agency, item->header->agency);
    reference->item_id = item->raw_id ? item->header->item_id : bytes_of(arena, id.bytes, ITEM_ID_BYTES);
    reference->nonce = bytes_of(arena, item->header->nonce.data, item->header->nonce.len);
    reference->revision = revision;
    return reference;
}

static Signalbox__V1__Part *part_of(struct arena *arena, const struct kit_item *item, uint32_t i)
{
    Signalbox__V1__Part *part = need_memory(arena_alloc(arena, sizeof *part));
    signalbox__v1__part__init(part);
    part->slot = item->slots[i];
    part->salt = bytes_of(arena, item->salts[i], ENVELOPE_SALT_BYTES);
    part->info = bytes_of_slice(arena, info_bytes(arena, item, i));
    part->content = bytes_of_slice(arena, kit_packed(arena, item->bodies[i]));
    return part;
}

void kit_fill_envelope(struct arena *arena, const struct kit_item *item, Signalbox__V1__Envelope *envelope)
{
    envelope->n_parts = 0;
    envelope->parts = need_memory(arena_alloc(arena, (item->n_parts + 1) * sizeof *envelope->parts));
    for (uint32_t slot = 0; slot < ENVELOPE_PARTS; slot++)
        for (uint32_t i = 0; i < item->n_parts; i++)
            if (item->slots[i] == slot)
                envelope->parts[envelope->n_parts++] = part_of(arena, item, i);
    envelope->routing = bytes_of_slice(arena, routing_bytes(arena, item));
}
