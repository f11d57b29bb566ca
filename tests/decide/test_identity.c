// SPDX-License-Identifier: Apache-2.0
// Which fields make two items the same, one row each: a field of the contract that has no row fails the test, so that
// nobody can add one without deciding. And the marks themselves, computed by another implementation.
#include "hub/base/hex.h"
#include "hub/contract/outcome.h"
#include "hub/decide/content_mark.h"
#include "hub/decide/identity.h"
#include "tests/kit/core/envelopes.h"
#include <criterion/criterion.h>

struct row {
    const char *field;
    bool compared;
};

static const struct row header_rows[] = {
    {"item_id", false},
    {"nonce", false},
    {"revision", false},
    {"kind", true},
    {"status", true},
    {"agency", true},
    {"subject", true},
    {"slots", false},
    {"routing_digest", false},
    {"made_unix_ms", false},
    {"about", true},
    {"derived_from", true},
    {"announcements", true},
    {"priority", true},
    {"strands", true},
    {"themes", true},
    {"product", true},
    {"exporter_forces", true},
    {"importer_forces", true},
    {"transit_forces", true},
    {"boroughs", true},
    {"modes", true},
    {"not_before_unix_ms", true},
    {"expires_unix_ms", true},
    {"mopi_group", false},
    {"review_unix_ms", false},
    {"sharing_basis", true},
};

static const struct row routing_rows[] = {
    {"salt", false},
    {"real_slots", false},
    {"reference", false},
    {"home_forces", true},
    {"place", true},
    {"happened_from_unix_ms", true},
    {"happened_to_unix_ms", true},
    {"source_reference", true},
    {"overlap_contact", true},
};

static const struct row part_rows[] = {
    {"number", false},
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
    {"title", true},
    {"size_bytes", false}, // the digest says it
    {"content_sha256", true},
};

static const struct row reference_rows[] = {
    {"agency", false}, // the id is made of it
    {"item_id", true},
    {"nonce", false}, // and of this
    {"revision", true},
};

static const struct row announcement_rows[] = {{"title", true}, {"marking_text", true}, {"reason", true}};

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
    size_t size = field->type == PROTOBUF_C_TYPE_ENUM    ? sizeof(uint32_t)
                  : field->type == PROTOBUF_C_TYPE_BYTES ? sizeof(ProtobufCBinaryData)
                                                         : sizeof(void *);
    char *longer = arena_alloc(arena, (*n + 1) * size);
    if (*n)
        memcpy(longer, *list, *n * size);
    if (field->type == PROTOBUF_C_TYPE_STRING)
        ((char **)longer)[*n] = (char *)"another";
    else if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        protobuf_c_message_init(field->descriptor, ((void **)longer)[*n] = arena_alloc(arena, 256));
    else if (field->type == PROTOBUF_C_TYPE_ENUM)
        ((uint32_t *)longer)[*n] = 5;
    *list = longer;
    ++*n;
}

static void change(struct arena *arena, const ProtobufCFieldDescriptor *field, void *message)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        change_list(arena, field, message);
    else if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        protobuf_c_message_init(
            field->descriptor, *(void **)((char *)message + field->offset) = arena_alloc(arena, 256));
    else
        change_single(field, (char *)message + field->offset);
}

static const uint8_t secret[CONTENT_SECRET_BYTES] = "the secret of this deployment...";

static struct content_mark mark_of(const struct kit_item *item)
{
    struct item_view view = kit_view(item);
    return content_mark_of(secret, &view);
}

