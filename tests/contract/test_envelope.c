// SPDX-License-Identifier: Apache-2.0
// An envelope opened: what lies where, what is refused of header, routing block and parts, and each with which code.
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

static struct kit_item *item_in_parts(uint32_t n, uint64_t seed)
{
    struct kit_item *item = kit_report(&arena, "kent", seed);
    for (uint32_t i = 1; i < n; i++)
        kit_add_part(&arena, item);
    return item;
}

// A report in n parts, sealed, as the hub gets it.
static struct slice report_in_parts(uint32_t n)
{
    return kit_envelope(&arena, item_in_parts(n, 1));
}

static struct envelope opened(struct slice value)
{
    struct envelope envelope;
    struct refusal why = {.path = ""};
    cr_assert(envelope_open(value, NULL, &envelope, &why), "%s %s", outcome_row(why.outcome)->code, why.path);
    return envelope;
}

static const Signalbox__V1__Header *header_of(const struct envelope *envelope)
{
    struct refusal why = {.path = ""};
    const Signalbox__V1__Header *header = envelope_header(envelope, &arena, &why);
    cr_assert_not_null(header, "%s %s", outcome_row(why.outcome)->code, why.path);
    return header;
}

// Opened, with its parts in the order of their numbers.
static struct envelope ordered(struct slice value)
{
    struct envelope envelope = opened(value);
    struct refusal why = {.path = ""};
    cr_assert(envelope_infos(&envelope, &arena, &why), "%s %s", outcome_row(why.outcome)->code, why.path);
    return envelope;
}

static bool lies_in(struct slice inner, struct slice outer)
{
    return inner.data >= outer.data && inner.data + inner.len <= outer.data + outer.len;
}

static struct slice bytes_in(ProtobufCBinaryData bytes)
{
    return slice_of(bytes.data, bytes.len);
}

static Signalbox__V1__Envelope *tree_of(struct slice value)
{
    return signalbox__v1__envelope__unpack(arena_allocator(&arena), value.len, value.data);
}

Test(envelope, opens_into_slices_of_the_record_itself)
{
    struct slice value = report_in_parts(2);
    struct envelope envelope = opened(value);
    Signalbox__V1__Envelope *tree = tree_of(value);
    cr_expect(slice_equal(envelope.header, bytes_in(tree->header)));
    cr_expect(slice_equal(envelope.routing, bytes_in(tree->routing)));
    cr_expect(slice_equal(envelope.key_id, bytes_in(tree->proof->key_id)));
    cr_expect(slice_equal(envelope.signature, bytes_in(tree->proof->signature)));
    cr_expect(envelope.batch_size == 1 && envelope.leaf_index == 0 && envelope.n_path == 0);
    cr_expect(envelope.n_parts == 2);
    for (uint32_t i = 0; i < 2; i++) {
        const struct envelope_part *part = &envelope.parts[i];
        cr_expect_eq(part->slot, tree->parts[i]->slot);
        cr_expect(slice_equal(part->salt, bytes_in(tree->parts[i]->salt)));
        cr_expect(slice_equal(part->info_bytes, bytes_in(tree->parts[i]->info)));
        cr_expect(slice_equal(part->content, bytes_in(tree->parts[i]->content)));
        cr_expect(lies_in(part->content, part->field) && lies_in(part->info_bytes, part->field));
        cr_expect(lies_in(part->field, value));
    }
    cr_expect(lies_in(envelope.header, envelope.header_field) && lies_in(envelope.header_field, value));
    cr_expect(lies_in(envelope.routing, envelope.routing_field) && lies_in(envelope.routing_field, value));
    cr_expect(lies_in(envelope.signature, envelope.proof_field) && lies_in(envelope.proof_field, value));
}

Test(envelope, keeps_the_path_of_a_batch)
{
    static struct kit_item *items[64];
    static struct slice values[64];
    for (uint64_t i = 0; i < 64; i++)
        items[i] = kit_report(&arena, "kent", i);
    kit_batch(&arena, items, 64, values);
    struct envelope envelope = opened(values[3]);
    cr_expect(envelope.batch_size == 64 && envelope.leaf_index == 3 && envelope.n_path == 6);
    for (uint32_t i = 0; i < envelope.n_path; i++)
        cr_expect(envelope.path[i].len == DIGEST_BYTES);
}

