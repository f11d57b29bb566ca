// SPDX-License-Identifier: Apache-2.0
// Which fields make two items the same, one row each: a field of the contract that has no row fails the test, so that
// nobody can add one without deciding. And the fingerprints themselves, computed by another implementation.
#include "hub/decide/identity.h"
#include "hub/base/hex.h"
#include "tests/kit/core/envelopes.h"
#include <criterion/criterion.h>

#define KENT slice_text("kent")

struct row {
    const char *field;
    bool compared;
};

static const struct row header_rows[] = {
    {"item_id", false},
    {"revision", false},
    {"kind", true},
    {"status", true},
    {"agency", false}, // the agency of the topic is compared, whatever the header says
    {"subject", true},
    {"strands", true},
    {"themes", true},
    {"product", true},
    {"exporter_force", true},
    {"importer_forces", true},
    {"transit_forces", true},
    {"home_forces", true},
    {"boroughs", true},
    {"modes", true},
    {"priority", true},
    {"made_unix_ms", false},
    {"not_before_unix_ms", true},
    {"expires_unix_ms", true},
    {"parts", true},
    {"standing", true},
    {"corrects_item_id", true},
    {"recalls_item_id", true},
    {"supersedes_item_id", true},
    {"mopi_group", false},
    {"review_unix_ms", false},
    {"sharing_basis", true},
    {"source_reference", true},
    {"happened_from_unix_ms", true},
    {"happened_to_unix_ms", true},
    {"place", true},
};

static const struct row part_rows[] = {
    {"classification", true},
    {"instructions", true},
    {"descriptors", true},
    {"marking_text", true},
    {"handling", true},
    {"action", true},
    {"sanitisation", true},
    {"usage", true},
    {"recipients", true},
    {"organisation", true},
    {"source_evaluation", true},
    {"intelligence_assessment", true},
    {"size_bytes", false},
    {"digest", false},
    {"title", true},
};

static const struct row *row_of(const struct row *rows, size_t n, const char *field)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].field, field) == 0)
            return &rows[i];
    cr_assert(false, "%s has no row: does it make two items differ?", field);
    return NULL;
}

// Gives a field of any type another value.
static void change_single(const ProtobufCFieldDescriptor *field, void *at)
{
    static uint8_t other[] = "another";
    if (field->type == PROTOBUF_C_TYPE_STRING)
        *(char **)at = (char *)other;
    else if (field->type == PROTOBUF_C_TYPE_BYTES)
        *(ProtobufCBinaryData *)at = (ProtobufCBinaryData){.data = other, .len = 7};
    else if (field->type == PROTOBUF_C_TYPE_INT64)
        *(int64_t *)at += 1;
    else
        *(uint32_t *)at += 1; // uint32 and enums
}

static void change_list(struct arena *arena, const ProtobufCFieldDescriptor *field, void *message)
{
    size_t *n = (size_t *)((char *)message + field->quantifier_offset);
    void **list = (void **)((char *)message + field->offset);
    size_t size = field->type == PROTOBUF_C_TYPE_STRING ? sizeof(char *) : sizeof(uint32_t);
    char *longer = arena_alloc(arena, (*n + 1) * size);
    if (*n)
        memcpy(longer, *list, *n * size);
    if (field->type == PROTOBUF_C_TYPE_STRING)
        ((char **)longer)[*n] = (char *)"another";
    else
        ((uint32_t *)longer)[*n] = 5;
    *list = longer;
    ++*n;
}

static void change(struct arena *arena, const ProtobufCFieldDescriptor *field, void *message)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        change_list(arena, field, message);
    else
        change_single(field, (char *)message + field->offset);
}

static struct fingerprint content_of(const struct kit_item *item, struct slice agency, const struct slice *contents)
{
    static struct envelope envelope;
    memset(&envelope, 0, sizeof envelope);
    for (size_t i = 0; i < item->header->n_parts; i++)
        envelope.parts[i].content = contents[i];
    return identity_content(agency, item->header, &envelope);
}

