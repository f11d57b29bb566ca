// SPDX-License-Identifier: Apache-2.0
// Message to JSON: walks the descriptor's fields in order and writes those that are set.
#include "hub/json/json.h"
#include "hub/json/json_name.h"
#include "hub/json/json_scalar.h"

static json_t *write_message(const ProtobufCMessage *message, unsigned depth);

static json_t *write_value(const ProtobufCFieldDescriptor *field, const void *slot, unsigned depth)
{
    if (field->type != PROTOBUF_C_TYPE_MESSAGE)
        return json_scalar_write(field, slot);
    return write_message(*(const ProtobufCMessage *const *)slot, depth + 1);
}

static json_t *write_entries(const ProtobufCFieldDescriptor *field, const uint8_t *entries, size_t n, unsigned depth)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < n; i++) {
        if (json_array_append_new(list, write_value(field, entries + i * json_scalar_size(field->type), depth)) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

static bool is_set(const ProtobufCFieldDescriptor *field, const uint8_t *message)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return *(const size_t *)(const void *)(message + field->quantifier_offset) > 0;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        return *(const uint32_t *)(const void *)(message + field->quantifier_offset) == field->id;
    return !json_scalar_default(field->type, message + field->offset);
}

static json_t *write_field(const ProtobufCFieldDescriptor *field, const uint8_t *message, unsigned depth)
{
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return write_value(field, message + field->offset, depth);
    size_t n = *(const size_t *)(const void *)(message + field->quantifier_offset);
    return write_entries(field, *(const uint8_t *const *)(const void *)(message + field->offset), n, depth);
}

static json_t *write_message(const ProtobufCMessage *message, unsigned depth)
{
    json_t *object = message && depth <= JSON_MESSAGE_DEPTH ? json_object() : NULL;
    for (unsigned i = 0; object && i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        char name[JSON_NAME_BYTES];
        if (!is_set(field, (const uint8_t *)message))
            continue;
        json_name_camel(field->name, name);
        if (json_object_set_new(object, name, write_field(field, (const uint8_t *)message, depth)) != 0) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

json_t *json_from_message(const ProtobufCMessage *message)
{
    return write_message(message, 1);
}
