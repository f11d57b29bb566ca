// SPDX-License-Identifier: Apache-2.0
// The cases, one small function each: take a good report and spoil one thing.
#include "tests/kit/core/cases.h"
#include "hub/contract/outcome.h"
#include <stdlib.h>

struct maker {
    struct arena *arena;
    struct kit_item *item; // a good report of kent
    uint32_t lanes;
    struct kit_case *made;
};

static struct record *add_record(struct maker *maker, struct slice value)
{
    struct record *record = &maker->made->records[maker->made->n];
    *record = kit_record(maker->arena, maker->item, value, maker->lanes);
    record->offset = (int64_t)maker->made->n;
    maker->made->n++;
    return record;
}

static struct record *add_item(struct maker *maker)
{
    return add_record(maker, kit_envelope(maker->arena, maker->item));
}

static void make_raw(struct maker *maker, const void *bytes, size_t len)
{
    add_record(maker, arena_copy(maker->arena, slice_of(bytes, len)));
}

// The good envelope with bytes after it.
static void make_longer(struct maker *maker, const void *bytes, size_t len)
{
    struct slice value = kit_envelope(maker->arena, maker->item);
    uint8_t *longer = arena_alloc(maker->arena, value.len + len);
    memcpy(longer, value.data, value.len);
    memcpy(longer + value.len, bytes, len);
    add_record(maker, slice_of(longer, value.len + len));
}

static void make_plain(struct maker *maker)
{
    add_item(maker);
}

static void make_test_status(struct maker *maker)
{
    maker->item->header->status = SIGNALBOX__V1__STATUS__STATUS_TEST;
    add_item(maker);
}

static void make_forwarded(struct maker *maker)
{
    struct record *record = add_item(maker);
    record->lane = (record->lane + 1) % maker->lanes;
}

static void make_too_large(struct maker *maker)
{
    size_t len = 300000;
    add_record(maker, slice_of(arena_alloc(maker->arena, len), len));
}

static void make_empty(struct maker *maker)
{
    add_record(maker, (struct slice){0});
}

static void make_broken(struct maker *maker)
{
    make_raw(maker, "\x0a", 1);
}

static void make_too_many(struct maker *maker)
{
    static const char *const themes[] = {"drugs", "drugs", "drugs", "drugs", "drugs", "drugs", "drugs", "drugs",
        "drugs", "drugs", "drugs", "drugs", "drugs", "drugs", "drugs", "drugs", "drugs"};
    kit_set_texts(maker->arena, &maker->item->header->n_themes, &maker->item->header->themes, themes, 17);
    add_item(maker);
}

static void make_padded(struct maker *maker)
{
    make_raw(maker, "\x0a\x81\x00x", 4);
}

static void make_unknown_field(struct maker *maker)
{
    make_longer(maker, "\x78\x01", 2);
}

static void make_second_header(struct maker *maker)
{
    make_longer(maker, "\x0a\x01x", 3);
}

static void make_bad_utf8(struct maker *maker)
{
    kit_set_text(maker->arena, &maker->item->routing->place, "\xc3\x28");
    add_item(maker);
}

static void make_nul(struct maker *maker)
{
    kit_set_text(maker->arena, &maker->item->header->product, "here#there");
    struct slice header = arena_copy(maker->arena, kit_seal(maker->arena, maker->item));
    *(uint8_t *)memmem(header.data, header.len, "here#", 5) = 0;
    maker->item->raw_header = header;
    add_item(maker);
}

static void make_missing(struct maker *maker)
{
    kit_set_text(maker->arena, &maker->item->header->sharing_basis, "");
    add_item(maker);
}

static void make_long(struct maker *maker)
{
    char text[66] = {0};
    memset(text, 'p', sizeof text - 1);
    kit_set_text(maker->arena, &maker->item->routing->place, text);
    add_item(maker);
}

static void make_out_of_range(struct maker *maker)
{
    maker->item->header->mopi_group = 9;
    add_item(maker);
}

static void make_unknown_value(struct maker *maker)
{
    maker->item->header->priority = (Signalbox__V1__Priority)99;
    add_item(maker);
}

