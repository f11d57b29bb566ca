// SPDX-License-Identifier: Apache-2.0
// JSON to message: walks the JSON object, finds each member's field by name, and puts the value where the descriptor
// says. Depth is bounded by JSON_MESSAGE_DEPTH whatever the input holds.
#include "hub/json/json.h"
#include "hub/json/json_name.h"
#include "hub/json/json_scalar.h"

#define SEEN_FIELDS 128

struct reading {
    struct arena *arena;
    struct json_path path;
    unsigned depth;
};

static bool read_message(
    struct reading *reading, const ProtobufCMessageDescriptor *type, json_t *value, ProtobufCMessage **out);

static bool read_value(struct reading *reading, const ProtobufCFieldDescriptor *field, json_t *value, void *slot)
{
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return read_message(reading, field->descriptor, value, slot);
    return json_scalar_read(field, value, reading->arena, &reading->path, slot);
}

static bool read_entries(
    struct reading *reading, const ProtobufCFieldDescriptor *field, json_t *value, uint8_t *entries)
{
    const size_t size = json_scalar_size(field->type);
    size_t i;
    json_t *entry;
    json_array_foreach(value, i, entry)
    {
        size_t before = json_path_entry(&reading->path, i);
        if (json_is_null(entry))
            return json_path_refuse(&reading->path, "must not be null; leave the entry out");
        if (!read_value(reading, field, entry, entries + i * size))
            return false;
        json_path_back(&reading->path, before);
    }
    return true;
}

static bool read_repeated(
    struct reading *reading, const ProtobufCFieldDescriptor *field, json_t *value, uint8_t *message)
{
    if (!json_is_array(value))
        return json_path_refuse(&reading->path, "must be a list in square brackets");
    size_t n = json_array_size(value);
    if (n == 0)
        return true;
    uint8_t *entries = arena_alloc(reading->arena, n * json_scalar_size(field->type));
    if (!entries)
        return json_path_refuse(&reading->path, "there is no memory left for this list");
    memcpy(message + field->offset, &entries, sizeof entries);
    memcpy(message + field->quantifier_offset, &n, sizeof n);
    return read_entries(reading, field, value, entries);
}

// Notes in the message which member of its oneof is set.
static bool choose_case(struct reading *reading, const ProtobufCFieldDescriptor *field, uint8_t *message)
{
    if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF))
        return true;
    uint32_t chosen;
    memcpy(&chosen, message + field->quantifier_offset, sizeof chosen);
    if (chosen != 0)
        return json_path_refuse(&reading->path, "only one of these members may be set");
    memcpy(message + field->quantifier_offset, &field->id, sizeof field->id);
    return true;
}

static bool read_field(struct reading *reading, const ProtobufCFieldDescriptor *field, json_t *value, uint8_t *message)
{
    if (json_is_null(value))
        return true;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return read_repeated(reading, field, value, message);
    return choose_case(reading, field, message) && read_value(reading, field, value, message + field->offset);
}

static bool note_once(const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *field, uint64_t seen[2])
{
    size_t index = (size_t)(field - type->fields);
    uint64_t bit = UINT64_C(1) << index % 64;
    bool first = !(seen[index / 64] & bit);
    seen[index / 64] |= bit;
    return first;
}

static bool read_members(
    struct reading *reading, const ProtobufCMessageDescriptor *type, json_t *value, ProtobufCMessage *message)
{
    uint64_t seen[SEEN_FIELDS / 64] = {0};
    const char *name;
    json_t *member;
    json_object_foreach(value, name, member)
    {
        size_t before = json_path_member(&reading->path, name);
        const ProtobufCFieldDescriptor *field = json_name_field(type, name);
        if (!field)
            return json_path_refuse(&reading->path, "the contract has no such field; correct the name or remove it");
        if (!note_once(type, field, seen))
            return json_path_refuse(&reading->path, "stands twice, under both of its names; keep one of them");
        if (!read_field(reading, field, member, (uint8_t *)message))
            return false;
        json_path_back(&reading->path, before);
    }
    return true;
}

static bool read_message(
    struct reading *reading, const ProtobufCMessageDescriptor *type, json_t *value, ProtobufCMessage **out)
{
    if (!json_is_object(value))
        return json_path_refuse(&reading->path, "must be an object in curly brackets");
    if (reading->depth >= JSON_MESSAGE_DEPTH || type->n_fields > SEEN_FIELDS)
        return json_path_refuse(&reading->path, "is nested too deep");
    *out = arena_alloc(reading->arena, type->sizeof_message);
    if (!*out)
        return json_path_refuse(&reading->path, "there is no memory left");
    type->message_init(*out);
    reading->depth++;
    bool ok = read_members(reading, type, value, *out);
    reading->depth--;
    return ok;
}

bool json_to_message_at(const char *path, const ProtobufCMessageDescriptor *type, json_t *value, struct arena *arena,
    ProtobufCMessage **out, struct error *error)
{
    struct reading reading = {.arena = arena, .path = {.error = error}};
    int n = snprintf(reading.path.text, sizeof reading.path.text, "%.128s", path);
    reading.path.len = (size_t)n;
    return read_message(&reading, type, value, out);
}

bool json_to_message(const ProtobufCMessageDescriptor *type, json_t *value, struct arena *arena, ProtobufCMessage **out,
    struct error *error)
{
    return json_to_message_at("", type, value, arena, out, error);
}
