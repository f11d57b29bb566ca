// SPDX-License-Identifier: Apache-2.0
// Copies for readers: what they hold, that they still verify, that no byte of a withheld part or of the routing block
// is in them, and that their length does not tell how much was withheld. And what older readers make of newer items.
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

TestSuite(copy, .init = setup, .fini = teardown);

static struct kit_item *item_in_parts(uint32_t n, uint64_t seed)
{
    struct kit_item *item = kit_report(&arena, "kent", seed);
    for (uint32_t i = 1; i < n; i++)
        kit_add_part(&arena, item);
    return item;
}

static struct envelope ordered(struct slice value, bool *newer)
{
    struct envelope envelope;
    struct refusal why = {.path = ""};
    cr_assert(envelope_open(value, newer, &envelope, &why) && envelope_infos(&envelope, &arena, &why), "%s %s",
        outcome_row(why.outcome)->code, why.path);
    return envelope;
}

static const Signalbox__V1__Header *header_of(const struct envelope *envelope)
{
    struct refusal why = {.path = ""};
    const Signalbox__V1__Header *header = envelope_header(envelope, &arena, &why);
    cr_assert_not_null(header, "%s %s", outcome_row(why.outcome)->code, why.path);
    return header;
}

static void put_field(struct wire_writer *writer, struct slice field)
{
    wire_put(writer, field.data, field.len);
}

// The same envelope with its fields in another order.
static struct slice reordered(struct slice value)
{
    struct wire_writer writer = {arena_alloc(&arena, value.len), 0, value.len};
    struct envelope envelope;
    struct refusal why;
    cr_assert(envelope_open(value, NULL, &envelope, &why));
    put_field(&writer, envelope.proof_field);
    put_field(&writer, envelope.routing_field);
    for (uint32_t i = 0; i < envelope.n_parts; i++)
        put_field(&writer, envelope.parts[i].field);
    put_field(&writer, envelope.header_field);
    return wire_written(&writer);
}

Test(copy, of_everything_is_the_front_of_the_record_itself)
{
    struct slice value = kit_envelope(&arena, item_in_parts(3, 1));
    struct envelope envelope = ordered(value, NULL);
    struct slice copy = envelope_copy(&envelope, 7, &arena);
    cr_expect_eq(copy.data, value.data);
    cr_expect_eq(copy.len, value.len - envelope.routing_field.len);
    cr_expect_eq(envelope_copy(&envelope, UINT32_MAX, &arena).data, value.data, "parts that are not there are none");

    struct slice built = reordered(value);
    envelope = ordered(built, NULL);
    struct slice other = envelope_copy(&envelope, 7, &arena);
    cr_expect(slice_equal(other, copy), "in the same order, however the record was written");
    cr_expect(other.data < built.data || other.data >= built.data + built.len);
}

Test(copy, of_a_copy_is_the_copy)
{
    struct envelope envelope = ordered(kit_envelope(&arena, item_in_parts(3, 1)), NULL);
    struct slice copy = envelope_copy(&envelope, 5, &arena);
    struct envelope some = ordered(copy, NULL);
    cr_expect(slice_equal(envelope_copy(&some, 3, &arena), copy));
    cr_expect_eq(some.routing_field.len, 0);
}

static void check_subset(const struct envelope *all, const Signalbox__V1__Header *header, uint32_t parts)
{
    struct envelope some = ordered(envelope_copy(all, parts, &arena), NULL);
    struct refusal why;
    uint32_t n = 0;
    cr_assert(slice_equal(some.header, all->header) && slice_equal(some.proof_field, all->proof_field));
    cr_assert_eq(some.routing_field.len, 0);
    cr_assert(envelope_digests(&some, header, &why) && envelope_bodies(&some, header, &why), "what is left verifies");
    for (uint32_t i = 0; i < all->n_parts; i++)
        if (parts >> i & 1) {
            cr_assert(slice_equal(some.parts[n].field, all->parts[i].field));
            cr_assert_eq(some.parts[n++].info->number, all->parts[i].info->number);
        }
    cr_assert_eq(some.n_parts, n);
    cr_assert_eq(envelope_filled(&some, UINT32_MAX), envelope_filled(all, parts));
}

