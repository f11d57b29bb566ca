// SPDX-License-Identifier: Apache-2.0
#include "hub/contract/envelope.h"
#include "hub/contract/outcome.h"
#include "tests/kit/core/envelopes.h"
#include "tests/kit/core/wire_writer.h"
#include <criterion/criterion.h>

static struct arena arena;

static void setup(void)
{
    arena_init(&arena, 0);
}

static void teardown(void)
{
    arena_deinit(&arena);
}

TestSuite(envelope, .init = setup, .fini = teardown);

// A report in n parts, sealed, as the hub gets it.
static struct slice report_in_parts(uint32_t n)
{
    struct kit_item *item = kit_report(&arena, "kent", 1);
    for (uint32_t i = 1; i < n; i++)
        kit_add_part(&arena, item);
    return kit_envelope(&arena, item);
}

static struct envelope opened(struct slice value)
{
    struct envelope envelope;
    struct refusal why = {.path = ""};
    cr_assert(envelope_open(value, &envelope, &why), "%s %s", outcome_row(why.outcome)->code, why.path);
    return envelope;
}

static const Signalbox__V1__Header *header_of(const struct envelope *envelope)
{
    struct refusal why = {.path = ""};
    const Signalbox__V1__Header *header = envelope_header(envelope, &arena, &why);
    cr_assert_not_null(header, "%s %s", outcome_row(why.outcome)->code, why.path);
    return header;
}

static bool lies_in(struct slice inner, struct slice outer)
{
    return inner.data >= outer.data && inner.data + inner.len <= outer.data + outer.len;
}

Test(envelope, opens_into_slices_of_the_record_itself)
{
    struct slice value = report_in_parts(2);
    struct envelope envelope = opened(value);
    Signalbox__V1__Envelope *tree = signalbox__v1__envelope__unpack(arena_allocator(&arena), value.len, value.data);
    cr_expect(slice_equal(envelope.header, slice_of(tree->header.data, tree->header.len)));
    cr_expect(slice_equal(envelope.key_id, slice_of(tree->proof->key_id.data, tree->proof->key_id.len)));
    cr_expect(slice_equal(envelope.signature, slice_of(tree->proof->signature.data, tree->proof->signature.len)));
    cr_expect(envelope.batch_size == 1 && envelope.leaf_index == 0 && envelope.n_path == 0);
    cr_expect(envelope.n_parts == 2);
    for (uint32_t i = 0; i < 2; i++) {
        const struct envelope_part *part = &envelope.parts[i];
        cr_assert(part->present);
        cr_expect(slice_equal(part->salt, slice_of(tree->parts[i]->salt.data, tree->parts[i]->salt.len)));
        cr_expect(slice_equal(part->content, slice_of(tree->parts[i]->content.data, tree->parts[i]->content.len)));
        cr_expect(lies_in(part->content, part->field) && lies_in(part->field, value));
    }
    cr_expect(!envelope.parts[2].present);
    cr_expect(lies_in(envelope.header, value) && lies_in(envelope.proof_field, value));
}

Test(envelope, keeps_the_path_of_a_batch)
{
    struct kit_item *items[5];
    struct slice values[5];
    for (uint64_t i = 0; i < 5; i++)
        items[i] = kit_report(&arena, "kent", i);
    kit_batch(&arena, items, 5, values);
    struct envelope envelope = opened(values[3]);
    cr_expect(envelope.batch_size == 64 && envelope.leaf_index == 3 && envelope.n_path == 6);
    for (uint32_t i = 0; i < envelope.n_path; i++)
        cr_expect(envelope.path[i].len == DIGEST_BYTES);
}

Test(envelope, takes_its_fields_in_any_order)
{
    uint8_t buffer[8192];
    struct wire_writer writer = {buffer, 0, sizeof buffer};
    struct envelope one = opened(report_in_parts(2));
    wire_put(&writer, one.proof_field.data, one.proof_field.len);
    wire_put(&writer, one.parts[0].field.data, one.parts[0].field.len);
    wire_put(&writer, one.header_field.data, one.header_field.len);
    wire_put(&writer, one.parts[1].field.data, one.parts[1].field.len);
    struct envelope other = opened(wire_written(&writer));
    cr_expect(slice_equal(one.header, other.header) && slice_equal(one.parts[1].content, other.parts[1].content));
    cr_expect(slice_equal(one.signature, other.signature));
}