static void make_part_twice(struct maker *maker)
{
    make_longer(maker,
        "\x12\x1a\x12\x10saltsaltsaltsalt\x1a\x01i\x22\x03"
        "abc",
        28);
}

static void make_unknown_agency(struct maker *maker)
{
    maker->item = kit_report(maker->arena, "atlantis", 7);
    add_item(maker);
}

static void make_unknown_key(struct maker *maker)
{
    maker->item->signer = "essex";
    add_item(maker);
}

static void make_answering_key(struct maker *maker)
{
    maker->item = kit_report(maker->arena, "merseyside", 7);
    add_item(maker);
}

static void make_old_key(struct maker *maker)
{
    maker->item = kit_report(maker->arena, "catch22", 7);
    add_item(maker);
}

static void make_revoked_key(struct maker *maker)
{
    maker->item = kit_report(maker->arena, "lb-hackney", 7);
    add_item(maker);
}

static void make_signed_for_another_topic(struct maker *maker)
{
    maker->item->sign_topic = "in.essex";
    add_item(maker);
}

static void make_other_content(struct maker *maker)
{
    struct slice value = kit_envelope(maker->arena, maker->item);
    char *text = kit_report_body(maker->item, 0)->statements[0]->text;
    uint8_t *found = memmem(value.data, value.len, text, strlen(text));
    *found ^= 1;
    add_record(maker, value);
}

static void make_other_agency(struct maker *maker)
{
    kit_set_text(maker->arena, &maker->item->header->agency, "essex");
    add_item(maker)->topic = slice_text("in.kent");
}

static void make_other_key(struct maker *maker)
{
    add_item(maker)->key = slice_text("something else");
}

static void make_answer(struct maker *maker)
{
    Signalbox__V1__AnswerBody *body = arena_alloc(maker->arena, sizeof *body);
    signalbox__v1__answer_body__init(body);
    kit_set_text(maker->arena, &body->state, "read");
    body->number = 1;
    body->when_unix_ms = KIT_NOW_MS;
    maker->item->header->about = kit_reference(maker->arena, kit_report(maker->arena, "essex", 1), 0);
    maker->item->header->kind = SIGNALBOX__V1__KIND__KIND_ANSWER;
    maker->item->bodies[0] = &body->base;
    add_item(maker);
}

static void make_unknown_force(struct maker *maker)
{
    static const char *const forces[] = {"atlantis"};
    kit_set_texts(
        maker->arena, &maker->item->header->n_importer_forces, &maker->item->header->importer_forces, forces, 1);
    add_item(maker);
}

static void make_unknown_theme(struct maker *maker)
{
    static const char *const themes[] = {"astrology"};
    kit_set_texts(maker->arena, &maker->item->header->n_themes, &maker->item->header->themes, themes, 1);
    add_item(maker);
}

static void make_expiry_before_making(struct maker *maker)
{
    maker->item->header->expires_unix_ms = maker->item->header->made_unix_ms - 1;
    add_item(maker);
}

static void make_bad_marking(struct maker *maker)
{
    static const char *const instructions[] = {"RECIPIENTS ONLY"};
    Signalbox__V1__PartInfo *part = maker->item->infos[0];
    kit_set_texts(maker->arena, &part->n_instructions, &part->instructions, instructions, 1);
    add_item(maker);
}

static void make_bare_c(struct maker *maker)
{
    maker->item->infos[0]->handling = SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_C;
    add_item(maker);
}

static void make_flattering_grade(struct maker *maker)
{
    kit_report_body(maker->item, 0)->statements[0]->source_evaluation = 3;
    maker->item->infos[0]->source_evaluation = 1;
    add_item(maker);
}

static void make_misspelt_language(struct maker *maker)
{
    maker->item = kit_guidance(maker->arena, "kent", 1);
    kit_set_text(maker->arena, &kit_guidance_body(maker->item, 0)->language, "Welsh (cy)");
    add_item(maker);
}