Test(copy, of_any_parts_verifies_and_changes_nothing_else)
{
    for (uint32_t n = 1; n <= 8; n++) {
        struct slice value = kit_envelope(&arena, item_in_parts(n, n));
        struct envelope all = ordered(n % 2 ? value : reordered(value), NULL);
        const Signalbox__V1__Header *header = header_of(&all);
        for (uint32_t parts = 0; parts < 1u << n; parts++)
            check_subset(&all, header, parts);
        arena_reset(&arena);
    }
}

static bool holds(struct slice bytes, struct slice inner)
{
    return memmem(bytes.data, bytes.len, inner.data, inner.len) != NULL;
}

#define CANARY "canary that nobody may see"

// One text in every field of the block that can hold one.
static void fill_routing(struct kit_item *item)
{
    static const char *const forces[] = {CANARY};
    kit_set_text(&arena, &item->routing->reference, CANARY);
    kit_set_text(&arena, &item->routing->place, CANARY);
    kit_set_text(&arena, &item->routing->overlap_contact, CANARY);
    kit_set_texts(&arena, &item->routing->n_home_forces, &item->routing->home_forces, forces, 1);
}

static void fill_part(Signalbox__V1__PartInfo *info, Signalbox__V1__ReportBody *body)
{
    static const char *const one[] = {CANARY};
    kit_set_text(&arena, &info->title, CANARY);
    kit_set_text(&arena, &info->marking_text, CANARY);
    kit_set_text(&arena, &info->usage, CANARY);
    kit_set_text(&arena, &info->organisation, CANARY);
    kit_set_texts(&arena, &info->n_recipients, &info->recipients, one, 1);
    kit_set_texts(&arena, &info->n_instructions, &info->instructions, one, 1);
    kit_set_texts(&arena, &info->n_descriptors, &info->descriptors, one, 1);
    kit_set_text(&arena, &body->title, CANARY);
    kit_set_text(&arena, &body->statements[0]->text, CANARY);
}

Test(copy, holds_no_byte_of_what_is_withheld)
{
    for (uint32_t withheld = 0; withheld < 5; withheld++) {
        struct kit_item *item = item_in_parts(5, 9);
        fill_routing(item);
        fill_part(item->infos[withheld], kit_report_body(item, withheld));
        struct envelope all = ordered(kit_envelope(&arena, item), NULL);
        for (uint32_t parts = 0; parts < 1u << 5; parts++) {
            struct slice copy = envelope_copy(&all, parts, &arena);
            cr_assert_eq(holds(copy, slice_text(CANARY)), parts >> withheld & 1);
            for (uint32_t i = 0; i < 5; i++) {
                cr_assert_eq(holds(copy, all.parts[i].salt), parts >> i & 1, "the salt of part %u", i);
                cr_assert_eq(holds(copy, slice_of(item->infos[i]->content_sha256.data, DIGEST_BYTES)), parts >> i & 1);
            }
            cr_assert_not(holds(copy, slice_of(item->routing->salt.data, item->routing->salt.len)));
        }
    }
}

// An item of so many parts of which all but the first are withheld. The first has the same number in all of them, and
// lies in no slot that is written in fewer bytes.
static size_t copy_length(uint32_t parts, uint32_t given, uint64_t seed)
{
    struct kit_item *item = item_in_parts(parts, 1);
    item->raw_numbers = true;
    for (uint32_t i = 0; i < parts; i++)
        item->infos[i]->number = 300 + i;
    do
        kit_shuffle(item, seed++), kit_seal(&arena, item);
    while (memchr(item->slots, 0, given));
    struct envelope envelope = ordered(kit_envelope(&arena, item), NULL);
    return envelope_copy(&envelope, (1u << given) - 1, &arena).len;
}

Test(copy, is_as_long_with_one_part_withheld_as_with_three)
{
    cr_expect_eq(copy_length(1, 1, 7), copy_length(2, 1, 70), "none or one");
    cr_expect_eq(copy_length(2, 1, 7), copy_length(3, 1, 70), "one or two");
    cr_expect_eq(copy_length(2, 1, 7), copy_length(4, 1, 70), "one or three");
    cr_expect_eq(copy_length(5, 4, 7), copy_length(7, 4, 70), "one or three");
    cr_expect_eq(copy_length(9, 8, 7), copy_length(11, 8, 70), "one or three");
}