static bool same(struct content_mark a, struct content_mark b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

// Of two parts, about an earlier item, drawn from another, with one announcement; sealed.
static struct kit_item *full_item(struct arena *arena)
{
    struct kit_item *item = kit_report(arena, "kent", 3);
    Signalbox__V1__Header *header = item->header;
    kit_add_part(arena, item);
    header->about = kit_reference(arena, kit_report(arena, "kent", 4), 2);
    header->derived_from = arena_alloc(arena, sizeof(void *));
    header->derived_from[0] = kit_reference(arena, kit_report(arena, "essex", 5), 0);
    header->announcements = arena_alloc(arena, sizeof(void *));
    header->announcements[0] = arena_alloc(arena, sizeof **header->announcements);
    signalbox__v1__announcement__init(header->announcements[0]);
    header->n_derived_from = header->n_announcements = 1;
    kit_seal(arena, item);
    return item;
}

// Changes each field of one message of the item, one at a time.
static void check_fields(const ProtobufCMessageDescriptor *type, const struct row *rows, size_t n,
    void *(*message_in)(const struct kit_item *item))
{
    struct arena arena;
    arena_init(&arena, 0);
    struct content_mark base = mark_of(full_item(&arena));
    for (unsigned i = 0; i < type->n_fields; i++) {
        const struct row *row = row_of(rows, n, type->fields[i].name);
        struct kit_item *item = full_item(&arena);
        change(&arena, &type->fields[i], message_in(item));
        cr_expect_eq(same(mark_of(item), base), !row->compared, "%s.%s", type->short_name, row->field);
    }
    cr_expect_eq(n, type->n_fields, "%s", type->short_name);
    arena_deinit(&arena);
}

static void *header_in(const struct kit_item *item)
{
    return item->header;
}
static void *routing_in(const struct kit_item *item)
{
    return item->routing;
}
static void *first_in(const struct kit_item *item)
{
    return item->infos[0];
}
static void *second_in(const struct kit_item *item)
{
    return item->infos[1];
}
static void *about_in(const struct kit_item *item)
{
    return item->header->about;
}
static void *origin_in(const struct kit_item *item)
{
    return item->header->derived_from[0];
}
static void *announcement_in(const struct kit_item *item)
{
    return item->header->announcements[0];
}

#define CHECK_FIELDS(type, rows, in)                                                                                   \
    check_fields(&signalbox__v1__##type##__descriptor, rows, sizeof(rows) / sizeof *(rows), in)

Test(identity, every_field_of_the_contract_is_compared_or_not_as_its_row_says)
{
    CHECK_FIELDS(header, header_rows, header_in);
    CHECK_FIELDS(routing, routing_rows, routing_in);
    CHECK_FIELDS(part_info, part_rows, first_in);
    CHECK_FIELDS(part_info, part_rows, second_in);
    CHECK_FIELDS(item_reference, reference_rows, about_in);
    CHECK_FIELDS(item_reference, reference_rows, origin_in);
    CHECK_FIELDS(announcement, announcement_rows, announcement_in);
}

Test(identity, the_same_file_published_once_more_says_the_same)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct kit_item *item = full_item(&arena), *again = kit_revision(&arena, item, 1);
    kit_shuffle(again, 4711);
    again->header->made_unix_ms += 5000;
    kit_seal(&arena, again);
    cr_expect_neq(memcmp(item->salts, again->salts, sizeof item->salts), 0);
    cr_expect(same(mark_of(item), mark_of(again)));
    arena_deinit(&arena);
}

Test(identity, what_parts_there_are_and_in_which_order_is_compared)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct kit_item *item = full_item(&arena), *one = full_item(&arena), *swapped = full_item(&arena);
    Signalbox__V1__PartInfo *first = swapped->infos[0];
    swapped->infos[0] = swapped->infos[1];
    swapped->infos[1] = first;
    one->n_parts = 1;
    cr_expect_not(same(mark_of(item), mark_of(one)));
    cr_expect_not(same(mark_of(item), mark_of(swapped)));
    arena_deinit(&arena);
}

Test(identity, marks_of_one_deployment_say_nothing_in_another)
{
    static const uint8_t other[CONTENT_SECRET_BYTES] = "the secret of another deployment";
    struct arena arena;
    arena_init(&arena, 0);
    struct item_view view = kit_view(full_item(&arena));
    cr_expect_not(same(content_mark_of(secret, &view), content_mark_of(other, &view)));
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
    kit_set_texts(&arena, &one->infos[0]->n_recipients, &one->infos[0]->recipients, backwards, 4);
    kit_set_texts(&arena, &other->infos[0]->n_recipients, &other->infos[0]->recipients, forwards, 4);
    kit_set_texts(&arena, &one->routing->n_home_forces, &one->routing->home_forces, backwards, 4);
    kit_set_texts(&arena, &other->routing->n_home_forces, &other->routing->home_forces, forwards, 4);
    one->header->strands = up;
    other->header->strands = down;
    one->header->n_strands = other->header->n_strands = 3;
    cr_assert(same(mark_of(one), mark_of(other)));
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
    kit_set_exporter(&arena, items[3]->header, "politan");
    kit_set_text(&arena, &items[4]->header->product, "line-update");
    kit_set_exporter(&arena, items[4]->header, "metropolitan");
    kit_set_text(&arena, &items[5]->header->product, "");
    kit_set_exporter(&arena, items[5]->header, "line-updatemetropolitan");
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < i; j++)
            cr_assert_not(same(mark_of(items[i]), mark_of(items[j])), "%zu and %zu", i, j);
    arena_deinit(&arena);
}