static void put_field(struct wire_writer *writer, struct slice field)
{
    wire_put(writer, field.data, field.len);
}

Test(envelope, takes_its_fields_in_any_order)
{
    uint8_t buffer[8192];
    struct wire_writer writer = {buffer, 0, sizeof buffer};
    struct envelope one = opened(report_in_parts(2));
    put_field(&writer, one.routing_field);
    put_field(&writer, one.proof_field);
    put_field(&writer, one.parts[0].field);
    put_field(&writer, one.header_field);
    put_field(&writer, one.parts[1].field);
    struct envelope other = opened(wire_written(&writer));
    cr_expect(slice_equal(one.header, other.header) && slice_equal(one.parts[1].content, other.parts[1].content));
    cr_expect(slice_equal(one.signature, other.signature) && slice_equal(one.routing, other.routing));
}

// Writes header, the parts of the given places and proof.
static struct slice with_parts(const struct envelope *from, const unsigned *places, size_t n)
{
    struct wire_writer writer = {arena_alloc(&arena, 1 << 16), 0, 1 << 16};
    put_field(&writer, from->header_field);
    for (size_t i = 0; i < n; i++)
        put_field(&writer, from->parts[places[i]].field);
    put_field(&writer, from->proof_field);
    return wire_written(&writer);
}

Test(envelope, wants_its_parts_in_ascending_order_of_slot_each_once)
{
    static const struct {
        unsigned places[3];
        size_t n;
        bool opens;
        const char *path;
    } rows[] = {
        {{0, 1, 2}, 3, true, ""},
        {{0, 2}, 2, true, ""},
        {{2}, 1, true, ""},
        {{0}, 0, true, ""},
        {{1, 0}, 2, false, "parts[1].slot"},
        {{0, 0}, 2, false, "parts[1].slot"},
        {{0, 2, 1}, 3, false, "parts[2].slot"},
    };
    struct envelope all = opened(report_in_parts(3));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct envelope envelope;
        struct refusal why = {.path = ""};
        bool opens = envelope_open(with_parts(&all, rows[i].places, rows[i].n), NULL, &envelope, &why);
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
        cr_assert(!envelope_open(rows[i].value, NULL, &envelope, &why), "row %zu", i);
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
    cr_expect(header->n_slots == 4);

    kit_set_text(&arena, &item->header->subject, "a\xff");
    struct slice value = kit_envelope(&arena, item);
    struct refusal why;
    envelope = opened(value);
    cr_assert_null(envelope_header(&envelope, &arena, &why));
    cr_expect(why.outcome == OUTCOME_UTF8_BROKEN);
    cr_expect_str_eq(why.path, "header.subject");
    cr_assert(why.offset > 0 && (size_t)why.offset + 4 <= value.len);
    cr_expect(memcmp(value.data + why.offset,
                  "\x3a\x02"
                  "a\xff",
                  4) == 0,
        "offset %ld", (long)why.offset);
}

Test(envelope, has_four_eight_or_sixteen_slots)
{
    struct kit_item *item = kit_report(&arena, "kent", 1);
    ProtobufCBinaryData slots[ENVELOPE_PARTS + 1];
    kit_seal(&arena, item);
    for (size_t n = 0; n <= ENVELOPE_PARTS + 1; n++) {
        struct refusal why = {.path = ""};
        for (size_t i = 0; i < n; i++)
            slots[i] =
                (ProtobufCBinaryData){.len = DIGEST_BYTES, .data = (uint8_t *)"0123456789abcdef0123456789abcdef"};
        item->header->slots = slots;
        item->header->n_slots = n;
        item->raw_header = kit_packed(&arena, &item->header->base);
        struct envelope envelope = opened(kit_envelope(&arena, item));
        bool taken = envelope_header(&envelope, &arena, &why) != NULL;
        cr_expect_eq(taken, n == 4 || n == 8 || n == 16, "%zu slots", n);
        cr_expect(taken || why.outcome == (n == 0                  ? OUTCOME_FIELD_MISSING
                                              : n > ENVELOPE_PARTS ? OUTCOME_WIRE_LIMIT
                                                                   : OUTCOME_ENVELOPE_PARTS));
        cr_expect(taken || strncmp(why.path, "header.slots", 12) == 0, "%zu slots: %s", n, why.path);
    }
}