// Writes header, the parts of the given indexes and proof.
static struct slice with_parts(const struct envelope *from, const unsigned *indexes, size_t n)
{
    uint8_t *buffer = arena_alloc(&arena, 1 << 16);
    struct wire_writer writer = {buffer, 0, 1 << 16};
    wire_put(&writer, from->header_field.data, from->header_field.len);
    for (size_t i = 0; i < n; i++)
        wire_put(&writer, from->parts[indexes[i]].field.data, from->parts[indexes[i]].field.len);
    wire_put(&writer, from->proof_field.data, from->proof_field.len);
    return wire_written(&writer);
}

Test(envelope, wants_its_parts_in_ascending_order_each_once)
{
    static const struct {
        unsigned indexes[3];
        size_t n;
        bool opens;
        const char *path;
    } rows[] = {
        {{0, 1, 2}, 3, true, ""},
        {{0, 2}, 2, true, ""},
        {{2}, 1, true, ""},
        {{0}, 0, true, ""},
        {{1, 0}, 2, false, "parts[1].index"},
        {{0, 0}, 2, false, "parts[1].index"},
        {{0, 2, 1}, 3, false, "parts[2].index"},
    };
    struct envelope all = opened(report_in_parts(3));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct envelope envelope;
        struct refusal why = {.path = ""};
        bool opens = envelope_open(with_parts(&all, rows[i].indexes, rows[i].n), &envelope, &why);
        cr_expect(opens == rows[i].opens, "row %zu", i);
        cr_expect_str_eq(why.path, rows[i].path, "row %zu: %s", i, why.path);
        cr_expect(opens || (why.outcome == OUTCOME_ENVELOPE_PARTS && why.offset > 0), "row %zu", i);
        cr_expect(!opens || envelope.n_parts == rows[i].n, "row %zu", i);
    }
}