Test(copy, does_not_tell_which_slots_are_real)
{
    unsigned real[8] = {0};
    for (uint64_t seed = 0; seed < 10000; seed++) {
        struct kit_item *item = item_in_parts(5, 1);
        kit_shuffle(item, seed);
        kit_seal(&arena, item);
        for (uint32_t slot = 0; slot < 8; slot++)
            real[slot] += item->routing->real_slots >> slot & 1;
        arena_reset(&arena);
    }
    for (uint32_t slot = 0; slot < 8; slot++)
        cr_expect(real[slot] > 6050 && real[slot] < 6450, "slot %u is real %u times in 10,000", slot, real[slot]);
}

// --- older readers, newer items ---

static struct slice longer(struct slice bytes)
{
    uint8_t *out = arena_alloc(&arena, bytes.len + 5);
    memcpy(out, bytes.data, bytes.len);
    memcpy(out + bytes.len, "\xba\x3e\x02hi", 5); // field 999
    return slice_of(out, bytes.len + 5);
}

static struct slice newer_envelope(void)
{
    return longer(kit_envelope(&arena, item_in_parts(2, 1)));
}

static struct slice newer_header(void)
{
    struct kit_item *item = item_in_parts(2, 1);
    item->raw_header = longer(kit_seal(&arena, item));
    return kit_envelope(&arena, item);
}

static struct slice newer_info(void)
{
    struct kit_item *item = item_in_parts(2, 1);
    kit_seal(&arena, item);
    item->raw_infos[1] = longer(kit_packed(&arena, &item->infos[1]->base));
    return kit_envelope(&arena, item);
}

static struct slice newer_value(void)
{
    struct kit_item *item = item_in_parts(2, 1);
    item->header->priority = (Signalbox__V1__Priority)9;
    return kit_envelope(&arena, item);
}

static struct slice newer_body(void)
{
    Signalbox__V1__Envelope *tree;
    struct kit_item *item = item_in_parts(1, 1);
    struct slice content = longer(kit_packed(&arena, item->bodies[0]));
    struct digest digest = digest_of(content);
    kit_seal(&arena, item);
    item->infos[0]->size_bytes = (uint32_t)content.len;
    memcpy(item->infos[0]->content_sha256.data, digest.bytes, DIGEST_BYTES);
    item->raw_infos[0] = kit_packed(&arena, &item->infos[0]->base);
    struct slice value = kit_envelope(&arena, item);
    tree = signalbox__v1__envelope__unpack(arena_allocator(&arena), value.len, value.data);
    tree->parts[0]->content = (ProtobufCBinaryData){.len = content.len, .data = (uint8_t *)(uintptr_t)content.data};
    return kit_packed(&arena, &tree->base);
}

static struct slice known(void)
{
    return kit_envelope(&arena, item_in_parts(2, 1));
}

static bool reads(struct slice value, bool *newer, struct refusal *why)
{
    struct envelope envelope;
    const Signalbox__V1__Header *header;
    return envelope_open(value, newer, &envelope, why) && (header = envelope_header(&envelope, &arena, why)) &&
           envelope_infos(&envelope, &arena, why) && envelope_digests(&envelope, header, why) &&
           envelope_bodies(&envelope, header, why);
}

Test(copy, of_a_newer_contract_is_read_and_said_to_be_newer)
{
    static const struct {
        const char *name;
        struct slice (*make)(void);
        bool newer;
        enum outcome hub;
    } rows[] = {
        {"nothing new", known, false, OUTCOME_ACCEPTED},
        {"a field of the envelope", newer_envelope, true, OUTCOME_UNKNOWN_FIELD},
        {"a field of the header", newer_header, true, OUTCOME_UNKNOWN_FIELD},
        {"a field of what is said of a part", newer_info, true, OUTCOME_UNKNOWN_FIELD},
        {"a field of a body", newer_body, true, OUTCOME_UNKNOWN_FIELD},
        {"a value of a list", newer_value, true, OUTCOME_ENUM_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice value = rows[i].make();
        struct refusal why = {.outcome = OUTCOME_ACCEPTED, .path = ""};
        bool newer = false;
        cr_expect(reads(value, &newer, &why), "%s: %s", rows[i].name, why.path);
        cr_expect_eq(newer, rows[i].newer, "%s", rows[i].name);
        cr_expect_eq(reads(value, NULL, &why), rows[i].hub == OUTCOME_ACCEPTED, "%s", rows[i].name);
        cr_expect_eq(why.outcome, (unsigned)rows[i].hub, "%s: %s", rows[i].name, outcome_row(why.outcome)->code);
    }
}