static void make_secret(struct maker *maker)
{
    maker->item->infos[0]->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET;
    maker->made->spilt = true;
    add_item(maker);
}

static void make_from_the_future(struct maker *maker)
{
    maker->item->header->made_unix_ms = KIT_NOW_MS + 86400000;
    add_item(maker);
}

static void make_expired(struct maker *maker)
{
    maker->item->header->expires_unix_ms = KIT_NOW_MS - 1;
    add_item(maker);
}

static void make_wrong_id(struct maker *maker)
{
    kit_seal(maker->arena, maker->item);
    maker->item->raw_id = true;
    maker->item->header->item_id.data[15] ^= 1;
    add_item(maker);
}

// The same file, published once more.
static void make_same_revision(struct maker *maker)
{
    add_item(maker);
    kit_shuffle(maker->item, 4242);
    maker->item->header->made_unix_ms++;
    add_item(maker);
}

static void make_other_words(struct maker *maker)
{
    add_item(maker);
    kit_set_text(maker->arena, &kit_report_body(maker->item, 0)->title, "Another title");
    add_item(maker);
}

static void make_late(struct maker *maker)
{
    struct kit_item *first = maker->item;
    maker->item = kit_revision(maker->arena, first, 2);
    kit_set_text(maker->arena, &kit_report_body(maker->item, 0)->title, "Another title");
    add_item(maker);
    maker->item = first;
    add_item(maker);
}

static void make_exercise_of_it(struct maker *maker)
{
    add_item(maker);
    maker->item = kit_revision(maker->arena, maker->item, 2);
    maker->item->header->status = SIGNALBOX__V1__STATUS__STATUS_EXERCISE;
    add_item(maker);
}

static void make_same_content(struct maker *maker)
{
    add_item(maker);
    maker->item->header->nonce.data[15] ^= 1;
    add_item(maker);
}

// --- changes of standing ---

#define STANDING(name) SIGNALBOX__V1__STANDING__STANDING_##name

static struct record *add_change(
    struct maker *maker, const char *issuer, Signalbox__V1__Standing standing, uint32_t number)
{
    struct kit_item *item = maker->item;
    maker->item = kit_standing(maker->arena, item, issuer, standing, number);
    struct record *record = add_item(maker);
    maker->item = item;
    return record;
}

static void make_withdrawn(struct maker *maker)
{
    add_item(maker);
    add_change(maker, "kent", STANDING(RECALLED), 1);
    maker->item = kit_revision(maker->arena, maker->item, 2);
    add_item(maker);
}

static void make_changed(struct maker *maker)
{
    add_item(maker);
    add_change(maker, "kent", STANDING(RECALLED), 1);
}

static void make_unchanged(struct maker *maker)
{
    add_item(maker);
    add_change(maker, "kent", STANDING(RELEASED), 1);
}

static void make_released_by_one(struct maker *maker)
{
    add_item(maker);
    add_change(maker, "kent", STANDING(RESTRICTED), 1);
    add_change(maker, "nclcc", STANDING(RELEASED), 1);
}

static void make_early(struct maker *maker)
{
    add_change(maker, "kent", STANDING(RECALLED), 1);
}

static void make_taken_back(struct maker *maker)
{
    add_item(maker);
    add_change(maker, "kent", STANDING(RECALLED), 1);
    add_change(maker, "kent", STANDING(RELEASED), 2);
}

static void make_number_again(struct maker *maker)
{
    add_item(maker);
    add_change(maker, "kent", STANDING(RESTRICTED), 1);
    add_change(maker, "kent", STANDING(RECALLED), 1);
}

static void make_change_of_another(struct maker *maker)
{
    add_item(maker);
    add_change(maker, "essex", STANDING(RECALLED), 1);
}

// One change may wait for its item, no more.
static void make_second_early(struct maker *maker)
{
    add_change(maker, "kent", STANDING(RECALLED), 1);
    maker->item->header->nonce.data[0] ^= 1;
    add_change(maker, "kent", STANDING(RECALLED), 1);
}

