// SPDX-License-Identifier: Apache-2.0
// Every way in which a well-formed header can be refused, each with its outcome and the field that it names; and the
// order in which refusals come. One good item is spoilt in one place at a time.
#include "tests/kit/core/control.h"
#include "hub/contract/outcome.h"
#include "hub/base/duration.h"
#include "hub/rules/registry.h"
#include <criterion/criterion.h>

#define TEXT(field, text) kit_set_text(arena, &header->field, text)
#define LIST(field, ...)                                                                                               \
    do {                                                                                                               \
        static const char *const texts_[] = {__VA_ARGS__};                                                             \
        kit_set_texts(arena, &header->n_##field, &header->field, texts_, sizeof texts_ / sizeof *texts_);              \
    } while (0)
#define ROUTING_TEXT(field, text) kit_set_text(arena, &item->routing->field, text)
#define ROUTING_LIST(field, ...)                                                                                       \
    do {                                                                                                               \
        static const char *const texts_[] = {__VA_ARGS__};                                                             \
        kit_set_texts(                                                                                                 \
            arena, &item->routing->n_##field, &item->routing->field, texts_, sizeof texts_ / sizeof *texts_);          \
    } while (0)
#define PART_TEXT(field, text) kit_set_text(arena, &part->field, text)
#define PART_LIST(field, ...)                                                                                          \
    do {                                                                                                               \
        static const char *const texts_[] = {__VA_ARGS__};                                                             \
        kit_set_texts(arena, &part->n_##field, &part->field, texts_, sizeof texts_ / sizeof *texts_);                  \
    } while (0)
#define OFFICIAL_SENSITIVE SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_OFFICIAL_SENSITIVE
#define SECRET             SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET
#define TOP_SECRET         SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_TOP_SECRET
#define ACTION(code)       SIGNALBOX__V1__ACTION_CODE__ACTION_CODE_##code
#define SANITISATION(code) SIGNALBOX__V1__SANITISATION_CODE__SANITISATION_CODE_##code
#define CONDITIONS(action_, sanitisation_)                                                                             \
    part->handling = SIGNALBOX__V1__HANDLING_CODE__HANDLING_CODE_C, part->action = ACTION(action_),                    \
    part->sanitisation = SANITISATION(sanitisation_)

// CASE(name, kind of item, outcome, path, what is done to it)
#define CASES(CASE)                                                                                                    \
    CASE(secret, report, SPILL, "parts[0].info.classification", part->classification = SECRET)                         \
    CASE(top_secret, guidance, SPILL, "parts[0].info.classification", part->classification = TOP_SECRET)               \
    CASE(secret_and_all_else_wrong, report, SPILL, "parts[0].info.classification", part->classification = SECRET;      \
         LIST(exporter_forces, "atlantis"); TEXT(product, "no"); part->handling = 0; header->made_unix_ms = 0)         \
    CASE(answer, report, KIND_NOT_TAKEN, "header.kind", header->kind = SIGNALBOX__V1__KIND__KIND_ANSWER)               \
    CASE(notice, report, KIND_NOT_TAKEN, "header.kind", header->kind = SIGNALBOX__V1__KIND__KIND_NOTICE)               \
    CASE(no_kind, report, KIND_NOT_TAKEN, "header.kind", header->kind = SIGNALBOX__V1__KIND__KIND_UNSPECIFIED)         \
    CASE(exporter, report, ORGANISATION_UNKNOWN, "header.exporter_forces[0]", LIST(exporter_forces, "atlantis"))       \
    CASE(importer, report, ORGANISATION_UNKNOWN, "header.importer_forces[1]",                                          \
        LIST(importer_forces, "kent", "atlantis"))                                                                     \
    CASE(transit, report, ORGANISATION_UNKNOWN, "header.transit_forces[0]", LIST(transit_forces, "atlantis"))          \
    CASE(home, report, ORGANISATION_UNKNOWN, "routing.home_forces[0]", ROUTING_LIST(home_forces, "Kent"))              \
    CASE(recipient, report, ORGANISATION_UNKNOWN, "parts[0].info.recipients[1]",                                       \
        PART_LIST(recipients, "kent", "kent "))                                                                        \
    CASE(                                                                                                              \
        organisation, report, ORGANISATION_UNKNOWN, "parts[0].info.organisation", PART_TEXT(organisation, "atlantis")) \
    CASE(theme, report, CODE_UNKNOWN, "header.themes[1]", LIST(themes, "drugs", "astrology"))                          \
    CASE(product, report, CODE_UNKNOWN, "header.product", TEXT(product, "horoscope"))                                  \
    CASE(borough_of_nowhere, report, CODE_UNKNOWN, "header.boroughs[0]", LIST(boroughs, "E09000034"))                  \
    CASE(borough_zero, report, CODE_UNKNOWN, "header.boroughs[1]", LIST(boroughs, "E09000033", "E09000000"))           \
    CASE(borough_text, report, CODE_UNKNOWN, "header.boroughs[0]", LIST(boroughs, "E0900001x"))                        \
    CASE(basis, report, CODE_UNKNOWN, "header.sharing_basis", TEXT(sharing_basis, "because"))                          \
    CASE(no_strand, report, FIELD_MISSING, "header.strands", header->n_strands = 0)                                    \
    CASE(strand_zero, report, FIELD_MISSING, "header.strands[0]", header->strands[0] = 0)                              \
    CASE(strand_twice, guidance, FIELD_CONFLICT, "header.strands[3]", header->strands[3] = header->strands[0])         \
    CASE(mode_twice, report, FIELD_CONFLICT, "header.modes[1]", header->modes = arena_alloc(arena, 8);                 \
         header->n_modes = 2)                                                                                          \
    CASE(no_priority, report, FIELD_MISSING, "header.priority", header->priority = 0)                                  \
    CASE(no_status, report, FIELD_MISSING, "header.status", header->status = 0)                                        \
    CASE(no_parts, report, FIELD_MISSING, "parts", item->n_parts = 0)                                                  \
    CASE(theme_twice, report, FIELD_CONFLICT, "header.themes[2]", LIST(themes, "drugs", "gangs", "drugs"))             \
    CASE(importer_twice, report, FIELD_CONFLICT, "header.importer_forces[1]", LIST(importer_forces, "kent", "kent"))   \
    CASE(transit_twice, report, FIELD_CONFLICT, "header.transit_forces[1]", LIST(transit_forces, "kent", "kent"))      \
    CASE(home_twice, report, FIELD_CONFLICT, "routing.home_forces[1]", ROUTING_LIST(home_forces, "kent", "kent"))      \
    CASE(borough_twice, report, FIELD_CONFLICT, "header.boroughs[1]", LIST(boroughs, "E09000012", "E09000012"))        \
    CASE(                                                                                                              \
        recipient_twice, report, FIELD_CONFLICT, "parts[0].info.recipients[1]", PART_LIST(recipients, "kent", "kent")) \
    CASE(instruction_twice, report, FIELD_CONFLICT, "parts[0].info.instructions[1]",                                   \
        PART_LIST(instructions, "FOR PUBLIC RELEASE", "FOR PUBLIC RELEASE"))                                           \
    CASE(descriptor_twice, report, FIELD_CONFLICT, "parts[0].info.descriptors[1]",                                     \
        PART_LIST(descriptors, "LEGAL", "LEGAL"))                                                                      \
    CASE(product_of_guidance, report, FIELD_CONFLICT, "header.product", TEXT(product, "best-practice"))                \
    CASE(expires_first, report, FIELD_CONFLICT, "header.expires_unix_ms",                                              \
        header->expires_unix_ms = header->made_unix_ms)                                                                \
    CASE(embargo_after_expiry, report, FIELD_CONFLICT, "header.not_before_unix_ms",                                    \
         header->expires_unix_ms = KIT_NOW_MS + 1;                                                                     \
         header->not_before_unix_ms = KIT_NOW_MS + 1)                                                                  \
    CASE(happened_backwards, report, FIELD_CONFLICT, "routing.happened_to_unix_ms",                                    \
         item->routing->happened_from_unix_ms = 2;                                                                     \
         item->routing->happened_to_unix_ms = 1)                                                                       \
    CASE(report_about, report, FIELD_CONFLICT, "header.about", header->about = kit_reference(arena, item, 0))          \
    CASE(guidance_about_itself, guidance, ABOUT_WRONG, "header.about.item_id",                                         \
        header->about = kit_reference(arena, item, 0))                                                                 \
    CASE(guidance_about_another_subject, guidance, ABOUT_WRONG, "header.about.item_id",                                \
        header->about = earlier(arena, "kent", "another-note"))                                                        \
    CASE(guidance_about_another_agency, guidance, ABOUT_WRONG, "header.about.agency",                                  \
        header->about = earlier(arena, "essex", header->subject))                                                      \
    CASE(guidance_about_nobody, guidance, ORGANISATION_UNKNOWN, "header.about.agency",                                 \
        header->about = earlier(arena, "atlantis", header->subject))                                                   \
    CASE(next_edition, guidance, ACCEPTED, "", header->about = earlier(arena, "kent", header->subject))                \
    CASE(change, change, ACCEPTED, "", )                                                                               \
    CASE(change_about_nothing, change, FIELD_MISSING, "header.about", header->about = NULL)                            \
    CASE(change_about_another_id, change, ABOUT_WRONG, "header.about.item_id", header->about->item_id.data[0] ^= 1)    \
    CASE(change_about_another_nonce, change, ABOUT_WRONG, "header.about.item_id", header->about->nonce.data[0] ^= 1)   \
    CASE(change_about_another_agency, change, ABOUT_WRONG, "header.about.item_id",                                     \
        kit_set_text(arena, &header->about->agency, "essex"))                                                          \
    CASE(                                                                                                              \
        change_about_an_item_of_essex, change, ACCEPTED, "", header->about = earlier(arena, "essex", header->subject)) \
    CASE(change_of_nobody, change, ORGANISATION_UNKNOWN, "header.about.agency",                                        \
        kit_set_text(arena, &header->about->agency, "atlantis"))                                                       \
    CASE(change_revised, change, FIELD_CONFLICT, "header.revision", header->revision = 2)                              \
    CASE(change_in_two_parts, change, FIELD_CONFLICT, "parts", item->infos[1] = item->infos[0]; item->n_parts = 2)     \
    CASE(change_with_strands, change, FIELD_CONFLICT, "header.strands", header->strands = arena_alloc(arena, 8);       \
         header->strands[0] = 1; header->n_strands = 1)                                                                \
    CASE(change_with_priority, change, FIELD_CONFLICT, "header.priority", header->priority = 1)                        \
    CASE(change_with_product, change, FIELD_CONFLICT, "header.product", TEXT(product, "line-update"))                  \
    CASE(change_with_basis, change, FIELD_CONFLICT, "header.sharing_basis", TEXT(sharing_basis, "policing-purpose"))   \
    CASE(change_with_themes, change, FIELD_CONFLICT, "header.themes", LIST(themes, "drugs"))                           \
    CASE(change_with_exporter, change, FIELD_CONFLICT, "header.exporter_forces", LIST(exporter_forces, "kent"))        \
    CASE(change_with_importers, change, FIELD_CONFLICT, "header.importer_forces", LIST(importer_forces, "kent"))       \
    CASE(change_with_transits, change, FIELD_CONFLICT, "header.transit_forces", LIST(transit_forces, "kent"))          \
    CASE(change_with_boroughs, change, FIELD_CONFLICT, "header.boroughs", LIST(boroughs, "E09000012"))                 \
    CASE(change_with_modes, change, FIELD_CONFLICT, "header.modes", header->modes = arena_alloc(arena, 8);             \
         header->n_modes = 1)                                                                                          \
    CASE(change_with_announcement, change, FIELD_CONFLICT, "header.announcements", header->n_announcements = 1)        \
    CASE(change_with_sources, change, FIELD_CONFLICT, "header.derived_from", header->n_derived_from = 1)               \
    CASE(change_under_embargo, change, FIELD_CONFLICT, "header.not_before_unix_ms", header->not_before_unix_ms = 1)    \
    CASE(change_with_expiry, change, FIELD_CONFLICT, "header.expires_unix_ms",                                         \
        header->expires_unix_ms = KIT_NOW_MS + 1)                                                                      \
    CASE(change_with_mopi, change, FIELD_CONFLICT, "header.mopi_group", header->mopi_group = 1)                        \
    CASE(change_with_review, change, FIELD_CONFLICT, "header.review_unix_ms", header->review_unix_ms = KIT_NOW_MS + 1) \
    CASE(change_with_homes, change, FIELD_CONFLICT, "routing.home_forces", ROUTING_LIST(home_forces, "kent"))          \
    CASE(change_with_place, change, FIELD_CONFLICT, "routing.place", ROUTING_TEXT(place, "CT20"))                      \
    CASE(change_that_happened, change, FIELD_CONFLICT, "routing.happened_from_unix_ms",                                \
        item->routing->happened_from_unix_ms = 1)                                                                      \
    CASE(change_that_ended, change, FIELD_CONFLICT, "routing.happened_to_unix_ms",                                     \
        item->routing->happened_to_unix_ms = 1)                                                                        \
    CASE(change_with_a_source, change, FIELD_CONFLICT, "routing.source_reference",                                     \
        item->routing->source_reference.len = 32)                                                                      \
    CASE(change_with_a_contact, change, FIELD_CONFLICT, "routing.overlap_contact",                                     \
        ROUTING_TEXT(overlap_contact, "desk"))                                                                         \
    CASE(secret_change, change, SPILL, "parts[0].info.classification", part->classification = SECRET)                  \
    CASE(old_change, change, EXPIRED, "header.made_unix_ms", header->made_unix_ms = KIT_NOW_MS - 30 * DAY_MS - 1)      \
    CASE(no_mopi, report, FIELD_MISSING, "header.mopi_group", header->mopi_group = 0)                                  \
    CASE(no_review, report, FIELD_MISSING, "header.review_unix_ms", header->review_unix_ms = 0)                        \
    CASE(review_in_the_past, report, FIELD_CONFLICT, "header.review_unix_ms", header->review_unix_ms = 1)              \
    CASE(guidance_with_mopi, guidance, FIELD_CONFLICT, "header.mopi_group", header->mopi_group = 1)                    \
    CASE(guidance_reviewed_when_made, guidance, FIELD_CONFLICT, "header.review_unix_ms",                               \
        header->review_unix_ms = header->made_unix_ms)                                                                 \
    CASE(guidance_reviewed_just_later, guidance, ACCEPTED, "", header->review_unix_ms = header->made_unix_ms + 1)      \
    CASE(guidance_never_reviewed, guidance, ACCEPTED, "", header->review_unix_ms = 0)                                  \
    CASE(unmarked, report, MARKING_INVALID, "parts[0].info.classification", part->classification = 0)                  \
    CASE(instruction, report, MARKING_INVALID, "parts[0].info.instructions[0]",                                        \
        PART_LIST(instructions, "FOR MY EYES ONLY"))                                                                   \
    CASE(descriptor, report, MARKING_INVALID, "parts[0].info.descriptors[1]", PART_LIST(descriptors, "LEGAL", "NONE")) \
    CASE(descriptor_as_instruction, report, MARKING_INVALID, "parts[0].info.instructions[0]",                          \
        PART_LIST(instructions, "LEGAL"))                                                                              \
    CASE(recipients_only_beside_official, report, MARKING_INVALID, "parts[0].info.instructions[0]",                    \
         PART_LIST(instructions, "RECIPIENTS ONLY");                                                                   \
         PART_LIST(recipients, "kent"))                                                                                \
    CASE(public_beside_sensitive, report, MARKING_INVALID, "parts[0].info.instructions[0]",                            \
         part->classification = OFFICIAL_SENSITIVE;                                                                    \
         PART_LIST(instructions, "FOR PUBLIC RELEASE"))                                                                \
    CASE(recipients_only_of_nobody, report, MARKING_INVALID, "parts[0].info.recipients",                               \
         part->classification = OFFICIAL_SENSITIVE;                                                                    \
         PART_LIST(instructions, "RECIPIENTS ONLY"))                                                                   \
    CASE(use_only_of_nobody, report, MARKING_INVALID, "parts[0].info.organisation",                                    \
        PART_LIST(instructions, "ORGANISATION USE ONLY"))                                                              \
    CASE(organisation_without_use_only, report, MARKING_INVALID, "parts[0].info.organisation",                         \
        PART_TEXT(organisation, "kent"))                                                                               \
    CASE(embargo_without_end, report, MARKING_INVALID, "header.not_before_unix_ms",                                    \
        PART_LIST(instructions, "EMBARGOED"))                                                                          \
    CASE(no_handling, report, HANDLING_INVALID, "parts[0].info.handling", part->handling = 0)                          \
    CASE(p_with_action, report, HANDLING_INVALID, "parts[0].info.action", part->action = ACTION(A1))                   \
    CASE(p_with_sanitisation, report, HANDLING_INVALID, "parts[0].info.sanitisation",                                  \
        part->sanitisation = SANITISATION(S1))                                                                         \
    CASE(p_with_usage, report, HANDLING_INVALID, "parts[0].info.usage", PART_TEXT(usage, "Court only."))               \
    CASE(c_for_nobody, report, HANDLING_INVALID, "parts[0].info.recipients", CONDITIONS(A1, S1))                       \
    CASE(c_without_action, report, HANDLING_INVALID, "parts[0].info.action", CONDITIONS(UNSPECIFIED, S1);              \
         PART_LIST(recipients, "kent"))                                                                                \
    CASE(c_without_sanitisation, report, HANDLING_INVALID, "parts[0].info.sanitisation", CONDITIONS(A1, UNSPECIFIED);  \
         PART_LIST(recipients, "kent"))                                                                                \
    CASE(a3_without_usage, report, HANDLING_INVALID, "parts[0].info.usage", CONDITIONS(A3, S1);                        \
         PART_LIST(recipients, "kent"))                                                                                \
    CASE(a2_with_usage, report, HANDLING_INVALID, "parts[0].info.usage", CONDITIONS(A2, S1);                           \
         PART_TEXT(usage, "Court only."); PART_LIST(recipients, "kent"))                                               \
    CASE(guidance_with_handling, guidance, HANDLING_INVALID, "parts[0].info.handling", part->handling = 1)             \
    CASE(guidance_with_action, guidance, HANDLING_INVALID, "parts[0].info.action", part->action = ACTION(A1))          \
    CASE(no_source_grade, report, GRADE_INVALID, "parts[0].info.source_evaluation", part->source_evaluation = 0)       \
    CASE(source_grade_four, report, GRADE_INVALID, "parts[0].info.source_evaluation", part->source_evaluation = 4)     \
    CASE(no_assessment, report, GRADE_INVALID, "parts[0].info.intelligence_assessment",                                \
        part->intelligence_assessment = 0)                                                                             \
    CASE(assessment_six, report, GRADE_INVALID, "parts[0].info.intelligence_assessment",                               \
        part->intelligence_assessment = 6)                                                                             \
    CASE(graded_guidance, guidance, GRADE_INVALID, "parts[0].info.source_evaluation", part->source_evaluation = 1)     \
    CASE(made_too_far_ahead, report, NOT_YET_VALID, "header.made_unix_ms", header->made_unix_ms = KIT_NOW_MS + 60001)  \
    CASE(under_embargo, report, NOT_YET_VALID, "header.not_before_unix_ms",                                            \
        header->not_before_unix_ms = KIT_NOW_MS + 1)                                                                   \
    CASE(expired_now, report, EXPIRED, "header.expires_unix_ms", header->expires_unix_ms = KIT_NOW_MS)                 \
    CASE(made_too_long_ago, report, EXPIRED, "header.made_unix_ms",                                                    \
        header->made_unix_ms = KIT_NOW_MS - 30 * DAY_MS - 1)                                                           \
    CASE(just_not_too_far_ahead, report, ACCEPTED, "", header->made_unix_ms = KIT_NOW_MS + 60000)                      \
    CASE(just_not_too_long_ago, report, ACCEPTED, "", header->made_unix_ms = KIT_NOW_MS - 30 * DAY_MS)                 \
    CASE(embargo_just_passed, report, ACCEPTED, "", header->not_before_unix_ms = KIT_NOW_MS;                           \
         PART_LIST(instructions, "EMBARGOED"))                                                                         \
    CASE(expires_just_later, report, ACCEPTED, "", header->expires_unix_ms = KIT_NOW_MS + 1)                           \
    CASE(all_conditions, report, ACCEPTED, "", CONDITIONS(A3, S2); PART_TEXT(usage, "Court only.");                    \
         PART_LIST(recipients, "kent"))                                                                                \
    CASE(public_guidance, guidance, ACCEPTED, "", PART_LIST(instructions, "FOR PUBLIC RELEASE"))                       \
    CASE(all_boroughs_ends, report, ACCEPTED, "", LIST(boroughs, "E09000001", "E09000033"))                            \
    CASE(internal_line, report, ACCEPTED, "", LIST(exporter_forces, "kent"); LIST(importer_forces, "kent"))            \
    CASE(nothing_named, report, ACCEPTED, "", header->n_exporter_forces = 0; header->n_importer_forces = 0)            \
    CASE(mopi_one, report, ACCEPTED, "", header->mopi_group = 1)                                                       \
    CASE(mopi_four, report, ACCEPTED, "", header->mopi_group = 4)                                                      \
    CASE(review_when_made, report, FIELD_CONFLICT, "header.review_unix_ms",                                            \
        header->review_unix_ms = header->made_unix_ms)                                                                 \
    CASE(review_just_later, report, ACCEPTED, "", header->review_unix_ms = header->made_unix_ms + 1)                   \
    CASE(strongest_grades, report, ACCEPTED, "", part->source_evaluation = 1; part->intelligence_assessment = 1)       \
    CASE(weakest_grades, report, ACCEPTED, "", part->source_evaluation = 3; part->intelligence_assessment = 5)         \
    CASE(threat_to_life, report, ACCEPTED, "", header->priority = SIGNALBOX__V1__PRIORITY__PRIORITY_THREAT_TO_LIFE)    \
    CASE(beyond_threat_to_life, report, FIELD_MISSING, "header.priority", header->priority = 4)                        \
    CASE(embargo_just_before_expiry, report, NOT_YET_VALID, "header.not_before_unix_ms",                               \
         header->expires_unix_ms = KIT_NOW_MS + 2;                                                                     \
         header->not_before_unix_ms = KIT_NOW_MS + 1)                                                                  \
    CASE(unknown_first_importer, report, ORGANISATION_UNKNOWN, "header.importer_forces[0]",                            \
        LIST(importer_forces, "atlantis", "kent"))                                                                     \
    CASE(unknown_first_recipient, report, ORGANISATION_UNKNOWN, "parts[0].info.recipients[0]",                         \
        PART_LIST(recipients, "kent ", "kent"))                                                                        \
    CASE(unknown_second_instruction, report, MARKING_INVALID, "parts[0].info.instructions[1]",                         \
        PART_LIST(instructions, "FOR PUBLIC RELEASE", "FOR MY EYES ONLY"))

// The reference of an item that was published before.
static Signalbox__V1__ItemReference *earlier(struct arena *arena, const char *agency, const char *subject)
{
    struct kit_item *item = kit_guidance(arena, agency, 77);
    kit_set_text(arena, &item->header->subject, subject);
    return kit_reference(arena, item, 0);
}

static struct kit_item *kit_change(struct arena *arena, const char *agency, uint64_t seed)
{
    return kit_standing(arena, kit_report(arena, agency, seed), agency, SIGNALBOX__V1__STANDING__STANDING_RECALLED, 1);
}

#define SPOIL(name, kind, outcome, path, ...)                                                                          \
    static void spoil_##name(                                                                                          \
        struct arena *arena, struct kit_item *item, Signalbox__V1__Header *header, Signalbox__V1__PartInfo *part)      \
    {                                                                                                                  \
        (void)arena, (void)item, (void)header, (void)part;                                                             \
        __VA_ARGS__;                                                                                                   \
    }
CASES(SPOIL)

static const struct facts_case {
    const char *name, *path;
    struct kit_item *(*make)(struct arena *, const char *, uint64_t);
    void (*spoil)(struct arena *, struct kit_item *, Signalbox__V1__Header *, Signalbox__V1__PartInfo *);
    enum outcome outcome;
} cases[] = {
#define ROW(name, kind, outcome, path, ...) {#name, path, kit_##kind, spoil_##name, OUTCOME_##outcome},
    CASES(ROW)
#undef ROW
};

static bool makes_facts(const struct snapshot *snapshot, const struct kit_item *item, unsigned agency,
    struct facts *facts, struct refusal *why)
{
    struct item_view view = kit_view(item);
    return facts_from_item(snapshot, &view, agency, KIT_NOW_MS, facts, why);
}

static void run_case(const struct snapshot *snapshot, const struct facts_case *row)
{
    struct arena arena;
    struct facts facts;
    struct refusal why = {.outcome = OUTCOME_ACCEPTED, .offset = 7};
    arena_init(&arena, 0);
    struct kit_item *item = row->make(&arena, "kent", 3);
    kit_seal(&arena, item);
    row->spoil(&arena, item, item->header, item->infos[0]);
    bool passed = makes_facts(snapshot, item, 0, &facts, &why);
    cr_expect_eq(passed, row->outcome == OUTCOME_ACCEPTED, "%s", row->name);
    cr_expect_str_eq(outcome_row(why.outcome)->code, outcome_row(row->outcome)->code, "%s", row->name);
    cr_expect_str_eq(why.path, row->path, "%s: %s", row->name, why.path);
    cr_expect(passed || why.offset == -1, "%s", row->name);
    arena_deinit(&arena);
}

Test(facts, a_header_is_refused_for_the_first_thing_wrong_and_names_it)
{
    struct snapshot *snapshot = kit_snapshot();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        run_case(snapshot, &cases[i]);
    snapshot_free(snapshot);
}

Test(facts, a_header_becomes_places_in_registry_and_policy)
{
    struct arena memory, *arena = &memory;
    struct facts facts;
    struct refusal why;
    struct snapshot *snapshot = kit_snapshot();
    arena_init(arena, 0);
    struct kit_item *item = kit_report(arena, "kent", 3);
    Signalbox__V1__Header *header = item->header;
    Signalbox__V1__Strand strands[] = {SIGNALBOX__V1__STRAND__STRAND_PREPARE, SIGNALBOX__V1__STRAND__STRAND_PURSUE};
    Signalbox__V1__TransportMode modes[] = {
        SIGNALBOX__V1__TRANSPORT_MODE__TRANSPORT_MODE_FOOT, SIGNALBOX__V1__TRANSPORT_MODE__TRANSPORT_MODE_RAIL};
    header->strands = strands, header->n_strands = 2, header->modes = modes, header->n_modes = 2;
    LIST(exporter_forces, "metropolitan");
    LIST(importer_forces, "kent", "essex");
    ROUTING_LIST(home_forces, "north-wales");
    LIST(themes, "modern-slavery", "weapons");
    header->priority = SIGNALBOX__V1__PRIORITY__PRIORITY_THREAT_TO_LIFE;
    cr_assert(makes_facts(snapshot, item, 3, &facts, &why));
    unsigned metropolitan = registry_find(snapshot->registry, slice_text("metropolitan"));
    unsigned kent = registry_find(snapshot->registry, slice_text("kent"));
    cr_expect_eq(facts.agency, 3);
    cr_expect(org_set_has(&facts.exporters, metropolitan) && !org_set_has(&facts.exporters, kent));
    cr_expect(org_set_has(&facts.importers, kent) && !org_set_has(&facts.importers, metropolitan));
    cr_expect_eq(org_set_count(&facts.named), 3, "home forces stand apart");
    cr_expect_eq(org_set_count(&facts.homes), 1);
    cr_expect_eq(facts.strands, 1u << 4 | 1u << 1);
    cr_expect_eq(facts.themes, 1u << 1 | 1u << 6);
    cr_expect_eq(facts.kinds, 1u << SIGNALBOX__V1__KIND__KIND_REPORT);
    cr_expect_eq(facts.priorities, 1u << 3);
    cr_expect_eq(facts.regions, 1u << 1 | 1u << 2); // london and eastern in the kit's policy
    cr_expect_eq(facts.home_regions, 1u << 4);      // north-west
    cr_expect(facts.rail);
    snapshot_free(snapshot);
    arena_deinit(arena);
}

// What is asked of a part is asked of each: here of the second, behind a good one.
Test(facts, every_part_answers_for_itself)
{
    static const char first[] = "parts[0].info";
    struct snapshot *snapshot = kit_snapshot();
    size_t asked = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        struct facts facts;
        struct refusal why = {.outcome = OUTCOME_ACCEPTED};
        if (strncmp(cases[i].path, first, sizeof first - 1) != 0 || strstr(cases[i].name, "all_else_wrong"))
            continue;
        arena_init(&arena, 0);
        struct kit_item *item = cases[i].make(&arena, "kent", 3);
        kit_add_part(&arena, item);
        *item->infos[1] = *item->infos[0];
        cases[i].spoil(&arena, item, item->header, item->infos[1]);
        cr_expect_not(makes_facts(snapshot, item, 0, &facts, &why), "%s", cases[i].name);
        cr_expect_eq(why.outcome, cases[i].outcome, "%s", cases[i].name);
        cr_expect_str_eq(why.path, arena_printf(&arena, "parts[1].info%s", cases[i].path + sizeof first - 1));
        asked++;
        arena_deinit(&arena);
    }
    cr_expect_gt(asked, 30);
    snapshot_free(snapshot);
}
