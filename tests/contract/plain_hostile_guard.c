// SPDX-License-Identifier: Apache-2.0
// What hostile values cost. Prints a line for each: what the guard says, what it costs, how much the heap grows. Fails
// if one is passed or refused with another code, if the heap grows at all, or if one costs more than hashing the
// largest value that the guard looks into.
#include "hub/contract/envelope.h"
#include "hub/contract/outcome.h"
#include "hub/contract/guard.h"
#include "tests/kit/core/cost.h"
#include "tests/kit/core/envelopes.h"
#include "tests/kit/core/wire_writer.h"
#include <malloc.h>
#include <stdio.h>

#define MEBIBYTE (1u << 20)

static uint8_t buffer[2 * MEBIBYTE];

// Each fills the writer with one hostile value.
static void deep(struct wire_writer *writer)
{
    uint8_t *end = buffer + GUARD_VALUE_BYTES;
    size_t len = 0;
    for (;;) {
        uint8_t head[8];
        struct wire_writer one = {head, 0, sizeof head};
        wire_put_varint(&one, 2 << 3 | 2);
        wire_put_varint(&one, len);
        if (len + one.len > GUARD_VALUE_BYTES)
            break;
        len += one.len;
        memcpy(end - len, head, one.len);
    }
    memmove(buffer, end - len, len);
    writer->len = len;
}

static void repeat(struct wire_writer *writer, const char *bytes, size_t len, size_t total)
{
    while (writer->len + len <= total)
        wire_put(writer, bytes, len);
}

static void megabyte(struct wire_writer *writer)
{
    repeat(writer, "\x12\x00", 2, MEBIBYTE);
}
static void submessages(struct wire_writer *writer)
{
    repeat(writer, "\x12\x00", 2, GUARD_VALUE_BYTES);
}
static void headers(struct wire_writer *writer)
{
    repeat(writer, "\x0a\x01h", 3, GUARD_VALUE_BYTES);
}
static void groups(struct wire_writer *writer)
{
    repeat(writer, "\x0b", 1, GUARD_VALUE_BYTES);
}
static void ends(struct wire_writer *writer)
{
    repeat(writer, "\x0c", 1, GUARD_VALUE_BYTES);
}
static void continuations(struct wire_writer *writer)
{
    repeat(writer, "\xff", 1, GUARD_VALUE_BYTES);
}
static void zeros(struct wire_writer *writer)
{
    repeat(writer, "\0", 1, GUARD_VALUE_BYTES);
}
static void unknowns(struct wire_writer *writer)
{
    repeat(writer, "\x28\x01", 2, GUARD_VALUE_BYTES);
}
static void strands(struct wire_writer *writer)
{
    repeat(writer, "\x7a\x00", 2, 65536);
}
static void packed(struct wire_writer *writer)
{
    wire_put_varint(writer, 15 << 3 | 2);
    wire_put_varint(writer, 60000);
    repeat(writer, "\x01", 1, writer->len + 60000);
}

static void text_of(struct wire_writer *writer, const char *character, size_t len)
{
    wire_put_varint(writer, 2 << 3 | 2); // a section ...
    wire_put_varint(writer, 65536 + 4);
    wire_put_varint(writer, 2 << 3 | 2); // ... and its text
    wire_put_varint(writer, 65536);
    size_t start = writer->len;
    repeat(writer, character, len, start + 65536 - 4);
    while (writer->len < start + 65536)
        wire_put(writer, "a", 1);
}

static void text_long(struct wire_writer *writer)
{
    wire_put_number(writer, 8, 1);
    for (int i = 0; i < 3; i++) {
        uint8_t section[1];
        section[0] = 9 << 3 | 2;
        wire_put(writer, section, 1);
        struct wire_writer rest = {writer->data + writer->len, 0, 65536 + 16};
        text_of(&rest, "\xf0\x9f\x9a\x82", 4);
        memmove(rest.data, rest.data + 1, --rest.len); // without the tag of the section, which is written above
        writer->len += rest.len;
    }
}

static void text_broken_late(struct wire_writer *writer)
{
    text_long(writer);
    writer->data[writer->len - 1] = 0xff;
}

static void text_nul_late(struct wire_writer *writer)
{
    text_long(writer);
    writer->data[writer->len - 1] = 0;
}

static void people(struct wire_writer *writer)
{
    for (int i = 0; i < 64; i++) {
        uint8_t bytes[256];
        struct wire_writer person = {bytes, 0, sizeof bytes};
        wire_put_bytes(&person, 1, slice_of("p", 1));
        for (int role = 0; role < 8; role++)
            wire_put_bytes(&person, 2, slice_of("r", 1));
        for (int vulnerability = 0; vulnerability < 16; vulnerability++)
            wire_put_bytes(&person, 4, slice_of("v", 1));
        wire_put_bytes(writer, 8, wire_written(&person));
    }
}

static void maps(struct wire_writer *writer)
{
    wire_put_varint(writer, 14 << 3 | 2); // a tool of the law that claims the rest of the world
    wire_put_varint(writer, UINT64_MAX);
    repeat(writer, "a", 1, 4096);
}