Test(envelope, refuses_what_is_no_envelope)
{
    static uint8_t large[256 * 1024 + 1];
    static const struct {
        struct slice value;
        enum outcome outcome;
        const char *path;
    } rows[] = {
        {{(const uint8_t *)"", 0}, OUTCOME_EMPTY, ""},
        {{large, sizeof large}, OUTCOME_TOO_LARGE, ""},
        {{(const uint8_t *)"{\"header\":1}", 12}, OUTCOME_WIRE_BROKEN, "15"},
        {{(const uint8_t *)"\x0a\x01h", 3}, OUTCOME_FIELD_MISSING, "proof"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct envelope envelope;
        struct refusal why;
        cr_assert(!envelope_open(rows[i].value, &envelope, &why), "row %zu", i);
        cr_expect(why.outcome == rows[i].outcome, "row %zu: %s", i, outcome_row(why.outcome)->code);
        cr_expect_str_eq(why.path, rows[i].path, "row %zu: %s", i, why.path);
    }
}

Test(envelope, gives_the_header_or_the_field_at_fault_with_its_place_in_the_record)
{
    struct kit_item *item = kit_report(&arena, "kent", 1);
    struct envelope envelope = opened(kit_envelope(&arena, item));
    const Signalbox__V1__Header *header = header_of(&envelope);
    cr_expect_str_eq(header->agency, "kent");
    cr_expect(header->n_parts == 1);

    kit_set_text(&arena, &item->header->subject, "a\xff");
    struct slice value = kit_envelope(&arena, item);
    struct refusal why;
    envelope = opened(value);
    cr_assert_null(envelope_header(&envelope, &arena, &why));
    cr_expect(why.outcome == OUTCOME_UTF8_BROKEN);
    cr_expect_str_eq(why.path, "header.subject");
    cr_assert(why.offset > 0 && (size_t)why.offset + 4 <= value.len);
    cr_expect(memcmp(value.data + why.offset,
                  "\x32\x02"
                  "a\xff",
                  4) == 0,
        "offset %ld", (long)why.offset);
}

Test(envelope, fails_closed_when_there_is_no_room_for_the_header)
{
    struct envelope envelope = opened(report_in_parts(1));
    struct arena small;
    struct refusal why;
    arena_init(&small, 64);
    cr_assert_null(envelope_header(&envelope, &small, &why));
    cr_expect(why.outcome == OUTCOME_STATE_FULL);
    cr_expect_str_eq(why.path, "header");
    arena_deinit(&small);
}

Test(envelope, verifies_the_digest_of_every_part_it_carries)
{
    struct envelope envelope = opened(report_in_parts(2));
    const Signalbox__V1__Header *header = header_of(&envelope);
    struct refusal why;
    cr_expect(envelope_digests(&envelope, header, true, &why));

    uint8_t *content = (uint8_t *)(uintptr_t)envelope.parts[1].content.data;
    content[5] ^= 1;
    cr_assert(!envelope_digests(&envelope, header, true, &why));
    cr_expect(why.outcome == OUTCOME_DIGEST_BAD);
    cr_expect_str_eq(why.path, "parts[1].content");
    cr_expect(why.offset == envelope.parts[1].content.data - envelope.value.data);
    content[5] ^= 1;

    uint8_t *salt = (uint8_t *)(uintptr_t)envelope.parts[0].salt.data;
    salt[0] ^= 1;
    cr_expect(!envelope_digests(&envelope, header, false, &why), "the salt is part of the digest");
    salt[0] ^= 1;

    header->parts[0]->size_bytes++;
    cr_assert(!envelope_digests(&envelope, header, true, &why));
    cr_expect(why.outcome == OUTCOME_DIGEST_BAD, "the size is signed too");
}

Test(envelope, may_lack_a_part_on_a_feed_but_not_on_the_way_in)
{
    struct envelope all = opened(report_in_parts(3)), some = opened(with_parts(&all, (unsigned[]){0, 2}, 2));
    const Signalbox__V1__Header *header = header_of(&all);
    struct refusal why;
    cr_expect(envelope_digests(&some, header, false, &why));
    cr_assert(!envelope_digests(&some, header, true, &why));
    cr_expect(why.outcome == OUTCOME_ENVELOPE_PARTS);
    cr_expect_str_eq(why.path, "header.parts[1]");
}

Test(envelope, carries_no_part_that_the_header_does_not_list)
{
    struct envelope one = opened(report_in_parts(1)), three = opened(report_in_parts(3));
    struct refusal why;
    cr_assert(!envelope_digests(&three, header_of(&one), false, &why));
    cr_expect(why.outcome == OUTCOME_ENVELOPE_PARTS);
    cr_expect_str_eq(why.path, "parts[1]");
}

Test(envelope, guards_every_body_as_the_kind_that_the_header_names)
{
    struct kit_item *item = kit_report(&arena, "kent", 1);
    kit_add_part(&arena, item);
    struct envelope envelope = opened(kit_envelope(&arena, item));
    struct refusal why;
    cr_expect(envelope_bodies(&envelope, header_of(&envelope), &why));

    kit_report_body(item, 1)->statements[0]->handling = 3;
    envelope = opened(kit_envelope(&arena, item));
    cr_assert(!envelope_bodies(&envelope, header_of(&envelope), &why));
    cr_expect(why.outcome == OUTCOME_FIELD_RANGE);
    cr_expect_str_eq(why.path, "parts[1].content.statements[0].handling");
    cr_expect(memcmp(envelope.value.data + why.offset, "\x20\x03", 2) == 0);

    item->header->kind = SIGNALBOX__V1__KIND__KIND_RECALL;
    envelope = opened(kit_envelope(&arena, item));
    cr_expect(!envelope_bodies(&envelope, header_of(&envelope), &why), "a report is no recall");
}

Test(envelope, knows_a_body_for_every_kind)
{
    const ProtobufCEnumDescriptor *kinds = &signalbox__v1__kind__descriptor;
    for (unsigned i = 0; i < kinds->n_values; i++)
        cr_expect(
            (envelope_body_type((Signalbox__V1__Kind)kinds->values[i].value) != NULL) == (kinds->values[i].value != 0),
            "%s", kinds->values[i].name);
}

Test(envelope, withholds_parts_and_changes_nothing_else)
{
    struct slice value = report_in_parts(3);
    struct envelope all = opened(value);
    const Signalbox__V1__Header *header = header_of(&all);
    struct refusal why;
    cr_expect(slice_equal(envelope_withhold(&all, 7, &arena), value), "all parts make the record again");
    for (uint32_t parts = 0; parts < 8; parts++) {
        struct envelope some = opened(envelope_withhold(&all, parts, &arena));
        cr_expect(slice_equal(some.header, all.header) && slice_equal(some.proof_field, all.proof_field));
        cr_expect(envelope_digests(&some, header, false, &why), "what is left still verifies");
        for (uint32_t i = 0; i < 3; i++) {
            cr_expect(some.parts[i].present == (parts >> i & 1));
            cr_expect(!some.parts[i].present || slice_equal(some.parts[i].content, all.parts[i].content));
        }
    }
}

Test(envelope, withheld_from_ignores_parts_that_are_not_there)
{
    struct slice value = report_in_parts(1);
    struct envelope envelope = opened(value);
    cr_expect(slice_equal(envelope_withhold(&envelope, UINT32_MAX, &arena), value));
}