Test(envelope, has_the_fewest_slots_that_hold_its_parts)
{
    for (uint32_t n = 1; n <= ENVELOPE_PARTS; n++) {
        uint32_t slots = envelope_slots(n);
        cr_expect(slots == 4 || slots == 8 || slots == 16);
        cr_expect(slots >= n, "%u parts in %u slots", n, slots);
        cr_expect(slots == 4 || n > slots / 2, "%u parts in %u slots", n, slots);
    }
}

Test(envelope, fails_closed_when_there_is_no_room)
{
    struct envelope envelope = opened(report_in_parts(1));
    const Signalbox__V1__Header *header = header_of(&envelope);
    struct arena small;
    struct refusal why;
    arena_init(&small, 32);
    cr_assert_null(envelope_header(&envelope, &small, &why));
    cr_expect(why.outcome == OUTCOME_STATE_FULL);
    cr_assert_null(envelope_routing(&envelope, header, &small, &why));
    cr_expect(why.outcome == OUTCOME_STATE_FULL);
    cr_assert_not(envelope_infos(&envelope, &small, &why));
    cr_expect(why.outcome == OUTCOME_STATE_FULL);
    cr_expect_null(envelope_copy(&envelope, 0, &small).data);
    arena_deinit(&small);
}

// Slots are drawn, numbers rise: inside the program part i is the i-th by number, wherever it lay.
Test(envelope, puts_its_parts_into_the_order_of_their_numbers)
{
    unsigned moved = 0;
    for (uint64_t seed = 0; seed < 64; seed++) {
        struct kit_item *item = item_in_parts(1 + seed % ENVELOPE_PARTS, seed);
        struct envelope envelope = ordered(kit_envelope(&arena, item));
        cr_assert_eq(envelope.n_parts, item->n_parts);
        for (uint32_t i = 0; i < envelope.n_parts; i++) {
            cr_expect_eq(envelope.parts[i].slot, item->slots[i]);
            cr_expect_eq(envelope.parts[i].info->number, item->infos[i]->number);
            cr_expect(slice_equal(envelope.parts[i].content, kit_packed(&arena, item->bodies[i])));
            cr_expect(i == 0 || envelope.parts[i].info->number > envelope.parts[i - 1].info->number);
            moved += i > 0 && envelope.parts[i].slot < envelope.parts[i - 1].slot;
        }
        arena_reset(&arena);
    }
    cr_expect_gt(moved, 100, "the slots' order says nothing of the parts' order");
}

// The whole chain by which the hub takes an envelope, in its order. ACCEPTED, or why not.
static enum outcome check_envelope(struct slice value, struct refusal *why)
{
    struct envelope envelope;
    const Signalbox__V1__Header *header;
    *why = (struct refusal){.outcome = OUTCOME_ACCEPTED, .path = ""};
    if (envelope_open(value, NULL, &envelope, why) && (header = envelope_header(&envelope, &arena, why)) &&
        envelope_routing(&envelope, header, &arena, why) && envelope_slots_fit(&envelope, header, why) &&
        envelope_infos(&envelope, &arena, why) && envelope_digests(&envelope, header, why) &&
        envelope_bodies(&envelope, header, why))
        return OUTCOME_ACCEPTED;
    return (enum outcome)why->outcome;
}

// Each spoils one thing of an envelope of three parts in four slots; other is another item's in as many.
typedef void spoil_function(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other);

static Signalbox__V1__Part *first_of(const Signalbox__V1__Envelope *tree)
{
    return tree->parts[0];
}

static void spoil_nothing(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)tree, (void)other;
}

static void cut_first_part(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)other;
    tree->parts++;
    tree->n_parts--;
}

static void cut_last_part(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)other;
    tree->n_parts--;
}

static void cut_all_parts(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)other;
    tree->n_parts = 0;
}

// The one slot of four that no part fills.
static uint32_t decoy_of(const Signalbox__V1__Envelope *tree)
{
    return 6 - tree->parts[0]->slot - tree->parts[1]->slot - tree->parts[2]->slot;
}

static void sort_by_slot(Signalbox__V1__Envelope *tree)
{
    for (size_t i = 1; i < tree->n_parts; i++)
        for (size_t j = i; j > 0 && tree->parts[j]->slot < tree->parts[j - 1]->slot; j--) {
            Signalbox__V1__Part *part = tree->parts[j];
            tree->parts[j] = tree->parts[j - 1];
            tree->parts[j - 1] = part;
        }
}

