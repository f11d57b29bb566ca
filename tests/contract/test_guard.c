// SPDX-License-Identifier: Apache-2.0
#include "hub/contract/guard.h"
#include "hub/contract/outcome.h"
#include "tests/kit/core/wire_writer.h"
#include <criterion/criterion.h>
#include <signalbox/v1/control.pb-c.h>
#include <signalbox/v1/signed.pb-c.h>
#include <signalbox/v1/header.pb-c.h>
#include <signalbox/v1/pulse.pb-c.h>
#include <signalbox/v1/report.pb-c.h>
#include <signalbox/v1/state.pb-c.h>

#define BYTES(text)                                                                                                    \
    {                                                                                                                  \
        (const uint8_t *)(text), sizeof(text) - 1                                                                      \
    }
#define STATEMENT "\x0a\x01x\x10\x01\x18\x01\x20\x01" // text, source, assessment, handling
#define CANARY    "\x08\x01\x10\x01"                  // lane, sent

static const ProtobufCMessageDescriptor *const statement = &signalbox__v1__statement__descriptor;
static const ProtobufCMessageDescriptor *const canary = &signalbox__v1__canary_pulse__descriptor;
static const ProtobufCMessageDescriptor *const report = &signalbox__v1__report_body__descriptor;
static const ProtobufCMessageDescriptor *const part = &signalbox__v1__part_info__descriptor;
static const ProtobufCMessageDescriptor *const header = &signalbox__v1__header__descriptor;
static const ProtobufCMessageDescriptor *const delta = &signalbox__v1__lane_delta__descriptor;
static const ProtobufCMessageDescriptor *const person = &signalbox__v1__person__descriptor;
static const ProtobufCMessageDescriptor *const state = &signalbox__v1__state_record__descriptor;
static const ProtobufCMessageDescriptor *const subscription = &signalbox__v1__subscription__descriptor;
static const ProtobufCMessageDescriptor *const provenance = &signalbox__v1__provenance__descriptor;

struct row {
    const char *what;
    const ProtobufCMessageDescriptor *const *type;
    struct slice bytes;
    enum outcome outcome; // ACCEPTED: it passes
    const char *path;
    int64_t offset;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct refusal why = {.outcome = OUTCOME_ACCEPTED, .path = "", .offset = 0};
        bool passed = guard_check(rows[i].bytes, *rows[i].type, "", 0, &why);
        cr_expect(passed == (rows[i].outcome == OUTCOME_ACCEPTED), "%s", rows[i].what);
        cr_expect(why.outcome == rows[i].outcome, "%s: %s", rows[i].what, outcome_row(why.outcome)->code);
        cr_expect_str_eq(why.path, rows[i].path, "%s: %s", rows[i].what, why.path);
        cr_expect(why.offset == rows[i].offset, "%s: %ld", rows[i].what, (long)why.offset);
    }
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof(rows)[0])

static const struct row passing[] = {
    {"a minimal message", &statement, BYTES(STATEMENT), OUTCOME_ACCEPTED, "", 0},
    {"fields in another order", &statement, BYTES("\x20\x01\x18\x01\x10\x01\x0a\x01x"), OUTCOME_ACCEPTED, "", 0},
    {"a zero value written out counts as absent", &statement, BYTES(STATEMENT "\x28\x00\x30\x00\x3a\x00"),
        OUTCOME_ACCEPTED, "", 0},
    {"no bytes, where nothing is mandatory", &provenance, BYTES(""), OUTCOME_ACCEPTED, "", 0},
    {"packed numbers", &canary, BYTES(CANARY "\x2a\x03\x01\x02\x40"), OUTCOME_ACCEPTED, "", 0},
    {"the same numbers one by one", &canary, BYTES(CANARY "\x28\x01\x28\x02\x28\x40"), OUTCOME_ACCEPTED, "", 0},
    {"both forms mixed", &canary, BYTES(CANARY "\x28\x01\x2a\x01\x02\x28\x03"), OUTCOME_ACCEPTED, "", 0},
    {"no packed numbers", &canary, BYTES(CANARY "\x2a\x00"), OUTCOME_ACCEPTED, "", 0},
    {"an empty message field", &report, BYTES("\x0a\x01t\x12\x09" STATEMENT "\x22\x00"), OUTCOME_ACCEPTED, "", 0},
};

