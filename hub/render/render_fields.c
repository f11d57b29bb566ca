// SPDX-License-Identifier: Apache-2.0
// Fields by their descriptors, so that a field that is added to the contract is shown without new code, and none is
// ever left out silently. Depth is bounded: the contract has no recursive types.
#include "hub/render/render_fields.h"
#include "hub/base/digest.h"
#include "hub/base/display.h"
#include "hub/base/duration.h"

#include <ctype.h>
#include <time.h>

#define RENDER_DEPTH 8

static void write_moment(FILE *out, int64_t unix_ms, bool time_of_day)
{
    char day[64], time[32] = "";
    struct tm utc;
    time_t seconds = (time_t)(unix_ms / 1000);
    bool known = gmtime_r(&seconds, &utc) && strftime(day, sizeof day, "%-d %B %Y", &utc) > 0;
    if (known && time_of_day)
        strftime(time, sizeof time, ", %H:%M UTC", &utc);
    if (known)
        fprintf(out, "%s%s", day, time);
    else
        fprintf(out, "%lld ms", (long long)unix_ms);
}

void render_time(FILE *out, int64_t unix_ms)
{
    write_moment(out, unix_ms, true);
}

void render_day(FILE *out, int64_t unix_ms)
{
    write_moment(out, unix_ms, unix_ms % DAY_MS != 0);
}

static void write_words(FILE *out, const char *name)
{
    for (; *name; name++)
        fputc(*name == '_' ? ' ' : tolower((unsigned char)*name), out);
}

const char *render_enum_name(const ProtobufCEnumDescriptor *type, int value)
{
    const ProtobufCEnumValue *known = protobuf_c_enum_descriptor_get_value(type, value);
    const ProtobufCEnumValue *zero = protobuf_c_enum_descriptor_get_value(type, 0);
    const char *tail = zero ? strstr(zero->name, "UNSPECIFIED") : NULL;
    return known ? known->name + (tail ? tail - zero->name : 0) : NULL;
}

void render_enum(FILE *out, const ProtobufCEnumDescriptor *type, int value)
{
    const char *name = render_enum_name(type, value);
    if (name)
        write_words(out, name);
    else
        fprintf(out, "%d", value);
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), n = strlen(end);
    return len >= n && strcmp(text + len - n, end) == 0;
}

static void write_number(FILE *out, const ProtobufCFieldDescriptor *field, int64_t number)
{
    if (ends_with(field->name, "_unix_ms"))
        render_time(out, number);
    else
        fprintf(out, "%lld", (long long)number);
}

static void write_hex(FILE *out, const ProtobufCBinaryData *bytes)
{
    for (size_t i = 0; i < bytes->len; i++)
        fprintf(out, "%02x", bytes->data[i]);
}

static void write_scalar(FILE *out, const ProtobufCFieldDescriptor *field, const void *slot, int indent)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        display_write_escaped(out, *(const char *const *)slot, indent);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        write_hex(out, slot);
        break;
    case PROTOBUF_C_TYPE_ENUM:
        render_enum(out, field->descriptor, *(const int32_t *)slot);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        fputs(*(const protobuf_c_boolean *)slot ? "yes" : "no", out);
        break;
    case PROTOBUF_C_TYPE_UINT32:
        write_number(out, field, *(const uint32_t *)slot);
        break;
    case PROTOBUF_C_TYPE_INT32:
        write_number(out, field, *(const int32_t *)slot);
        break;
    default:
        write_number(out, field, *(const int64_t *)slot);
        break;
    }
}

static size_t slot_size(ProtobufCType type)
{
    if (type == PROTOBUF_C_TYPE_BYTES)
        return sizeof(ProtobufCBinaryData);
    bool wide = type == PROTOBUF_C_TYPE_STRING || type == PROTOBUF_C_TYPE_MESSAGE || type == PROTOBUF_C_TYPE_INT64 ||
                type == PROTOBUF_C_TYPE_UINT64;
    return wide ? 8 : 4;
}

static bool is_empty(const ProtobufCFieldDescriptor *field, const void *slot)
{
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return **(const char *const *)slot == '\0';
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return ((const ProtobufCBinaryData *)slot)->len == 0;
    if (slot_size(field->type) == 8)
        return *(const uint64_t *)slot == 0;
    return *(const uint32_t *)slot == 0;
}

// The entries of a field: one for a singular field that is set, none for one that is not.
static const uint8_t *entries_of(const ProtobufCFieldDescriptor *field, const uint8_t *message, size_t *n)
{
    const uint8_t *slot = message + field->offset;
    if (field->label != PROTOBUF_C_LABEL_REPEATED) {
        *n = is_empty(field, slot) ? 0 : 1;
        return slot;
    }
    memcpy(n, message + field->quantifier_offset, sizeof *n);
    return *(const uint8_t *const *)(const void *)slot;
}

static bool left_out(const char *name, const char *const *but)
{
    for (; but && *but; but++)
        if (strcmp(*but, name) == 0)
            return true;
    return false;
}

static void write_label(FILE *out, const char *name, int indent)
{
    size_t len = strlen(name) - (ends_with(name, "_unix_ms") ? strlen("_unix_ms") : 0);
    fprintf(out, "%*s", indent, "");
    for (size_t i = 0; i < len; i++)
        fputc(name[i] == '_' ? ' ' : name[i], out);
    fputc(':', out);
}

static void write_fields(
    FILE *out, const ProtobufCMessage *message, const char *const *but, int indent, unsigned depth);

static void write_field(
    FILE *out, const ProtobufCFieldDescriptor *field, const uint8_t *entries, size_t n, int indent, unsigned depth)
{
    for (size_t i = 0; i < n; i++) {
        const void *slot = entries + i * slot_size(field->type);
        if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
            write_label(out, field->name, indent);
            fputc('\n', out);
            write_fields(out, *(const ProtobufCMessage *const *)slot, NULL, indent + 2, depth + 1);
            continue;
        }
        if (i == 0)
            write_label(out, field->name, indent);
        fputs(i > 0 ? ", " : " ", out);
        write_scalar(out, field, slot, indent + 2);
    }
    if (field->type != PROTOBUF_C_TYPE_MESSAGE)
        fputc('\n', out);
}

static void write_fields(FILE *out, const ProtobufCMessage *message, const char *const *but, int indent, unsigned depth)
{
    for (unsigned i = 0; depth < RENDER_DEPTH && i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        size_t n;
        const uint8_t *entries = entries_of(field, (const uint8_t *)message, &n);
        if (n > 0 && !left_out(field->name, but))
            write_field(out, field, entries, n, indent, depth);
    }
}

void render_fields(FILE *out, const ProtobufCMessage *message, const char *const *but, int indent)
{
    write_fields(out, message, but, indent, 0);
}