static void fill_decoy(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    Signalbox__V1__Part **parts = arena_alloc(&arena, 4 * sizeof *parts), *more = other->parts[0];
    memcpy(parts, tree->parts, 3 * sizeof *parts);
    more->slot = decoy_of(tree);
    parts[3] = more;
    tree->parts = parts;
    tree->n_parts = 4;
    sort_by_slot(tree);
}

static void move_into_decoy(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)other;
    tree->parts[1]->slot = decoy_of(tree);
    sort_by_slot(tree);
}

static void swap_slots(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    uint32_t slot = tree->parts[0]->slot;
    (void)other;
    tree->parts[0]->slot = tree->parts[1]->slot;
    tree->parts[1]->slot = slot;
    sort_by_slot(tree);
}

static void slot_outside(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)other;
    tree->parts[2]->slot = 16;
}

static void change_salt(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)other;
    first_of(tree)->salt.data[15] ^= 1;
}

static void change_info(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)other;
    first_of(tree)->info.data[first_of(tree)->info.len - 1] ^= 1; // of content_sha256
}

static void change_content(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)other;
    first_of(tree)->content.data[first_of(tree)->content.len / 2] ^= 1;
}

static void swap_contents(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    ProtobufCBinaryData content = tree->parts[0]->content;
    (void)other;
    tree->parts[0]->content = tree->parts[1]->content;
    tree->parts[1]->content = content;
}

static void swap_infos(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    ProtobufCBinaryData info = tree->parts[0]->info;
    (void)other;
    tree->parts[0]->info = tree->parts[1]->info;
    tree->parts[1]->info = info;
}

static void foreign_part(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    uint32_t slot = first_of(tree)->slot;
    tree->parts[0] = other->parts[0];
    tree->parts[0]->slot = slot;
}

static void cut_routing(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)other;
    tree->routing.len = 0;
}

static void shorten_routing(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)other;
    tree->routing.len--;
}

static void change_routing(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    (void)other;
    tree->routing.data[4] ^= 1;
}

static void foreign_routing(Signalbox__V1__Envelope *tree, const Signalbox__V1__Envelope *other)
{
    tree->routing = other->routing;
}

static const struct {
    const char *name;
    spoil_function *spoil;
    enum outcome outcome;
    const char *path; // NULL: one of the parts, by the order of slots or numbers
} spoilings[] = {
    {"nothing", spoil_nothing, OUTCOME_ACCEPTED, ""},
    {"the first part cut", cut_first_part, OUTCOME_ENVELOPE_PARTS, "routing.real_slots"},
    {"the last part cut", cut_last_part, OUTCOME_ENVELOPE_PARTS, "routing.real_slots"},
    {"all parts cut", cut_all_parts, OUTCOME_ENVELOPE_PARTS, "routing.real_slots"},
    {"a decoy filled", fill_decoy, OUTCOME_ENVELOPE_PARTS, "routing.real_slots"},
    {"a part in the decoy's slot", move_into_decoy, OUTCOME_ENVELOPE_PARTS, "routing.real_slots"},
    {"two parts in each other's slot", swap_slots, OUTCOME_DIGEST_BAD, NULL},
    {"a slot beyond the last", slot_outside, OUTCOME_FIELD_RANGE, "parts[2].slot"},
    {"a salt changed", change_salt, OUTCOME_DIGEST_BAD, NULL},
    {"what is said of a part changed", change_info, OUTCOME_DIGEST_BAD, NULL},
    {"content changed", change_content, OUTCOME_DIGEST_BAD, NULL},
    {"content swapped between parts", swap_contents, OUTCOME_DIGEST_BAD, NULL},
    {"what is said swapped between parts", swap_infos, OUTCOME_DIGEST_BAD, NULL},
    {"a part of another item", foreign_part, OUTCOME_DIGEST_BAD, NULL},
    {"no routing block", cut_routing, OUTCOME_FIELD_MISSING, "routing"},
    {"a routing block cut", shorten_routing, OUTCOME_DIGEST_BAD, "routing"},
    {"a routing block changed", change_routing, OUTCOME_DIGEST_BAD, "routing"},
    {"the routing block of another item", foreign_routing, OUTCOME_DIGEST_BAD, "routing"},
};

