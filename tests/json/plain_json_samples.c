// SPDX-License-Identifier: Apache-2.0
// Random messages of the contract, made from their descriptors, through JSON and back; the bytes must be the same. With
// --print it writes them as "type TAB bytes in hex TAB JSON", with --read it reads such lines and says which JSON it
// takes otherwise: so that check_differential can hold the mapping against another implementation.
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/json/json.h"
#include "tests/kit/core/random.h"
#include "tests/json/line.h"
#include <signalbox/v1/control.pb-c.h>
#include <signalbox/v1/envelope.pb-c.h>
#include <signalbox/v1/followup.pb-c.h>
#include <signalbox/v1/guidance.pb-c.h>
#include <signalbox/v1/header.pb-c.h>
#include <signalbox/v1/ledger.pb-c.h>
#include <signalbox/v1/receipt.pb-c.h>
#include <signalbox/v1/report.pb-c.h>
#include <signalbox/v1/state.pb-c.h>
#include <stdio.h>
#include <stdlib.h>

#define EACH 40
#define LINE (4u << 20)

static const ProtobufCMessageDescriptor *const types[] = {
    &signalbox__v1__envelope__descriptor,
    &signalbox__v1__header__descriptor,
    &signalbox__v1__routing__descriptor,
    &signalbox__v1__part_info__descriptor,
    &signalbox__v1__report_body__descriptor,
    &signalbox__v1__guidance_body__descriptor,
    &signalbox__v1__standing_body__descriptor,
    &signalbox__v1__answer_body__descriptor,
    &signalbox__v1__notice_body__descriptor,
    &signalbox__v1__receipt_block__descriptor,
    &signalbox__v1__ledger_block__descriptor,
    &signalbox__v1__state_record__descriptor,
    &signalbox__v1__registry__descriptor,
    &signalbox__v1__policy__descriptor,
    &signalbox__v1__subscription__descriptor,
};

#define N_TYPES (sizeof types / sizeof *types)

static const char *const words[] = {
    "line", "caf\xc3\xa9", "\"quoted\" \\ /", "tab\there\nline", "\xf0\x9f\x98\x80", "a\x01\x1f\x7f", "\xe2\x80\xa8"};

static struct arena arena;
static struct kit_random dice;

static ProtobufCMessage *make(const ProtobufCMessageDescriptor *type);

static uint64_t number(void)
{
    static const uint64_t edges[] = {
        1, 127, 128, UINT32_MAX, INT64_MAX, UINT64_MAX, UINT64_C(1) << 63, UINT64_C(1) << 53};
    return kit_below(&dice, 2) ? edges[kit_below(&dice, 8)] : kit_next(&dice) >> kit_below(&dice, 64);
}

static void fill(const ProtobufCFieldDescriptor *field, void *slot)
{
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        *(void **)slot = make(field->descriptor);
    } else if (field->type == PROTOBUF_C_TYPE_STRING) {
        *(char **)slot = arena_text(&arena, slice_text(words[kit_below(&dice, 7)]));
    } else if (field->type == PROTOBUF_C_TYPE_BYTES) {
        ProtobufCBinaryData *bytes = slot;
        bytes->len = kit_below(&dice, 40);
        bytes->data = arena_alloc(&arena, 48);
        kit_bytes(&dice, bytes->data, bytes->len);
    } else if (field->type == PROTOBUF_C_TYPE_ENUM) {
        const ProtobufCEnumDescriptor *type = field->descriptor;
        *(int32_t *)slot = type->values[kit_below(&dice, type->n_values)].value;
    } else if (field->type == PROTOBUF_C_TYPE_BOOL) {
        *(protobuf_c_boolean *)slot = (protobuf_c_boolean)kit_below(&dice, 2);
    } else if (field->type == PROTOBUF_C_TYPE_UINT32 || field->type == PROTOBUF_C_TYPE_INT32) {
        *(uint32_t *)slot = (uint32_t)number();
    } else {
        *(uint64_t *)slot = number();
    }
}

static void fill_list(const ProtobufCFieldDescriptor *field, uint8_t *message)
{
    size_t n = kit_below(&dice, 4);
    uint8_t *entries = arena_alloc(&arena, 4 * sizeof(ProtobufCBinaryData));
    size_t size = field->type == PROTOBUF_C_TYPE_BYTES ? sizeof(ProtobufCBinaryData)
                  : field->type == PROTOBUF_C_TYPE_ENUM || field->type == PROTOBUF_C_TYPE_UINT32 ? 4
                                                                                                 : 8;
    for (size_t i = 0; i < n; i++)
        fill(field, entries + i * size);
    *(size_t *)(void *)(message + field->quantifier_offset) = n;
    *(void **)(void *)(message + field->offset) = entries;
}