// Beyond a block of what is hashed, too.
Test(identity, of_long_lists_and_texts_every_byte_is_compared)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct kit_item *item = kit_report(&arena, "kent", 1);
    char *usages[ENVELOPE_PARTS];
    while (item->n_parts < ENVELOPE_PARTS)
        kit_add_part(&arena, item);
    for (unsigned i = 0; i < ENVELOPE_PARTS; i++) {
        usages[i] = item->infos[i]->usage = arena_alloc(&arena, 1025);
        memset(usages[i], 'u', 1024);
    }
    struct content_mark base = mark_of(item);
    for (size_t at = 0; at < 1024u * ENVELOPE_PARTS; at += 13) {
        usages[at / 1024][at % 1024] ^= 1;
        cr_assert_not(same(mark_of(item), base), "byte %zu", at);
        usages[at / 1024][at % 1024] ^= 1;
    }
    cr_assert(same(mark_of(item), base));
    arena_deinit(&arena);
}

// --- the levels ---

#define KNOWN(...)                                                                                                     \
    {                                                                                                                  \
        .known = true, .row = { __VA_ARGS__ }                                                                          \
    }
#define STANDING(name) SIGNALBOX__V1__STANDING__STANDING_##name
#define RELEASED       .originator = STANDING(RELEASED), .centre = STANDING(RELEASED)
#define ACTUAL         .status = SIGNALBOX__V1__STATUS__STATUS_ACTUAL
#define EXERCISE       .status = SIGNALBOX__V1__STATUS__STATUS_EXERCISE
#define SAME           .content = "content"
#define OTHER          .content = "another"
#define FIRST(...)     .said_before = true, .said_elsewhere = true, .first = {__VA_ARGS__}

static const struct {
    const char *what;
    struct identity identity; // of a report of revision 5, actual, that says "content"
    const char *levels;       // that hold, in their order
} meetings[] = {
    {"a new item", {0}, ""},
    {"the same once more", KNOWN(.revision = 5, SAME, RELEASED, ACTUAL), "REPLAY TAKEN "},
    {"the same number, another text", KNOWN(.revision = 5, OTHER, RELEASED, ACTUAL), "TAKEN "},
    {"a higher revision, another text", KNOWN(.revision = 4, OTHER, RELEASED, ACTUAL), ""},
    {"a higher revision, the same text", KNOWN(.revision = 4, SAME, RELEASED, ACTUAL), ""},
    {"a lower revision", KNOWN(.revision = 6, OTHER, RELEASED, ACTUAL), "LATE "},
    {"a lower revision that says what the last one does", KNOWN(.revision = 6, SAME, RELEASED, ACTUAL), "LATE "},
    {"a lower revision that was taken in",
        {.known = true, .said_before = true, .said_by_itself = true, .row = {.revision = 6, OTHER, RELEASED, ACTUAL}},
        "REPLAY LATE "},
    {"another status", KNOWN(.revision = 4, OTHER, RELEASED, EXERCISE), "STATUS "},
    {"another status, the same once more", KNOWN(.revision = 5, SAME, RELEASED, EXERCISE), "STATUS REPLAY TAKEN "},
    {"an item that was recalled",
        KNOWN(.revision = 4, OTHER, ACTUAL, .originator = STANDING(RECALLED), .centre = STANDING(RELEASED)),
        "WITHDRAWN "},
    {"an item that the centre erased",
        KNOWN(.revision = 4, OTHER, ACTUAL, .originator = STANDING(RELEASED), .centre = STANDING(ERASED)),
        "WITHDRAWN "},
    {"an item that is restricted",
        KNOWN(.revision = 4, OTHER, ACTUAL, .originator = STANDING(RESTRICTED), .centre = STANDING(RELEASED)), ""},
    {"an item recalled before it came",
        KNOWN(.revision = 0, ACTUAL, .originator = STANDING(RECALLED), .centre = STANDING(RELEASED)), "WITHDRAWN "},
    {"what another item says", {FIRST(.revision = 1, SAME, RELEASED, ACTUAL)}, "EXACT "},
    {"what another item says that is restricted",
        {FIRST(.revision = 1, SAME, ACTUAL, .originator = STANDING(RESTRICTED), .centre = STANDING(RELEASED))}, ""},
    {"what another item says that the centre recalled",
        {FIRST(.revision = 1, SAME, ACTUAL, .originator = STANDING(RELEASED), .centre = STANDING(RECALLED))}, ""},
    {"what another item said before its last revision", {FIRST(.revision = 2, OTHER, RELEASED, ACTUAL)}, ""},
    {"what an exercise said", {FIRST(.revision = 1, SAME, RELEASED, EXERCISE)}, ""},
    {"what another item says, of a known item",
        {.known = true, .row = {.revision = 4, OTHER, RELEASED, ACTUAL}, FIRST(.revision = 1, SAME, RELEASED, ACTUAL)},
        ""},
    {"what another item says, of one that a change came before",
        {.known = true, .row = {.revision = 0, RELEASED, ACTUAL}, FIRST(.revision = 1, SAME, RELEASED, ACTUAL)},
        "EXACT "},
    {"what an item said that has not come", {FIRST(.revision = 0, SAME, RELEASED, ACTUAL)}, ""},
};

