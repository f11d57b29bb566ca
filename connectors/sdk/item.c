// SPDX-License-Identifier: Apache-2.0
// From the line that an agency writes to the bytes that are signed: read header, routing and bodies by the contract's
// descriptors, fill in what the agency may leave out, serialise once. What is checked, signed and sent afterwards are
// these bytes.
#include "connectors/sdk/item_reader.h"
#include "hub/base/hex.h"
#include "hub/base/text.h"
#include "hub/json/json.h"

#include <openssl/rand.h>

#define N_OF(list) (sizeof(list) / sizeof *(list))

bool item_reader_refuse(struct item_reader *reader, const char *path, const char *text)
{
    return problem_say(reader->why, PROBLEM_ITEM_FORMAT, path, text);
}

bool item_reader_no_memory(struct item_reader *reader, const char *path)
{
    return item_reader_refuse(reader, path, "There is no memory left for an item of this size.");
}

bool item_reader_random(struct item_reader *reader, const char *path, void *out, size_t size)
{
    return RAND_bytes(out, (int)size) == 1 ||
           item_reader_refuse(reader, path, "This machine gives no random numbers now.");
}

bool item_reader_message(struct item_reader *reader, const char *path, const ProtobufCMessageDescriptor *type,
    json_t *value, ProtobufCMessage **out)
{
    struct error error;
    return json_to_message_at(path, type, value, reader->arena, out, &error) ||
           problem_from_json(reader->why, error.text);
}

bool item_reader_only(struct item_reader *reader, const json_t *object, const char *path, const char *const *names,
    size_t n, const char *takes)
{
    const char *name;
    json_t *member;
    json_object_foreach((json_t *)object, name, member)
    {
        size_t i = 0;
        while (i < n && strcmp(name, names[i]) != 0)
            i++;
        if (i == n)
            return item_reader_refuse(reader, path, takes);
    }
    return true;
}

bool item_reader_pack(struct item_reader *reader, const ProtobufCMessage *message, const char *path, struct slice *out)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = arena_alloc(reader->arena, size);
    if (size > 0 && !bytes)
        return item_reader_no_memory(reader, path);
    *out = slice_of(bytes, protobuf_c_message_pack(message, bytes));
    return true;
}

void item_name(const Signalbox__V1__Header *header, char out[ITEM_NAME_BYTES])
{
    char hex[2 * ITEM_ID_BYTES + 1] = "";
    if (header->item_id.len == ITEM_ID_BYTES)
        hex_encode(slice_of(header->item_id.data, ITEM_ID_BYTES), hex);
    text_print(out, ITEM_NAME_BYTES, "%s-%u", hex, header->revision);
}

static json_t *member_of(const json_t *value, const char *camel, const char *snake)
{
    json_t *member = json_object_get(value, camel);
    return member ? member : json_object_get(value, snake);
}

bool item_from_json(
    json_t *value, const struct item_settings *settings, struct arena *arena, struct item *item, struct problem *why)
{
    static const char *const members[] = {
        "reference", "about", "derivedFrom", "derived_from", "header", "routing", "parts"};
    struct item_reader reader = {.settings = settings, .arena = arena, .item = item, .why = why};
    const json_t *parts = json_object_get(value, "parts");
    json_t *reference = json_object_get(value, "reference");
    *item = (struct item){0};
    return item_reader_only(&reader, value, "", members, N_OF(members),
               "Has a member that the item format does not know; it takes reference, about, derivedFrom, header, "
               "routing and parts, a part takes info and a body.") &&
           item_reader_header(&reader, json_object_get(value, "header"), reference, parts) &&
           item_reader_links(
               &reader, json_object_get(value, "about"), member_of(value, "derivedFrom", "derived_from")) &&
           item_reader_routing(&reader, json_object_get(value, "routing"), reference) &&
           item_reader_parts(&reader, parts) && item_reader_slots(&reader);
}