Test(envelope, of_which_anything_is_cut_moved_or_changed_is_refused)
{
    for (uint64_t seed = 0; seed < 24; seed++)
        for (size_t i = 0; i < sizeof spoilings / sizeof *spoilings; i++) {
            Signalbox__V1__Envelope *tree = tree_of(kit_envelope(&arena, item_in_parts(3, seed)));
            struct refusal why;
            spoilings[i].spoil(tree, tree_of(kit_envelope(&arena, item_in_parts(3, 1000 + seed))));
            enum outcome outcome = check_envelope(kit_packed(&arena, &tree->base), &why);
            cr_expect(outcome == spoilings[i].outcome, "%s: %s", spoilings[i].name, outcome_row(outcome)->code);
            cr_expect(
                spoilings[i].path ? strcmp(why.path, spoilings[i].path) == 0 : strncmp(why.path, "parts[", 6) == 0,
                "%s: %s", spoilings[i].name, why.path);
            arena_reset(&arena);
        }
}

// What an agency itself signs wrongly.
static void own_numbers_equal(struct kit_item *item)
{
    item->raw_numbers = true;
    item->infos[0]->number = 4;
    item->infos[1]->number = item->infos[2]->number = 9;
}

static void own_decoy_real(struct kit_item *item)
{
    kit_seal(&arena, item);
    item->routing->real_slots = 15;
    item->raw_routing = kit_packed(&arena, &item->routing->base);
}

static void own_part_unreal(struct kit_item *item)
{
    kit_seal(&arena, item);
    item->routing->real_slots &= item->routing->real_slots - 1;
    item->raw_routing = kit_packed(&arena, &item->routing->base);
}

static void own_size_wrong(struct kit_item *item)
{
    kit_seal(&arena, item);
    item->infos[1]->size_bytes++;
    item->raw_infos[1] = kit_packed(&arena, &item->infos[1]->base);
}

static void own_digest_wrong(struct kit_item *item)
{
    kit_seal(&arena, item);
    item->infos[1]->content_sha256.data[0] ^= 1;
    item->raw_infos[1] = kit_packed(&arena, &item->infos[1]->base);
}

static void own_info_broken(struct kit_item *item)
{
    kit_set_text(&arena, &item->infos[0]->title, "\xc3\x28");
}

static void own_routing_broken(struct kit_item *item)
{
    kit_set_text(&arena, &item->routing->reference, "\xc3\x28");
}

static void own_body_of_another_kind(struct kit_item *item)
{
    item->header->kind = SIGNALBOX__V1__KIND__KIND_STANDING;
}

static const struct {
    const char *name;
    void (*make)(struct kit_item *item);
    enum outcome outcome;
    const char *path; // the end of it
} mistakes[] = {
    {"two parts with one number", own_numbers_equal, OUTCOME_ENVELOPE_PARTS, "parts[2].info.number"},
    {"a decoy called real", own_decoy_real, OUTCOME_ENVELOPE_PARTS, "routing.real_slots"},
    {"a part not called real", own_part_unreal, OUTCOME_ENVELOPE_PARTS, "routing.real_slots"},
    {"a wrong size", own_size_wrong, OUTCOME_DIGEST_BAD, "parts[1].content"},
    {"a wrong digest of content", own_digest_wrong, OUTCOME_DIGEST_BAD, "parts[1].content"},
    {"a broken title", own_info_broken, OUTCOME_UTF8_BROKEN, ".info.title"},
    {"a broken reference", own_routing_broken, OUTCOME_UTF8_BROKEN, "routing.reference"},
    {"a body of another kind", own_body_of_another_kind, OUTCOME_WIRE_BROKEN, "parts[0].content.standing"},
};

Test(envelope, that_contradicts_itself_is_refused_though_it_is_signed)
{
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct kit_item *item = item_in_parts(3, 5);
        struct refusal why;
        mistakes[i].make(item);
        enum outcome outcome = check_envelope(kit_envelope(&arena, item), &why);
        size_t len = strlen(why.path), end = strlen(mistakes[i].path);
        cr_expect(outcome == mistakes[i].outcome, "%s: %s", mistakes[i].name, outcome_row(outcome)->code);
        cr_expect(
            len >= end && strcmp(why.path + len - end, mistakes[i].path) == 0, "%s: %s", mistakes[i].name, why.path);
    }
}