static bool same(struct fingerprint a, struct fingerprint b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static const struct slice contents[] = {
    {(const uint8_t *)"first", 5}, {(const uint8_t *)"second", 6}, {(const uint8_t *)"third", 5}};

static struct kit_item *two_parts(struct arena *arena)
{
    struct kit_item *item = kit_report(arena, "kent", 3);
    kit_add_part(arena, item);
    return item;
}

Test(identity, every_header_field_is_compared_or_not_as_its_row_says)
{
    const ProtobufCMessageDescriptor *type = &signalbox__v1__header__descriptor;
    struct arena arena;
    arena_init(&arena, 0);
    struct fingerprint base = content_of(two_parts(&arena), KENT, contents);
    for (unsigned i = 0; i < type->n_fields; i++) {
        const struct row *row = row_of(header_rows, sizeof header_rows / sizeof *header_rows, type->fields[i].name);
        struct kit_item *item = two_parts(&arena);
        if (strcmp(row->field, "parts") == 0)
            item->header->n_parts = 1;
        else
            change(&arena, &type->fields[i], item->header);
        cr_assert_eq(same(content_of(item, KENT, contents), base), !row->compared, "%s", row->field);
    }
    cr_assert_not(same(content_of(two_parts(&arena), slice_text("essex"), contents), base), "the agency of the topic");
    arena_deinit(&arena);
}

Test(identity, every_field_of_a_part_is_compared_or_not_as_its_row_says)
{
    const ProtobufCMessageDescriptor *type = &signalbox__v1__part_info__descriptor;
    struct arena arena;
    arena_init(&arena, 0);
    struct fingerprint base = content_of(two_parts(&arena), KENT, contents);
    for (unsigned i = 0; i < type->n_fields; i++)
        for (unsigned part = 0; part < 2; part++) {
            const struct row *row = row_of(part_rows, sizeof part_rows / sizeof *part_rows, type->fields[i].name);
            struct kit_item *item = two_parts(&arena);
            change(&arena, &type->fields[i], item->header->parts[part]);
            cr_assert_eq(
                same(content_of(item, KENT, contents), base), !row->compared, "%s of part %u", row->field, part);
        }
    arena_deinit(&arena);
}

Test(identity, the_content_of_every_part_is_compared_and_salts_are_not)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct fingerprint base = content_of(two_parts(&arena), KENT, contents);
    struct slice changed[] = {contents[2], contents[1]}, swapped[] = {contents[1], contents[0]},
                 shorter[] = {contents[0], {0}};
    cr_assert_not(same(content_of(two_parts(&arena), KENT, changed), base));
    cr_assert_not(same(content_of(two_parts(&arena), KENT, swapped), base));
    cr_assert_not(same(content_of(two_parts(&arena), KENT, shorter), base));
    struct kit_item *salted = two_parts(&arena), *plain = two_parts(&arena);
    struct envelope one, other;
    struct refusal why;
    memset(salted->salts, 0x77, sizeof salted->salts);
    cr_assert(envelope_open(kit_envelope(&arena, salted), &one, &why) &&
              envelope_open(kit_envelope(&arena, plain), &other, &why));
    cr_assert(same(identity_content(KENT, salted->header, &one), identity_content(KENT, plain->header, &other)));
    arena_deinit(&arena);
}

// What one system sends as its second item and another as the second revision of the first.
Test(identity, lists_are_compared_as_sets)
{
    static const char *const forwards[] = {"btp", "essex", "kent", "nca"}, *const backwards[] = {
                                                                               "nca", "kent", "essex", "btp"};
    static Signalbox__V1__Strand up[] = {1, 2, 3}, down[] = {3, 2, 1};
    struct arena arena;
    arena_init(&arena, 0);
    struct kit_item *one = kit_report(&arena, "kent", 1), *other = kit_report(&arena, "kent", 1);
    kit_set_texts(&arena, &one->header->n_transit_forces, &one->header->transit_forces, forwards, 4);
    kit_set_texts(&arena, &other->header->n_transit_forces, &other->header->transit_forces, backwards, 4);
    kit_set_texts(&arena, &one->header->parts[0]->n_recipients, &one->header->parts[0]->recipients, backwards, 4);
    kit_set_texts(&arena, &other->header->parts[0]->n_recipients, &other->header->parts[0]->recipients, forwards, 4);
    one->header->strands = up;
    other->header->strands = down;
    one->header->n_strands = other->header->n_strands = 3;
    cr_assert(same(content_of(one, KENT, contents), content_of(other, KENT, contents)));
    arena_deinit(&arena);
}

// Where one field ends and the next begins must not be a matter of reading.
Test(identity, what_moves_from_one_field_to_the_next_makes_a_difference)
{
    static const char *const both[] = {"kent", "essex"};
    struct arena arena;
    arena_init(&arena, 0);
    struct kit_item *items[6] = {0};
    for (size_t i = 0; i < 6; i++) {
        items[i] = kit_report(&arena, "kent", 1);
        items[i]->header->n_importer_forces = items[i]->header->n_transit_forces = 0;
    }
    kit_set_texts(&arena, &items[0]->header->n_importer_forces, &items[0]->header->importer_forces, both, 2);
    kit_set_texts(&arena, &items[1]->header->n_transit_forces, &items[1]->header->transit_forces, both, 2);
    kit_set_texts(&arena, &items[2]->header->n_importer_forces, &items[2]->header->importer_forces, both, 1);
    kit_set_texts(&arena, &items[2]->header->n_transit_forces, &items[2]->header->transit_forces, both + 1, 1);
    kit_set_text(&arena, &items[3]->header->product, "line-updatemetro");
    kit_set_text(&arena, &items[3]->header->exporter_force, "politan");
    kit_set_text(&arena, &items[4]->header->product, "line-update");
    kit_set_text(&arena, &items[4]->header->exporter_force, "metropolitan");
    kit_set_text(&arena, &items[5]->header->product, "");
    kit_set_text(&arena, &items[5]->header->exporter_force, "line-updatemetropolitan");
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < i; j++)
            cr_assert_not(
                same(content_of(items[i], KENT, contents), content_of(items[j], KENT, contents)), "%zu and %zu", i, j);
    arena_deinit(&arena);
}