static ProtobufCMessage *make(const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *message = arena_alloc(&arena, type->sizeof_message);
    type->message_init(message);
    unsigned chosen = (unsigned)kit_below(&dice, type->n_fields ? type->n_fields : 1);
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        bool one_of = field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF;
        if (one_of ? i != chosen : kit_below(&dice, 3) == 0)
            continue;
        if (one_of)
            *(uint32_t *)(void *)((uint8_t *)message + field->quantifier_offset) = field->id;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            fill_list(field, (uint8_t *)message);
        else
            fill(field, (uint8_t *)message + field->offset);
    }
    return message;
}

static struct slice packed(const ProtobufCMessage *message)
{
    uint8_t *bytes = arena_alloc(&arena, protobuf_c_message_get_packed_size(message) + 1);
    return slice_of(bytes, protobuf_c_message_pack(message, bytes));
}

static const char *line_of(const ProtobufCMessage *message)
{
    json_t *value = json_from_message(message);
    const char *line = value ? json_line(value, &arena) : NULL;
    json_decref(value);
    return line;
}

// What is wrong with reading the JSON as these bytes; NULL if nothing is.
static const char *compare(const ProtobufCMessageDescriptor *type, const char *line, struct slice bytes)
{
    static struct error error;
    ProtobufCMessage *message;
    json_t *value = json_from_text(slice_text(line), &error);
    if (!value)
        return error.text;
    bool ok = json_to_message(type, value, &arena, &message, &error);
    json_decref(value);
    if (!ok)
        return error.text;
    return slice_equal(packed(message), bytes) ? NULL : "other bytes";
}

static bool round_trip(const ProtobufCMessageDescriptor *type, bool print)
{
    const ProtobufCMessage *message = make(type);
    struct slice bytes = packed(message);
    const char *line = line_of(message);
    const char *wrong = line ? compare(type, line, bytes) : "not written";
    char *hex = arena_alloc(&arena, 2 * bytes.len + 1);
    hex_encode(bytes, hex);
    if (print)
        printf("%s\t%s\t%s\n", type->name, hex, line ? line : "");
    if (wrong)
        fprintf(stderr, "%s: %s\n%s\n", type->name, wrong, line ? line : "");
    return !wrong;
}

static const ProtobufCMessageDescriptor *type_named(const char *name)
{
    for (size_t i = 0; i < N_TYPES; i++)
        if (strcmp(types[i]->name, name) == 0)
            return types[i];
    return NULL;
}

static bool read_line(char *text)
{
    char *hex = strchr(text, '\t');
    char *line = hex ? strchr(hex + 1, '\t') : NULL;
    if (!line)
        return false;
    *hex++ = *line++ = '\0';
    line[strcspn(line, "\n")] = '\0';
    uint8_t *bytes = arena_alloc(&arena, strlen(hex) / 2 + 1);
    long len = hex_decode(slice_text(hex), bytes, strlen(hex) / 2);
    const ProtobufCMessageDescriptor *type = type_named(text);
    const char *wrong =
        type && len >= 0 ? compare(type, line, slice_of(bytes, (size_t)len)) : "not in the form of a sample";
    if (wrong)
        fprintf(stderr, "%s: %s\n%s\n", text, wrong, line);
    return !wrong;
}

static int read_samples(void)
{
    static char text[LINE];
    int n = 0, n_bad = 0;
    while (fgets(text, sizeof text, stdin)) {
        arena_reset(&arena);
        n++;
        n_bad += !read_line(text);
    }
    printf("%d read, %d wrong\n", n, n_bad);
    return n == 0 || n_bad > 0;
}

int main(int argc, char **argv)
{
    arena_init(&arena, 0);
    if (argc > 1 && strcmp(argv[1], "--read") == 0)
        return read_samples();
    int n_bad = 0;
    for (size_t i = 0; i < N_TYPES * EACH; i++) {
        arena_reset(&arena);
        dice.state = i;
        n_bad += !round_trip(types[i % N_TYPES], argc > 1);
    }
    arena_deinit(&arena);
    return n_bad > 0;
}