static const char *const level_names[] = {
#define LEVEL(name, test, effect, outcome) #name,
#include "hub/decide/identity.def"
#undef LEVEL
};

Test(identity, each_level_holds_where_its_question_is_answered_with_yes)
{
    const struct identity_level *levels;
    size_t n = identity_levels(&levels);
    bool held[16] = {false};
    for (size_t i = 0; i < sizeof meetings / sizeof *meetings; i++) {
        Signalbox__V1__Header header = SIGNALBOX__V1__HEADER__INIT;
        struct identity identity = meetings[i].identity;
        char names[128] = "";
        header.kind = SIGNALBOX__V1__KIND__KIND_REPORT;
        header.status = SIGNALBOX__V1__STATUS__STATUS_ACTUAL;
        header.revision = 5;
        identity.header = &header;
        memcpy(identity.content.bytes, "content", 8);
        for (size_t level = 0; level < n; level++)
            if (levels[level].test(&identity)) {
                strcat(strcat(names, level_names[level]), " ");
                held[level] = true;
            }
        cr_expect_str_eq(names, meetings[i].levels, "%s: %s", meetings[i].what, names);
    }
    for (size_t level = 0; level < n; level++)
        cr_expect(held[level] || strcmp(level_names[level], "EDITION") == 0, "%s holds nowhere", level_names[level]);
}

Test(identity, guidance_about_an_earlier_item_is_an_edition_of_it_and_no_other_kind_is)
{
    const struct identity_level *levels;
    size_t n = identity_levels(&levels);
    Signalbox__V1__ItemReference about = SIGNALBOX__V1__ITEM_REFERENCE__INIT;
    Signalbox__V1__Header header = SIGNALBOX__V1__HEADER__INIT;
    struct identity identity = {.header = &header};
    for (int kind = SIGNALBOX__V1__KIND__KIND_REPORT; kind < KIND_COUNT; kind++)
        for (int is_about = 0; is_about < 2; is_about++) {
            header.kind = (Signalbox__V1__Kind)kind;
            header.about = is_about ? &about : NULL;
            cr_expect_eq(
                levels[n - 1].test(&identity), is_about && kind == SIGNALBOX__V1__KIND__KIND_GUIDANCE, "kind %d", kind);
        }
    cr_expect_str_eq(level_names[n - 1], "EDITION");
}

static struct kit_item *golden(struct arena *arena)
{
    static const char *const themes[] = {"gangs", "drugs"}, *const kent[] = {"kent"};
    static Signalbox__V1__Strand strands[] = {3, 1};
    static Signalbox__V1__TransportMode modes[] = {SIGNALBOX__V1__TRANSPORT_MODE__TRANSPORT_MODE_RAIL};
    struct kit_item *item = full_item(arena);
    Signalbox__V1__Header *header = item->header;
    header->strands = strands;
    header->n_strands = 2;
    header->modes = modes;
    header->n_modes = 1;
    item->routing->happened_from_unix_ms = INT64_C(1789000000000);
    item->routing->happened_to_unix_ms = 0;
    kit_set_text(arena, &header->subject, "line-2026-0117");
    kit_set_exporter(arena, header, "metropolitan");
    kit_set_text(arena, &item->routing->place, "CT20");
    kit_set_text(arena, &header->announcements[0]->title, "Part 2");
    kit_set_texts(arena, &header->n_themes, &header->themes, themes, 2);
    kit_set_texts(arena, &header->n_importer_forces, &header->importer_forces, kent, 1);
    for (unsigned i = 0; i < 2; i++)
        memset(item->infos[i]->content_sha256.data, (int)i + 1, DIGEST_BYTES);
    memset(header->about->item_id.data, 7, 16);
    memset(header->derived_from[0]->item_id.data, 8, 16);
    return item;
}

static void check(const char *name, struct content_mark mark, const char *expected)
{
    char hex[2 * CONTENT_MARK_BYTES + 1];
    hex_encode(slice_of(mark.bytes, sizeof mark.bytes), hex);
    cr_assert_str_eq(hex, expected, "%s: %s", name, hex);
}

// A hub that computes others forgets all that was said: these may change only together with the state's format.
Test(identity, marks_are_those_of_the_release_before)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct kit_item *item = golden(&arena);
    check("two parts", mark_of(item), "5c50ae391503988f");
    char *usage = arena_alloc(&arena, 5001);
    memset(usage, 'u', 5000);
    item->infos[1]->usage = usage;
    check("more than a block", mark_of(item), "69ccae3905135317");
    arena_deinit(&arena);
}
