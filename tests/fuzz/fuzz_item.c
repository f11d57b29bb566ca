// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of items as agencies write them: JSON in, an item or a problem with a sentence out. An item is
// complete, its parts fit its slots whatever the hub's validator will say of them, and it can be written as JSON again.
#include "connectors/sdk/item.h"
#include "hub/contract/guard.h"
#include "hub/contract/outcome.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static ProtobufCBinaryData bytes_of(struct slice bytes)
{
    return (ProtobufCBinaryData){.len = bytes.len, .data = (uint8_t *)(uintptr_t)bytes.data};
}

// The item in an envelope that nobody signed.
static struct slice envelope_of(const struct item *item, struct arena *arena)
{
    static uint8_t zeros[64];
    Signalbox__V1__Proof proof = SIGNALBOX__V1__PROOF__INIT;
    Signalbox__V1__Envelope envelope = SIGNALBOX__V1__ENVELOPE__INIT;
    Signalbox__V1__Part parts[ENVELOPE_PARTS], *list[ENVELOPE_PARTS];
    for (uint32_t i = 0; i < item->n_parts; i++) {
        signalbox__v1__part__init(list[i] = &parts[i]);
        parts[i].slot = item->parts[i].slot;
        parts[i].salt = bytes_of(slice_of(item->parts[i].salt, ENVELOPE_SALT_BYTES));
        parts[i].info = bytes_of(item->parts[i].info);
        parts[i].content = bytes_of(item->parts[i].content);
    }
    proof.key_id = bytes_of(slice_of(zeros, 16));
    proof.signature = bytes_of(slice_of(zeros, 64));
    proof.batch_size = 1;
    envelope.header = bytes_of(item->header_bytes);
    envelope.routing = bytes_of(item->routing_bytes);
    envelope.proof = &proof;
    envelope.parts = list;
    envelope.n_parts = item->n_parts;
    uint8_t *out = arena_alloc(arena, signalbox__v1__envelope__get_packed_size(&envelope));
    must(out);
    return slice_of(out, signalbox__v1__envelope__pack(&envelope, out));
}

// What the validator passes is whole and can be read back.
static void check_envelope(const struct item *item, struct arena *arena)
{
    struct envelope envelope;
    struct refusal why = {.path = ""};
    ProtobufCMessage *bodies[ENVELOPE_PARTS] = {NULL};
    const Signalbox__V1__Header *header;
    if (!envelope_open(envelope_of(item, arena), NULL, &envelope, &why) ||
        !(header = envelope_header(&envelope, arena, &why)) || !envelope_routing(&envelope, header, arena, &why) ||
        !envelope_infos(&envelope, arena, &why)) {
        must(why.outcome != OUTCOME_ENVELOPE_PARTS && why.outcome != OUTCOME_DIGEST_BAD);
        must(memchr(why.path, 0, sizeof why.path) != NULL);
        return;
    }
    must(envelope_digests(&envelope, header, &why) && envelope.n_parts == item->n_parts);
    for (uint32_t i = 0; i < envelope.n_parts; i++) {
        struct slice content = envelope.parts[i].content;
        bodies[i] = protobuf_c_message_unpack(
            envelope_body_type(header->kind), arena_allocator(arena), content.len, content.data);
        must(bodies[i] != NULL);
    }
    json_t *again = item_to_json(&envelope, header, (const ProtobufCMessage *const *)bodies);
    must(again && json_is_object(again) && json_array_size(json_object_get(again, "parts")) == item->n_parts);
    json_decref(again);
}

static void check_item(const struct item *item, struct arena *arena)
{
    must(
        item->n_parts > 0 && item->n_parts <= ENVELOPE_PARTS && item->header->n_slots == envelope_slots(item->n_parts));
    must(strcmp(item->header->agency, "kent") == 0 && item->header->revision > 0);
    must(item->header->item_id.len == ITEM_ID_BYTES && envelope_body_type(item->header->kind));
    for (uint32_t i = 1; i < item->n_parts; i++)
        must(item->parts[i].slot > item->parts[i - 1].slot);
    check_envelope(item, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct nonce_key key = {{1, 2, 3}};
    static const struct item_settings settings = {
        .agency = "kent", .nonce_key = &key, .now_ms = 1790000000000, .folder = "/nowhere"};
    struct arena arena;
    struct item item;
    struct problem why;
    json_t *value = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    if (!value)
        return 0;
    arena_init(&arena, 0);
    memset(&why, 0, sizeof why);
    memset(&item, 0, sizeof item);
    if (item_from_json(value, &settings, &arena, &item, &why))
        check_item(&item, &arena);
    else
        must(memchr(why.text, 0, sizeof why.text) != NULL && why.text[0]);
    json_decref(value);
    arena_deinit(&arena);
    return 0;
}