Test(identity, long_content_is_compared_to_its_last_byte)
{
    static const size_t sizes[] = {3000, 3900, 4096, 8192, 65536, 200000};
    static uint8_t bytes[200000];
    struct arena arena;
    arena_init(&arena, 0);
    struct kit_item *item = kit_report(&arena, "kent", 1);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct slice content = slice_of(bytes, sizes[s]), shorter = slice_of(bytes, sizes[s] - 1);
        struct fingerprint base = content_of(item, KENT, &content);
        cr_assert_not(same(content_of(item, KENT, &shorter), base), "%zu bytes", sizes[s]);
        for (size_t at = 0; at < sizes[s]; at += 1 + sizes[s] / 300) {
            bytes[at] ^= 1;
            if (same(content_of(item, KENT, &content), base))
                cr_assert(false, "byte %zu of %zu", at, sizes[s]);
            bytes[at] ^= 1;
        }
    }
    arena_deinit(&arena);
}

Test(identity, levels_agencies_ids_and_revisions_never_share_a_fingerprint)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct kit_item *item = kit_report(&arena, "kent", 1), *later = kit_revision(&arena, item, 2),
                    *other = kit_report(&arena, "kent", 2);
    struct digest digest = digest_of(slice_text("value")), another = digest_of(slice_text("value of another"));
    struct slice essex = slice_text("essex");
    struct fingerprint all[] = {
        identity_bytes(KENT, &digest),
        identity_bytes(essex, &digest),
        identity_bytes(KENT, &another),
        identity_revision(KENT, item->header),
        identity_revision(essex, item->header),
        identity_revision(KENT, later->header),
        identity_revision(KENT, other->header),
        identity_withdrawal(KENT, item->header),
        identity_withdrawal(essex, item->header),
        identity_withdrawal(KENT, other->header),
        content_of(item, KENT, contents),
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (size_t j = 0; j < i; j++)
            cr_assert_not(same(all[i], all[j]), "%zu and %zu", i, j);
    cr_assert(same(identity_withdrawal(KENT, item->header), identity_withdrawal(KENT, later->header)),
        "a recall binds all revisions");
    cr_assert(same(content_of(item, KENT, contents), content_of(later, KENT, contents)));
    arena_deinit(&arena);
}

static struct kit_item *golden(struct arena *arena)
{
    static const char *const themes[] = {"gangs", "drugs"}, *const kent[] = {"kent"};
    static Signalbox__V1__Strand strands[] = {3, 1};
    static Signalbox__V1__TransportMode modes[] = {SIGNALBOX__V1__TRANSPORT_MODE__TRANSPORT_MODE_RAIL};
    static uint8_t id[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    struct kit_item *item = kit_report(arena, "kent", 1);
    Signalbox__V1__Header *header = item->header;
    header->item_id = (ProtobufCBinaryData){.data = id, .len = sizeof id};
    header->revision = 300;
    header->strands = strands;
    header->n_strands = 2;
    header->modes = modes;
    header->n_modes = 1;
    header->happened_from_unix_ms = INT64_C(1789000000000);
    header->happened_to_unix_ms = 0;
    kit_set_text(arena, &header->subject, "line-2026-0117");
    kit_set_text(arena, &header->exporter_force, "metropolitan");
    kit_set_text(arena, &header->place, "CT20");
    kit_set_texts(arena, &header->n_themes, &header->themes, themes, 2);
    kit_set_texts(arena, &header->n_importer_forces, &header->importer_forces, kent, 1);
    return item;
}

static void check(const char *name, struct fingerprint fingerprint, const char *expected)
{
    char hex[2 * FINGERPRINT_BYTES + 1];
    hex_encode(slice_of(fingerprint.bytes, sizeof fingerprint.bytes), hex);
    cr_assert_str_eq(hex, expected, "%s", name);
}

// A hub that computes others forgets all that it has seen: these may change only together with the state's format.
Test(identity, fingerprints_are_those_of_the_release_before)
{
    static uint8_t bytes[10000];
    struct digest digest = digest_of(slice_text("value"));
    struct slice text = slice_text("content"), large = slice_of(bytes, sizeof bytes);
    struct arena arena;
    arena_init(&arena, 0);
    struct kit_item *item = golden(&arena);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i % 251);
    check("bytes", identity_bytes(KENT, &digest), "9dfb1d09db2bf3714291ea");
    check("revision", identity_revision(KENT, item->header), "d3f19e377b8931f84bbd96");
    check("withdrawal", identity_withdrawal(KENT, item->header), "970949376e129bc6e92e90");
    check("content", content_of(item, KENT, &text), "62eba8d6ec2e6b0cfd4521");
    check("long content", content_of(item, KENT, &large), "ebaaa02e232114fd2fa616");
    arena_deinit(&arena);
}
