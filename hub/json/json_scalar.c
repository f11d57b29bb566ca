// SPDX-License-Identifier: Apache-2.0
// Scalars of the contract: whole numbers, bool, enum, text, bytes. It has no floating point, so neither has this
// mapping: a field of such a type is refused by name.
#include "hub/json/json_scalar.h"
#include "hub/json/json.h"
#include "hub/json/json_name.h"
#include "hub/json/json_number.h"

size_t json_scalar_size(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return sizeof(int64_t);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    default:
        return sizeof(int32_t);
    }
}

static bool read_number(ProtobufCType type, const json_t *value, struct json_path *path, void *slot)
{
    bool ok;
    if (type == PROTOBUF_C_TYPE_INT64) {
        ok = json_number_signed(value, INT64_MIN, INT64_MAX, slot);
    } else if (type == PROTOBUF_C_TYPE_UINT64) {
        ok = json_number_unsigned(value, UINT64_MAX, slot);
    } else if (type == PROTOBUF_C_TYPE_INT32) {
        int64_t number = 0;
        ok = json_number_signed(value, INT32_MIN, INT32_MAX, &number);
        *(int32_t *)slot = (int32_t)number;
    } else {
        uint64_t number = 0;
        ok = json_number_unsigned(value, UINT32_MAX, &number);
        *(uint32_t *)slot = (uint32_t)number;
    }
    return ok || json_path_refuse(path, "must be a whole number within the range of its type");
}

// Says which values there are, without the zero value, which is never right.
static bool refuse_enum(const ProtobufCEnumDescriptor *type, struct json_path *path)
{
    char text[400] = "must be one of";
    size_t len = strlen(text);
    for (unsigned i = 0; i < type->n_values; i++) {
        if (type->values[i].value == 0 || len + strlen(type->values[i].name) + 3 > sizeof text)
            continue;
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i > 1 ? ", " : " ", type->values[i].name);
    }
    return json_path_refuse(path, text);
}

static bool read_enum(const ProtobufCEnumDescriptor *type, const json_t *value, struct json_path *path, int32_t *slot)
{
    const ProtobufCEnumValue *known = NULL;
    int64_t number;
    if (json_is_string(value))
        known = json_name_enum(type, json_string_value(value));
    else if (json_number_signed(value, INT32_MIN, INT32_MAX, &number))
        known = protobuf_c_enum_descriptor_get_value(type, (int)number);
    if (!known)
        return refuse_enum(type, path);
    *slot = known->value;
    return true;
}

static bool read_text(const json_t *value, struct arena *arena, struct json_path *path, char **slot)
{
    if (!json_is_string(value))
        return json_path_refuse(path, "must be a text in quotes");
    *slot = arena_text(arena, slice_of(json_string_value(value), json_string_length(value)));
    return *slot || json_path_refuse(path, "there is no memory left for this text");
}

static bool read_bytes(const json_t *value, struct arena *arena, struct json_path *path, ProtobufCBinaryData *slot)
{
    if (!json_is_string(value))
        return json_path_refuse(path, "must be base64 in quotes");
    struct slice text = slice_of(json_string_value(value), json_string_length(value));
    slot->data = arena_alloc(arena, text.len / 4 * 3 + 3);
    if (!slot->data)
        return json_path_refuse(path, "there is no memory left for these bytes");
    long n = json_base64_decode(text, slot->data);
    if (n < 0)
        return json_path_refuse(path, "must be base64, standard or URL-safe");
    slot->len = (size_t)n;
    return true;
}

bool json_scalar_read(
    const ProtobufCFieldDescriptor *field, const json_t *value, struct arena *arena, struct json_path *path, void *slot)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return read_number(field->type, value, path, slot);
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)slot = json_is_true(value);
        return json_is_boolean(value) || json_path_refuse(path, "must be true or false");
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum(field->descriptor, value, path, slot);
    case PROTOBUF_C_TYPE_STRING:
        return read_text(value, arena, path, slot);
    case PROTOBUF_C_TYPE_BYTES:
        return read_bytes(value, arena, path, slot);
    default:
        return json_path_refuse(path, "is of a type that JSON cannot give here");
    }
}

static json_t *write_decimal(bool negative, uint64_t magnitude)
{
    char text[24];
    snprintf(text, sizeof text, "%s%llu", negative ? "-" : "", (unsigned long long)magnitude);
    return json_string(text);
}

static json_t *write_enum(const ProtobufCEnumDescriptor *type, int32_t number)
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(type, number);
    return known ? json_string(known->name) : json_integer(number);
}

static json_t *write_bytes(const ProtobufCBinaryData *bytes)
{
    char *text = malloc(json_base64_size(bytes->len));
    if (!text)
        return NULL;
    json_base64_encode(slice_of(bytes->data, bytes->len), text);
    json_t *value = json_string(text);
    free(text);
    return value;
}

json_t *json_scalar_write(const ProtobufCFieldDescriptor *field, const void *slot)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
        return json_integer(*(const int32_t *)slot);
    case PROTOBUF_C_TYPE_UINT32:
        return json_integer(*(const uint32_t *)slot);
    case PROTOBUF_C_TYPE_INT64: {
        int64_t number = *(const int64_t *)slot;
        return write_decimal(number < 0, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
    }
    case PROTOBUF_C_TYPE_UINT64:
        return write_decimal(false, *(const uint64_t *)slot);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)slot);
    case PROTOBUF_C_TYPE_ENUM:
        return write_enum(field->descriptor, *(const int32_t *)slot);
    case PROTOBUF_C_TYPE_STRING:
        return json_string(*(const char *const *)slot);
    case PROTOBUF_C_TYPE_BYTES:
        return write_bytes(slot);
    default:
        return NULL;
    }
}

bool json_scalar_default(ProtobufCType type, const void *slot)
{
    switch (type) {
    case PROTOBUF_C_TYPE_STRING: {
        const char *text = *(const char *const *)slot;
        return !text || !*text;
    }
    case PROTOBUF_C_TYPE_BYTES:
        return ((const ProtobufCBinaryData *)slot)->len == 0;
    case PROTOBUF_C_TYPE_MESSAGE:
        return *(const void *const *)slot == NULL;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return *(const uint64_t *)slot == 0;
    default: // bool is an int to protobuf-c
        return *(const uint32_t *)slot == 0;
    }
}