Test(envelope, names_the_place_in_the_record_of_what_does_not_fit)
{
    struct envelope envelope = ordered(report_in_parts(2));
    const Signalbox__V1__Header *header = header_of(&envelope);
    struct refusal why;
    cr_expect(envelope_digests(&envelope, header, &why));
    ((uint8_t *)(uintptr_t)envelope.parts[1].content.data)[5] ^= 1;
    cr_assert(!envelope_digests(&envelope, header, &why));
    cr_expect_str_eq(why.path, "parts[1].content");
    cr_expect(why.offset == envelope.parts[1].content.data - envelope.value.data);
    ((uint8_t *)(uintptr_t)envelope.parts[0].salt.data)[5] ^= 1;
    cr_assert(!envelope_digests(&envelope, header, &why));
    cr_expect_str_eq(why.path, "parts[0].info");
    cr_expect(why.offset == envelope.parts[0].info_bytes.data - envelope.value.data);
}

// Asked for by itself or with the content: the answer is the same.
Test(envelope, has_its_slots_looked_at_once_or_with_the_content)
{
    Signalbox__V1__Envelope *tree = tree_of(report_in_parts(2));
    tree->parts[1]->salt.data[0] ^= 1;
    struct envelope envelope = opened(kit_packed(&arena, &tree->base));
    const Signalbox__V1__Header *header = header_of(&envelope);
    struct refusal why;
    cr_assert_not(envelope_slots_fit(&envelope, header, &why));
    cr_expect_str_eq(why.path, "parts[1].info");
    cr_assert(envelope_infos(&envelope, &arena, &why));
    cr_expect_not(envelope_digests(&envelope, header, &why));
    cr_expect(why.outcome == OUTCOME_DIGEST_BAD);
}

// A slot beyond those of the header, which the envelope itself may have.
Test(envelope, fills_no_slot_that_the_header_does_not_have)
{
    Signalbox__V1__Envelope *tree = tree_of(report_in_parts(1));
    struct refusal why;
    tree->parts[0]->slot = 9;
    struct envelope envelope = ordered(kit_packed(&arena, &tree->base));
    cr_assert_not(envelope_digests(&envelope, header_of(&envelope), &why));
    cr_expect(why.outcome == OUTCOME_DIGEST_BAD);
}

Test(envelope, guards_every_body_as_the_kind_that_the_header_names)
{
    struct kit_item *item = item_in_parts(2, 1);
    struct envelope envelope = ordered(kit_envelope(&arena, item));
    struct refusal why;
    cr_expect(envelope_bodies(&envelope, header_of(&envelope), &why));

    kit_report_body(item, 1)->statements[0]->handling = 3;
    envelope = ordered(kit_envelope(&arena, item));
    cr_assert(!envelope_bodies(&envelope, header_of(&envelope), &why));
    cr_expect(why.outcome == OUTCOME_FIELD_RANGE);
    cr_expect_str_eq(why.path, "parts[1].content.statements[0].handling");
    cr_expect(memcmp(envelope.value.data + why.offset, "\x20\x03", 2) == 0);
}

Test(envelope, knows_a_body_for_every_kind)
{
    const ProtobufCEnumDescriptor *kinds = &signalbox__v1__kind__descriptor;
    for (unsigned i = 0; i < kinds->n_values; i++)
        cr_expect(
            (envelope_body_type((Signalbox__V1__Kind)kinds->values[i].value) != NULL) == (kinds->values[i].value != 0),
            "%s", kinds->values[i].name);
}

Test(envelope, says_which_slots_a_set_of_parts_fills)
{
    struct kit_item *item = item_in_parts(5, 3);
    struct envelope envelope = ordered(kit_envelope(&arena, item));
    for (uint32_t parts = 0; parts < 1u << 5; parts++) {
        uint32_t slots = 0;
        for (uint32_t i = 0; i < 5; i++)
            slots |= (parts >> i & 1) << item->slots[i];
        cr_expect_eq(envelope_filled(&envelope, parts), slots);
    }
    cr_expect_eq(envelope_filled(&envelope, UINT32_MAX), item->routing->real_slots);
}