static void make_wrong_about(struct maker *maker)
{
    struct kit_item *change = kit_standing(maker->arena, maker->item, "kent", STANDING(RECALLED), 1);
    change->header->about->nonce.data[0] ^= 1;
    maker->item = change;
    add_item(maker);
}

static struct record *add_relayed(struct maker *maker)
{
    struct record *record = add_item(maker);
    record->origin_topic = record->topic;
    record->origin_partition = 0;
    record->origin_offset = 12;
    record->origin_appended_ms = record->appended_ms;
    record->topic = slice_text("relane");
    return record;
}

static void make_wrong_lane(struct maker *maker)
{
    struct record *record = add_relayed(maker);
    record->lane = (record->lane + 1) % maker->lanes;
}

static void make_no_origin(struct maker *maker)
{
    add_relayed(maker)->origin_offset = -1;
}

static void make_full(struct maker *maker)
{
    maker->made->full = true;
    add_item(maker);
}

static void make_poison(struct maker *maker)
{
    maker->made->poison = true;
    maker->made->spilt = true; // what it holds cannot be told without looking
    add_item(maker);
}

static const struct {
    enum outcome outcome;
    void (*make)(struct maker *maker);
    const char *path;
} cases[] = {
    {OUTCOME_ACCEPTED, make_plain, ""},
    {OUTCOME_ACCEPTED_NOBODY, make_test_status, ""},
    {OUTCOME_FORWARDED, make_forwarded, ""},
    {OUTCOME_TOO_LARGE, make_too_large, ""},
    {OUTCOME_EMPTY, make_empty, ""},
    {OUTCOME_WIRE_BROKEN, make_broken, "header"},
    {OUTCOME_WIRE_LIMIT, make_too_many, "header.themes[16]"},
    {OUTCOME_WIRE_VARINT, make_padded, "header"},
    {OUTCOME_UNKNOWN_FIELD, make_unknown_field, "15"},
    {OUTCOME_DUPLICATE_FIELD, make_second_header, "header"},
    {OUTCOME_UTF8_BROKEN, make_bad_utf8, "routing.place"},
    {OUTCOME_TEXT_NUL, make_nul, "header.product"},
    {OUTCOME_FIELD_MISSING, make_missing, "header.sharing_basis"},
    {OUTCOME_FIELD_LENGTH, make_long, "routing.place"},
    {OUTCOME_FIELD_RANGE, make_out_of_range, "header.mopi_group"},
    {OUTCOME_ENUM_UNKNOWN, make_unknown_value, "header.priority"},
    {OUTCOME_ENVELOPE_PARTS, make_part_twice, "parts[1].slot"},
    {OUTCOME_AGENCY_UNKNOWN, make_unknown_agency, ""},
    {OUTCOME_KEY_UNKNOWN, make_unknown_key, "proof.key_id"},
    {OUTCOME_KEY_INACTIVE, make_old_key, "proof.key_id"},
    {OUTCOME_KEY_REVOKED, make_revoked_key, "proof.key_id"},
    {OUTCOME_SIGNATURE_BAD, make_signed_for_another_topic, "proof.signature"},
    {OUTCOME_DIGEST_BAD, make_other_content, "parts[0].content"},
    {OUTCOME_AGENCY_MISMATCH, make_other_agency, "header.agency"},
    {OUTCOME_KEY_PURPOSE, make_answering_key, "proof.key_id"},
    {OUTCOME_KEY_MISMATCH, make_other_key, "header.subject"},
    {OUTCOME_ITEM_ID_WRONG, make_wrong_id, "header.item_id"},
    {OUTCOME_KIND_NOT_TAKEN, make_answer, "header.kind"},
    {OUTCOME_ORGANISATION_UNKNOWN, make_unknown_force, "header.importer_forces[0]"},
    {OUTCOME_CODE_UNKNOWN, make_unknown_theme, "header.themes[0]"},
    {OUTCOME_FIELD_CONFLICT, make_expiry_before_making, "header.expires_unix_ms"},
    {OUTCOME_ABOUT_WRONG, make_wrong_about, "header.about.item_id"},
    {OUTCOME_MARKING_INVALID, make_bad_marking, "parts[0].info.instructions[0]"},
    {OUTCOME_HANDLING_INVALID, make_bare_c, "parts[0].info.action"},
    {OUTCOME_GRADE_INVALID, make_flattering_grade, "parts[0].content.statements[0].source_evaluation"},
    {OUTCOME_FIELD_FORM, make_misspelt_language, "parts[0].content.language"},
    {OUTCOME_SPILL, make_secret, "parts[0].info.classification"},
    {OUTCOME_NOT_YET_VALID, make_from_the_future, "header.made_unix_ms"},
    {OUTCOME_EXPIRED, make_expired, "header.expires_unix_ms"},
    {OUTCOME_STATUS_CHANGED, make_exercise_of_it, "header.status"},
    {OUTCOME_DUPLICATE_REVISION, make_same_revision, ""},
    {OUTCOME_REVISION_TAKEN, make_other_words, "header.revision"},
    {OUTCOME_LATE_REVISION, make_late, ""},
    {OUTCOME_WITHDRAWN, make_withdrawn, ""},
    {OUTCOME_DUPLICATE_CONTENT, make_same_content, ""},
    {OUTCOME_STANDING_CHANGED, make_changed, ""},
    {OUTCOME_STANDING_UNCHANGED, make_unchanged, ""},
    {OUTCOME_STANDING_STAYS, make_released_by_one, ""},
    {OUTCOME_STANDING_EARLY, make_early, ""},
    {OUTCOME_STANDING_FINAL, make_taken_back, "parts[0].content.standing"},
    {OUTCOME_STANDING_NUMBER, make_number_again, "parts[0].content.number"},
    {OUTCOME_STANDING_ISSUER, make_change_of_another, "header.about.agency"},
    {OUTCOME_STANDING_UNSENT, make_second_early, "header.about.item_id"},
    {OUTCOME_WRONG_LANE, make_wrong_lane, "header.subject"},
    {OUTCOME_RELANE_ORIGIN, make_no_origin, ""},
    {OUTCOME_STATE_FULL, make_full, ""},
    {OUTCOME_POISON, make_poison, ""},
};

