// SPDX-License-Identifier: Apache-2.0
// outcomes.def stands in the order of the checks: of a record with two things wrong, the outcome is the one that stands
// there first.
#include "tests/kit/core/cases.h"
#include "hub/contract/outcome.h"
#include "hub/decide/content_mark.h"
#include <criterion/criterion.h>

#define LANES       4
#define COUNT(list) (sizeof(list) / sizeof *(list))
#define DAY_MS      INT64_C(86400000)

// A report on its way; what is wrong with its bytes and its record is done after it is sealed.
struct sending {
    struct arena *arena;
    struct kit_item *item;
    bool relayed, other_topic, other_key, other_byte;
};

static void come_from_nowhere(struct sending *sending)
{
    sending->relayed = true;
}

static void come_on_unknown_topic(struct sending *sending)
{
    sending->other_topic = true;
}

static void sign_with_stranger(struct sending *sending)
{
    sending->item->signer = "essex";
}

static void sign_for_other_topic(struct sending *sending)
{
    sending->item->sign_topic = "in.essex";
}

static void name_other_key(struct sending *sending)
{
    sending->other_key = true;
}

static void spoil_id(struct sending *sending)
{
    kit_seal(sending->arena, sending->item);
    sending->item->raw_id = true;
    sending->item->header->item_id.data[15] ^= 1;
}

static void change_content(struct sending *sending)
{
    sending->other_byte = true;
}

static void mark_secret(struct sending *sending)
{
    sending->item->infos[0]->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET;
}

static void refer_to_itself(struct sending *sending)
{
    sending->item->header->about = kit_reference(sending->arena, sending->item, 0);
}

static void name_unknown_force(struct sending *sending)
{
    static const char *const forces[] = {"atlantis"};
    Signalbox__V1__Header *header = sending->item->header;
    kit_set_texts(sending->arena, &header->n_importer_forces, &header->importer_forces, forces, 1);
}

static void name_unknown_theme(struct sending *sending)
{
    static const char *const themes[] = {"astrology"};
    Signalbox__V1__Header *header = sending->item->header;
    kit_set_texts(sending->arena, &header->n_themes, &header->themes, themes, 1);
}

static void instruct_wrongly(struct sending *sending)
{
    static const char *const instructions[] = {"EYES ONLY"};
    Signalbox__V1__PartInfo *part = sending->item->infos[0];
    kit_set_texts(sending->arena, &part->n_instructions, &part->instructions, instructions, 1);
}

static void give_usage_to_p(struct sending *sending)
{
    kit_set_text(sending->arena, &sending->item->infos[0]->usage, "In court.");
}

static void leave_ungraded(struct sending *sending)
{
    sending->item->infos[0]->source_evaluation = 0;
}

static void come_too_early(struct sending *sending)
{
    sending->item->header->not_before_unix_ms = KIT_NOW_MS + DAY_MS;
}

static void come_too_late(struct sending *sending)
{
    sending->item->header->made_unix_ms = KIT_NOW_MS - 31 * DAY_MS;
}

static void exercise(struct sending *sending)
{
    sending->item->header->status = SIGNALBOX__V1__STATUS__STATUS_EXERCISE;
}

static void say_otherwise(struct sending *sending)
{
    kit_set_text(sending->arena, &kit_report_body(sending->item, 0)->title, "Another title");
}

static const struct fault {
    enum outcome outcome;
    void (*spoil)(struct sending *sending);
} faults[] = {
    {OUTCOME_RELANE_ORIGIN, come_from_nowhere},
    {OUTCOME_AGENCY_UNKNOWN, come_on_unknown_topic},
    {OUTCOME_KEY_UNKNOWN, sign_with_stranger},
    {OUTCOME_SIGNATURE_BAD, sign_for_other_topic},
    {OUTCOME_KEY_MISMATCH, name_other_key},
    {OUTCOME_ITEM_ID_WRONG, spoil_id},
    {OUTCOME_DIGEST_BAD, change_content},
    {OUTCOME_SPILL, mark_secret},
    {OUTCOME_FIELD_CONFLICT, refer_to_itself},
    {OUTCOME_ORGANISATION_UNKNOWN, name_unknown_force},
    {OUTCOME_CODE_UNKNOWN, name_unknown_theme},
    {OUTCOME_MARKING_INVALID, instruct_wrongly},
    {OUTCOME_HANDLING_INVALID, give_usage_to_p},
    {OUTCOME_GRADE_INVALID, leave_ungraded},
    {OUTCOME_NOT_YET_VALID, come_too_early},
    {OUTCOME_EXPIRED, come_too_late},
    {OUTCOME_STATUS_CHANGED, exercise},
    {OUTCOME_REVISION_TAKEN, say_otherwise},
};

static struct record seal_and_spoil(const struct sending *sending)
{
    struct slice value = kit_envelope(sending->arena, sending->item);
    char *text = kit_report_body(sending->item, 0)->statements[0]->text;
    struct record record = kit_record(sending->arena, sending->item, value, LANES);
    if (sending->other_byte)
        *(uint8_t *)memmem(value.data, value.len, text, strlen(text)) ^= 1;
    if (sending->other_key)
        record.key = slice_text("something else");
    if (sending->other_topic)
        record.topic = slice_text("in.atlantis");
    if (sending->relayed)
        record.topic = slice_text("relane");
    return record;
}

// The item is known already, so that each of the faults would be met.
static enum outcome outcome_with(const struct fault *one, const struct fault *other)
{
    static const uint8_t secret[CONTENT_SECRET_BYTES] = {7};
    struct snapshot *snapshot = kit_snapshot();
    struct memory memory = {.lanes = LANES, .secret = secret};
    struct decision decision;
    struct arena arena;
    arena_init(&arena, 0);
    cr_assert(memory_init(&memory));
    struct sending good = {.arena = &arena, .item = kit_report(&arena, "kent", 42)}, bad = good;
    struct record record = seal_and_spoil(&good);
    memory.lane = record.lane;
    step(snapshot, &memory, &record, &arena, &decision);
    cr_assert_eq(decision.outcome, OUTCOME_ACCEPTED);
    bad.item = kit_revision(&arena, good.item, 1);
    one->spoil(&bad);
    if (other != one)
        other->spoil(&bad);
    record = seal_and_spoil(&bad);
    step(snapshot, &memory, &record, &arena, &decision);
    enum outcome outcome = (enum outcome)decision.outcome;
    memory_deinit(&memory);
    arena_deinit(&arena);
    snapshot_free(snapshot);
    return outcome;
}

Test(order, of_two_faults_the_one_that_stands_first_is_the_outcome)
{
    for (size_t i = 0; i < COUNT(faults); i++)
        for (size_t j = 0; j < COUNT(faults); j++) {
            enum outcome first = faults[i].outcome < faults[j].outcome ? faults[i].outcome : faults[j].outcome;
            enum outcome outcome = outcome_with(&faults[i], &faults[j]);
            cr_expect_str_eq(outcome_row(outcome)->code, outcome_row(first)->code, "of %s and %s",
                outcome_row(faults[i].outcome)->code, outcome_row(faults[j].outcome)->code);
        }
}
