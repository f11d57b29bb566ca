// SPDX-License-Identifier: Apache-2.0
// Fuzzes the reader of items as agencies write them: JSON in, an item or a problem with a sentence out. An item is
// complete and its bytes can be read, whatever the hub's validator will say of them, and it can be written as JSON
// again.
#include "connectors/sdk/item.h"
#include "hub/contract/outcome.h"
#include "hub/contract/guard.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_part(const struct item *item, size_t i, struct arena *arena, ProtobufCMessage **body)
{
    const ProtobufCMessageDescriptor *type = envelope_body_type(item->header->kind);
    struct slice content = item->contents[i];
    must(type && item->header->parts[i]->size_bytes == content.len &&
         item->header->parts[i]->digest.len == DIGEST_BYTES);
    *body = protobuf_c_message_unpack(type, arena_allocator(arena), content.len, content.data);
    must(*body != NULL);
}

static void check_item(const struct item *item, struct arena *arena)
{
    ProtobufCMessage *bodies[ENVELOPE_PARTS];
    struct refusal why = {.outcome = OUTCOME_ACCEPTED};
    must(item->header->n_parts > 0 && item->header->n_parts <= ENVELOPE_PARTS);
    must(strcmp(item->header->agency, "kent") == 0 && item->header->revision > 0);
    for (size_t i = 0; i < item->header->n_parts; i++)
        check_part(item, i, arena, &bodies[i]);
    if (!guard_check(item->header_bytes, &signalbox__v1__header__descriptor, "", 0, &why))
        must(why.outcome != OUTCOME_ACCEPTED && memchr(why.path, 0, sizeof why.path));
    json_t *again = item_to_json(item->header, (const ProtobufCMessage *const *)bodies);
    must(again && json_is_object(again) && json_array_size(json_object_get(again, "parts")) == item->header->n_parts);
    json_decref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct item_settings settings = {.agency = "kent", .now_ms = 1790000000000, .folder = "/nowhere"};
    struct arena arena;
    struct item item;
    struct problem why;
    json_t *value = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES, NULL);
    if (!value)
        return 0;
    arena_init(&arena, 0);
    memset(&why, 0, sizeof why);
    if (item_from_json(value, &settings, &arena, &item, &why))
        check_item(&item, &arena);
    else
        must(memchr(why.text, 0, sizeof why.text) != NULL && why.text[0]);
    json_decref(value);
    arena_deinit(&arena);
    return 0;
}