bool kit_case(struct arena *arena, enum outcome outcome, uint32_t lanes, struct kit_case *made)
{
    struct maker maker = {.arena = arena, .item = kit_report(arena, "kent", 42), .lanes = lanes, .made = made};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (cases[i].outcome == outcome) {
            *made = (struct kit_case){.path = cases[i].path};
            cases[i].make(&maker);
            made->item = maker.item;
            return true;
        }
    return false;
}

Signalbox__V1__Registry *kit_case_registry(struct arena *arena)
{
    static Signalbox__V1__Purpose answers[] = {SIGNALBOX__V1__PURPOSE__PURPOSE_ANSWERS};
    Signalbox__V1__Registry *registry = kit_registry(arena);
    kit_organisation(registry, "merseyside")->keys[0]->signs = answers;
    kit_organisation(registry, "merseyside")->keys[0]->n_signs = 1;
    kit_organisation(registry, "catch22")->keys[0]->valid_to_unix_ms = KIT_NOW_MS - 1;
    kit_organisation(registry, "lb-hackney")->keys[0]->state = SIGNALBOX__V1__KEY_STATE__KEY_STATE_REVOKED;
    kit_organisation(registry, "lb-hackney")->keys[0]->revoked_unix_ms = KIT_NOW_MS - 1;
    return registry;
}

Signalbox__V1__Policy *kit_case_policy(struct arena *arena)
{
    Signalbox__V1__Policy *policy = kit_policy(arena);
    policy->unsent_changes = 1;
    return policy;
}

struct snapshot *kit_case_snapshot(void)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_case_registry(&arena);
    struct snapshot *snapshot = snapshot_new(registry, kit_case_policy(&arena), kit_subscribe_all(&arena, registry),
        registry->n_organisations, registry->n_organisations, &error);
    if (!snapshot)
        abort();
    arena_deinit(&arena);
    return snapshot;
}