Test(guard, passes_what_the_contract_allows)
{
    CHECK(passing);
}

static const struct row encodings[] = {
    {"a tag cut off", &statement, BYTES(STATEMENT "\x80"), OUTCOME_WIRE_BROKEN, "", 9},
    {"a tag without a value", &statement, BYTES(STATEMENT "\x28"), OUTCOME_WIRE_BROKEN, "opinion", 9},
    {"a length cut off", &statement, BYTES("\x0a"), OUTCOME_WIRE_BROKEN, "text", 0},
    {"a length beyond the end", &statement, BYTES("\x0a\x02x"), OUTCOME_WIRE_BROKEN, "text", 0},
    {"a length of 2^63", &statement, BYTES("\x0a\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01x"), OUTCOME_WIRE_BROKEN,
        "text", 0},
    {"field number 0", &statement, BYTES("\x00\x01"), OUTCOME_WIRE_BROKEN, "", 0},
    {"a field number above 2^29", &statement, BYTES("\x80\x80\x80\x80\x10\x01"), OUTCOME_WIRE_BROKEN, "", 0},
    {"a group", &statement, BYTES("\x0b\x0c"), OUTCOME_WIRE_BROKEN, "text", 0},
    {"an end of group", &statement, BYTES("\x0c"), OUTCOME_WIRE_BROKEN, "text", 0},
    {"wire type 6", &statement, BYTES("\x0e\x01"), OUTCOME_WIRE_BROKEN, "text", 0},
    {"wire type 7", &statement, BYTES("\x0f\x01"), OUTCOME_WIRE_BROKEN, "text", 0},
    {"a number where text belongs", &statement, BYTES("\x08\x01"), OUTCOME_WIRE_BROKEN, "text", 0},
    {"text where a number belongs", &statement, BYTES("\x12\x01x"), OUTCOME_WIRE_BROKEN, "source_evaluation", 0},
    {"four fixed bytes where a number belongs", &statement, BYTES("\x15\x01\x00\x00\x00"), OUTCOME_WIRE_BROKEN,
        "source_evaluation", 0},
    {"eight fixed bytes where a number belongs", &statement, BYTES("\x11\x01\x00\x00\x00\x00\x00\x00\x00"),
        OUTCOME_WIRE_BROKEN, "source_evaluation", 0},
    {"a padded tag", &statement, BYTES("\x8a\x00\x01x"), OUTCOME_WIRE_VARINT, "", 0},
    {"a padded length", &statement, BYTES("\x0a\x81\x00x"), OUTCOME_WIRE_VARINT, "text", 0},
    {"a padded number", &statement, BYTES("\x0a\x01x\x10\x81\x00"), OUTCOME_WIRE_VARINT, "source_evaluation", 3},
    {"a padded zero", &statement, BYTES("\x28\x80\x00"), OUTCOME_WIRE_VARINT, "opinion", 0},
    {"a number of eleven bytes", &statement, BYTES("\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
        OUTCOME_WIRE_BROKEN, "verified_unix_ms", 0},
    {"a number of 65 bits", &statement, BYTES("\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), OUTCOME_WIRE_BROKEN,
        "verified_unix_ms", 0},
    {"packed numbers cut off", &canary, BYTES(CANARY "\x2a\x02\x01\x80"), OUTCOME_WIRE_BROKEN, "buckets[1]", 4},
    {"a padded packed number", &canary, BYTES(CANARY "\x2a\x02\x81\x00"), OUTCOME_WIRE_VARINT, "buckets[0]", 4},
    {"an unknown number", &statement, BYTES(STATEMENT "\xf8\x06\x01"), OUTCOME_UNKNOWN_FIELD, "111", 9},
    {"unknown bytes", &statement, BYTES(STATEMENT "\x42\x01x"), OUTCOME_UNKNOWN_FIELD, "8", 9},
    {"an unknown fixed field", &statement, BYTES(STATEMENT "\x45\x01\x02\x03\x04"), OUTCOME_UNKNOWN_FIELD, "8", 9},
    {"an unknown field far above all bits", &statement, BYTES("\xf8\xff\xff\xff\x0f\x01"), OUTCOME_UNKNOWN_FIELD,
        "536870911", 0},
    {"a singular field twice", &statement, BYTES(STATEMENT "\x10\x02"), OUTCOME_DUPLICATE_FIELD, "source_evaluation",
        9},
    {"a singular message twice", &report, BYTES("\x22\x00\x22\x00"), OUTCOME_DUPLICATE_FIELD, "line", 2},
    {"an absent zero written out twice", &statement, BYTES("\x28\x00\x28\x00"), OUTCOME_DUPLICATE_FIELD, "opinion", 2},
    {"two members of a oneof", &state, BYTES("\x0a\x00\x12\x00"), OUTCOME_DUPLICATE_FIELD, "delta", 2},
};

Test(guard, refuses_bytes_that_are_not_the_one_strict_form)
{
    CHECK(encodings);
}

static const struct row values[] = {
    {"a mandatory field absent", &statement, BYTES("\x0a\x01x\x18\x01\x20\x01"), OUTCOME_FIELD_MISSING,
        "source_evaluation", 0},
    {"a mandatory number 0", &statement, BYTES("\x0a\x01x\x10\x00"), OUTCOME_FIELD_MISSING, "source_evaluation", 3},
    {"a mandatory text empty", &statement, BYTES("\x10\x01\x0a\x00"), OUTCOME_FIELD_MISSING, "text", 2},
    {"a mandatory enum unspecified", &part, BYTES("\x10\x00"), OUTCOME_FIELD_MISSING, "classification", 0},
    {"an unspecified entry, and nothing else", &header, BYTES("\x78\x01\x78\x00"), OUTCOME_FIELD_MISSING, "item_id", 0},
    {"no entry, and nothing else", &header, BYTES("\x7a\x00"), OUTCOME_FIELD_MISSING, "item_id", 0},
    {"a mandatory list absent", &report, BYTES("\x0a\x01t"), OUTCOME_FIELD_MISSING, "statements", 0},
    {"a field absent in a message below", &report, BYTES("\x0a\x01t\x12\x09" STATEMENT "\x12\x03\x0a\x01x"),
        OUTCOME_FIELD_MISSING, "statements[1].source_evaluation", 16},
    {"nothing where something is mandatory", &statement, BYTES(""), OUTCOME_FIELD_MISSING, "text", 0},
    {"a number above its range", &statement, BYTES("\x10\x04"), OUTCOME_FIELD_RANGE, "source_evaluation", 0},
    {"2^32 in 32 bits", &statement, BYTES("\x10\x80\x80\x80\x80\x10"), OUTCOME_FIELD_RANGE, "source_evaluation", 0},
    {"-1 in an unsigned field", &statement, BYTES("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), OUTCOME_FIELD_RANGE,
        "source_evaluation", 0},
    {"a truth value of 2, where the contract says no more", &delta, BYTES("\x20\x02"), OUTCOME_FIELD_RANGE, "continued",
        0},
    {"a truth value of 2", &statement, BYTES("\x28\x02"), OUTCOME_FIELD_RANGE, "opinion", 0},
    {"a moment before 1970", &statement, BYTES("\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), OUTCOME_FIELD_RANGE,
        "verified_unix_ms", 0},
    {"the last moment of the year 9999 in a message without text", &statement,
        BYTES("\x30\xff\xb7\xff\x90\xfd\xce\x39"), OUTCOME_FIELD_MISSING, "text", 0},
    {"a moment after the year 9999", &statement, BYTES("\x30\x80\xb8\xff\x90\xfd\xce\x39"), OUTCOME_FIELD_RANGE,
        "verified_unix_ms", 0},
    {"text too long", &statement,
        BYTES(STATEMENT "\x3a\x09"
                        "123456789"),
        OUTCOME_FIELD_LENGTH, "legacy_grade", 9},
    {"bytes too short", &part, BYTES("\x82\x01\x02zz"), OUTCOME_FIELD_LENGTH, "content_sha256", 0},
    {"an empty entry", &person, BYTES("\x0a\x01p\x12\x00"), OUTCOME_FIELD_LENGTH, "roles[0]", 3},
    {"an enum value that is not listed", &part, BYTES("\x10\x05"), OUTCOME_ENUM_UNKNOWN, "classification", 0},
    {"a negative enum value", &part, BYTES("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), OUTCOME_ENUM_UNKNOWN,
        "classification", 0},
    {"an enum value that is listed but for its 32nd bit", &part, BYTES("\x10\x81\x80\x80\x80\x10"),
        OUTCOME_ENUM_UNKNOWN, "classification", 0},
    {"broken text", &statement, BYTES("\x0a\x01\xff"), OUTCOME_UTF8_BROKEN, "text", 0},
    {"text with NUL", &statement,
        BYTES("\x0a\x03"
              "a\0b"),
        OUTCOME_TEXT_NUL, "text", 0},
    {"a broken entry", &person, BYTES("\x0a\x01p\x12\x01r\x12\x02\xc3r"), OUTCOME_UTF8_BROKEN, "roles[1]", 6},
    {"nine entries of eight", &person,
        BYTES("\x12\x01r\x12\x01r\x12\x01r\x12\x01r\x12\x01r\x12\x01r\x12\x01r\x12\x01r\x12\x01r"), OUTCOME_WIRE_LIMIT,
        "roles[8]", 24},
};

Test(guard, refuses_values_that_the_contract_does_not_allow)
{
    CHECK(values);
}

Test(guard, names_field_and_offset_as_the_caller_sees_them)
{
    static const struct slice bytes = BYTES("\x0a\x01t\x12\x03\x28\x02\x00");
    struct refusal why;
    cr_assert(!guard_check(bytes, report, "parts[3].content.", 100, &why));
    cr_expect_str_eq(why.path, "parts[3].content.statements[0].opinion");
    cr_expect(why.offset == 105);
    cr_assert(!guard_check(slice_of("\x80", 1), report, "header.", 7, &why));
    cr_expect_str_eq(why.path, "header", "what has no field of its own is the message's fault");
    cr_expect(why.offset == 7);
    cr_assert(!guard_check(slice_of("\x90\x06\x01", 3), report, "header.", 0, &why));
    cr_expect_str_eq(why.path, "header.98");
}

Test(guard, cuts_a_path_that_is_too_long_and_stays_within_its_buffer)
{
    char prefix[2 * REFUSAL_PATH_BYTES];
    memset(prefix, 'p', sizeof prefix - 1);
    prefix[sizeof prefix - 1] = 0;
    struct refusal why;
    cr_assert(!guard_check(slice_of("\x28\x02", 2), statement, prefix, 0, &why));
    cr_expect(strlen(why.path) == REFUSAL_PATH_BYTES - 1);
}

// A type that holds itself, as no type of the contract does: message Nest { Nest nest = 1; }
struct nest {
    ProtobufCMessage base;
    struct nest *nest;
};
static const ProtobufCMessageDescriptor nest_descriptor;
static const ProtobufCFieldDescriptor nest_fields[] = {{
    .name = "nest",
    .id = 1,
    .label = PROTOBUF_C_LABEL_NONE,
    .type = PROTOBUF_C_TYPE_MESSAGE,
    .offset = offsetof(struct nest, nest),
    .descriptor = &nest_descriptor,
}};
static const ProtobufCMessageDescriptor nest_descriptor = {
    .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
    .name = "Nest",
    .short_name = "Nest",
    .sizeof_message = sizeof(struct nest),
    .n_fields = 1,
    .fields = nest_fields,
};

// The length of depth messages one in the other, written from the end of buffer; *start says where they begin.
static size_t nested(uint8_t *buffer, size_t size, unsigned depth, const uint8_t **start)
{
    size_t len = 0;
    for (unsigned i = 1; i < depth; i++) {
        uint8_t head[8];
        struct wire_writer writer = {head, 0, sizeof head};
        wire_put_varint(&writer, 10);
        wire_put_varint(&writer, len);
        memcpy(buffer + size - len - writer.len, head, writer.len);
        len += writer.len;
    }
    *start = buffer + size - len;
    return len;
}

Test(guard, goes_sixteen_messages_deep_and_no_deeper)
{
    static uint8_t buffer[1 << 18];
    struct refusal why;
    const uint8_t *start;
    size_t len = nested(buffer, sizeof buffer, GUARD_DEPTH, &start);
    cr_expect(guard_check(slice_of(start, len), &nest_descriptor, "", 0, &why));
    len = nested(buffer, sizeof buffer, GUARD_DEPTH + 1, &start);
    cr_assert(!guard_check(slice_of(start, len), &nest_descriptor, "", 0, &why));
    cr_expect(why.outcome == OUTCOME_WIRE_LIMIT);
    cr_expect(why.offset == 30);
    len = nested(buffer, sizeof buffer, 60000, &start);
    cr_assert(!guard_check(slice_of(start, len), &nest_descriptor, "", 0, &why));
    cr_expect(why.outcome == OUTCOME_WIRE_LIMIT);
}

Test(guard, takes_so_many_fields_and_so_many_bytes_and_no_more)
{
    static uint8_t buffer[GUARD_VALUE_BYTES + 1];
    struct wire_writer writer = {buffer, 0, sizeof buffer};
    struct refusal why;
    wire_put(&writer, CANARY, 4);
    for (unsigned i = 2; i < GUARD_FIELDS; i++)
        wire_put_bytes(&writer, 5, slice_of("", 0));
    cr_expect(guard_check(wire_written(&writer), canary, "", 0, &why));
    wire_put_bytes(&writer, 5, slice_of("", 0));
    cr_assert(!guard_check(wire_written(&writer), canary, "", 0, &why));
    cr_expect(why.outcome == OUTCOME_WIRE_LIMIT);

    cr_assert(!guard_check(slice_of(buffer, sizeof buffer), canary, "", 0, &why));
    cr_expect(why.outcome == OUTCOME_TOO_LARGE);
    cr_expect(!guard_check(slice_of(NULL, 0), statement, "", 0, &why), "no bytes are no message");
}

static void put_organisation(struct wire_writer *registry)
{
    uint8_t bytes[1024], key_bytes[64];
    struct wire_writer organisation = {bytes, 0, sizeof bytes}, key = {key_bytes, 0, sizeof key_bytes};
    wire_put_bytes(&key, 1, slice_of("0123456789abcdef", 16));
    wire_put_bytes(&key, 2, slice_of("0123456789abcdef0123456789abcdef", 32));
    wire_put_number(&key, 5, SIGNALBOX__V1__KEY_STATE__KEY_STATE_ACTIVE);
    wire_put_bytes(&organisation, 1, slice_of("kent", 4));
    wire_put_bytes(&organisation, 6, slice_of("south-east", 10));
    for (unsigned i = 0; i < 8; i++)
        wire_put_bytes(&organisation, 12, wire_written(&key));
    wire_put_bytes(registry, 3, wire_written(&organisation));
}

Test(guard, takes_a_registry_as_large_as_the_contract_allows)
{
    static uint8_t buffer[GUARD_CONTROL_BYTES], value_bytes[GUARD_CONTROL_BYTES];
    struct wire_writer writer = {buffer, 0, sizeof buffer}, value = {value_bytes, 0, sizeof value_bytes};
    struct refusal why = {.path = ""};
    for (unsigned i = 0; i < 1024; i++)
        put_organisation(&writer);
    cr_expect(guard_check(wire_written(&writer), &signalbox__v1__registry__descriptor, "", 0, &why), "%s", why.path);
    wire_put_bytes(&value, 1, wire_written(&writer));
    cr_expect(guard_check(wire_written(&value), &signalbox__v1__signed__descriptor, "", 0, &why), "%s", why.path);
    put_organisation(&writer);
    cr_expect_not(guard_check(wire_written(&writer), &signalbox__v1__registry__descriptor, "", 0, &why));
}

Test(guard, takes_512_entries_where_the_contract_names_no_limit)
{
    static uint8_t buffer[4096];
    struct wire_writer writer = {buffer, 0, sizeof buffer};
    struct refusal why;
    for (unsigned i = 0; i < GUARD_REPEATS; i++)
        wire_put_bytes(&writer, 1, slice_of("", 0));
    cr_expect(guard_check(wire_written(&writer), &signalbox__v1__lane_mark__descriptor, "", 0, &why));
    wire_put_bytes(&writer, 1, slice_of("", 0));
    cr_assert(!guard_check(wire_written(&writer), &signalbox__v1__lane_mark__descriptor, "", 0, &why));
    cr_expect(why.outcome == OUTCOME_WIRE_LIMIT);
    cr_expect_str_eq(why.path, "positions[512]");
}

static const struct {
    const char *what;
    const ProtobufCMessageDescriptor *const *type;
    struct slice bytes;
    bool passes, newer;
} of_readers[] = {
    {"what this contract knows", &statement, BYTES(STATEMENT), true, false},
    {"an unknown number", &statement, BYTES(STATEMENT "\xf8\x06\x01"), true, true},
    {"unknown bytes", &statement, BYTES(STATEMENT "\x42\x01x"), true, true},
    {"unknown bytes of a message below", &report, BYTES("\x0a\x01t\x12\x0c" STATEMENT "\x42\x01x"), true, true},
    {"an unknown fixed field", &statement, BYTES(STATEMENT "\x45\x01\x02\x03\x04"), true, true},
    {"a field far above all bits", &statement, BYTES(STATEMENT "\xf8\xff\xff\xff\x0f\x01"), true, true},
    {"an enum value that is not listed", &subscription, BYTES("\x28\x63"), true, true},
    {"an unknown group", &statement, BYTES(STATEMENT "\x43\x44"), false, false},
    {"an unknown field cut off", &statement, BYTES(STATEMENT "\x42\x02x"), false, false},
    {"an unknown number in more bytes than it needs", &statement, BYTES(STATEMENT "\xf8\x06\x81\x00"), false, false},
    {"a known field twice", &statement, BYTES(STATEMENT "\x10\x02"), false, false},
    {"a known field of another type", &statement, BYTES("\x08\x01"), false, false},
    {"a number above its range", &statement, BYTES("\x10\x04"), false, false},
    {"a mandatory field absent", &statement, BYTES("\x0a\x01x\x18\x01\x20\x01"), false, false},
    {"broken text", &statement, BYTES("\x0a\x01\xff"), false, false},
};

Test(guard, passes_over_for_readers_what_a_newer_contract_adds_and_nothing_else)
{
    for (size_t i = 0; i < sizeof of_readers / sizeof *of_readers; i++) {
        struct refusal why = {.path = ""};
        bool newer = false, before = true;
        bool passes = guard_check_newer(of_readers[i].bytes, *of_readers[i].type, "", 0, &newer, &why);
        cr_expect_eq(passes, of_readers[i].passes, "%s: %s", of_readers[i].what, why.path);
        cr_expect_eq(newer, of_readers[i].newer, "%s", of_readers[i].what);
        cr_expect_eq(guard_check_newer(of_readers[i].bytes, *of_readers[i].type, "", 0, NULL, &why),
            of_readers[i].passes && !of_readers[i].newer, "%s, without a place to say so", of_readers[i].what);
        guard_check_newer(of_readers[i].bytes, *of_readers[i].type, "", 0, &before, &why);
        cr_expect(before, "%s: what was newer stays so", of_readers[i].what);
    }
}