static const struct row {
    const char *what;
    const ProtobufCMessageDescriptor *type;
    void (*write)(struct wire_writer *writer);
    enum outcome outcome;
} rows[] = {
    {"1 MiB of empty parts", &signalbox__v1__envelope__descriptor, megabyte, OUTCOME_TOO_LARGE},
    {"256 KiB of empty parts", &signalbox__v1__envelope__descriptor, submessages, OUTCOME_FIELD_MISSING},
    {"256 KiB of empty provenances", &signalbox__v1__report_body__descriptor, submessages, OUTCOME_FIELD_MISSING},
    {"60,000 messages in each other", &signalbox__v1__envelope__descriptor, deep, OUTCOME_FIELD_LENGTH},
    {"the header many times", &signalbox__v1__envelope__descriptor, headers, OUTCOME_DUPLICATE_FIELD},
    {"groups", &signalbox__v1__envelope__descriptor, groups, OUTCOME_WIRE_BROKEN},
    {"ends of groups", &signalbox__v1__envelope__descriptor, ends, OUTCOME_WIRE_BROKEN},
    {"a varint without end", &signalbox__v1__envelope__descriptor, continuations, OUTCOME_WIRE_BROKEN},
    {"zeros", &signalbox__v1__envelope__descriptor, zeros, OUTCOME_WIRE_BROKEN},
    {"unknown fields", &signalbox__v1__envelope__descriptor, unknowns, OUTCOME_UNKNOWN_FIELD},
    {"30,000 empty packed lists", &signalbox__v1__header__descriptor, strands, OUTCOME_WIRE_LIMIT},
    {"60,000 packed strands", &signalbox__v1__header__descriptor, packed, OUTCOME_WIRE_LIMIT},
    {"196 kB of four-byte characters", &signalbox__v1__guidance_body__descriptor, text_long, OUTCOME_FIELD_MISSING},
    {"196 kB, the last byte broken", &signalbox__v1__guidance_body__descriptor, text_broken_late, OUTCOME_UTF8_BROKEN},
    {"196 kB, the last byte NUL", &signalbox__v1__guidance_body__descriptor, text_nul_late, OUTCOME_TEXT_NUL},
    {"64 people with 24 codes each", &signalbox__v1__report_body__descriptor, people, OUTCOME_FIELD_MISSING},
    {"a length of 2^64 - 1", &signalbox__v1__report_body__descriptor, maps, OUTCOME_WIRE_BROKEN},
};

static bool check(const struct row *row)
{
    struct wire_writer writer = {buffer, 0, sizeof buffer};
    struct refusal why = {.outcome = OUTCOME_ACCEPTED, .path = ""};
    struct cost cost;
    char text[COST_TEXT_BYTES];
    bool passed = false;
    size_t grown = 0;
    row->write(&writer);
    cost_begin(&cost, GUARD_VALUE_BYTES);
    while (cost_again(&cost)) {
        size_t heap = mallinfo2().uordblks;
        cost_start(&cost);
        passed |= guard_check(wire_written(&writer), row->type, "", 0, &why);
        cost_stop(&cost);
        grown += mallinfo2().uordblks - heap;
    }
    bool well = !passed && why.outcome == row->outcome && grown == 0 && cost_kept(&cost);
    printf("%-32s %8zu bytes  %-16s heap +%zu, %s%s\n", row->what, writer.len, outcome_row(why.outcome)->code, grown,
        cost_text(&cost, text), well ? "" : "  UNEXPECTED");
    return well;
}

// An ordinary item, which costs no more than hashing its bytes twice.
static bool check_ordinary(void)
{
    enum { ITEMS = 400 };
    struct arena arena;
    struct envelope envelope;
    struct refusal why;
    struct cost cost;
    char text[COST_TEXT_BYTES];
    arena_init(&arena, 0);
    struct slice value = kit_envelope(&arena, kit_report(&arena, "kent", 1));
    bool passed = true;
    cost_begin(&cost, 3.0 * ITEMS * (double)value.len); // clang 14 makes it half as fast again as gcc 12
    while (cost_again(&cost)) {
        cost_start(&cost);
        for (int i = 0; i < ITEMS; i++)
            passed &= envelope_open(value, NULL, &envelope, &why) &&
                      guard_check(envelope.header, &signalbox__v1__header__descriptor, "", 0, &why) &&
                      guard_check(envelope.routing, &signalbox__v1__routing__descriptor, "", 0, &why) &&
                      guard_check(envelope.parts[0].info_bytes, &signalbox__v1__part_info__descriptor, "", 0, &why) &&
                      guard_check(envelope.parts[0].content, &signalbox__v1__report_body__descriptor, "", 0, &why);
        cost_stop(&cost);
    }
    bool well = passed && cost_kept(&cost);
    printf("%d ordinary reports, all of each  %zu bytes  %s%s\n", ITEMS, value.len, cost_text(&cost, text),
        well ? "" : "  UNEXPECTED");
    arena_deinit(&arena);
    return well;
}

int main(void)
{
    bool well = check_ordinary();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        well &= check(&rows[i]);
    return well ? 0 : 1;
}
