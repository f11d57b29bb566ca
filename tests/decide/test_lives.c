// SPDX-License-Identifier: Apache-2.0
// Lives of items, told step by step: what is sent, what becomes of it, and whom it reaches. Each is lived twice, with
// and without a commit after every step; both must end alike.
#include "hub/contract/outcome.h"
#include "hub/decide/content_mark.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>

#define STEPS 8

enum act {
    END,
    SEND,    // a revision of an item, in these words
    AGAIN,   // the same, shuffled anew
    MOVE,    // the item's id under another subject
    CLAIM,   // the item's id under another agency
    PRETEND, // a revision with status exercise
    CHANGE,  // of standing, by an issuer
    STRAY,   // a change of standing under another subject
    FORGET,  // what was said before is forgotten, as at the end of the dedup window
    HEAR,    // from now on so many subscribe
};

enum reach { NOBODY, ALL, ONE, REST };

struct step {
    enum act act;
    char item; // A, B: of kent; E: essex's, with the nonce and subject of A
    uint32_t number;
    const char *words; // of an item; who changes its standing
    Signalbox__V1__Standing standing;
    enum outcome outcome;
    enum reach reach;
};

struct life {
    const char *name;
    struct step steps[STEPS];
};

#define OK(reach)                      OUTCOME_ACCEPTED, reach
#define NONE(name)                     OUTCOME_##name, NOBODY
#define IS(name)                       SIGNALBOX__V1__STANDING__STANDING_##name
#define SENT(item, n, w)               SEND, item, n, w, 0
#define CHANGED(item, by, standing, n) CHANGE, item, n, by, IS(standing)

static const struct life lives[] = {
    {"a correction is taken back",
        {{SENT('A', 1, "one"), OK(ALL)}, {SENT('A', 2, "two"), OK(ALL)}, {SENT('A', 3, "one"), OK(ALL)}}},
    {"a restriction is lifted, the text the same",
        {{SENT('A', 1, "one"), OK(ALL)}, {CHANGED('A', "kent", RESTRICTED, 1), NONE(STANDING_CHANGED)},
            {SENT('A', 2, "one"), NONE(ACCEPTED_NOBODY)}, {CHANGED('A', "kent", RELEASED, 2), NONE(STANDING_CHANGED)},
            {SENT('A', 3, "one"), OK(ALL)}}},
    {"two recalls in the same words",
        {{SENT('A', 1, "one"), OK(ALL)}, {SENT('B', 1, "two"), OK(ALL)},
            {CHANGED('A', "kent", RECALLED, 1), NONE(STANDING_CHANGED)},
            {CHANGED('B', "kent", RECALLED, 1), NONE(STANDING_CHANGED)}, {SENT('A', 2, "three"), NONE(WITHDRAWN)},
            {SENT('B', 2, "four"), NONE(WITHDRAWN)}}},
    {"two restrictions in the same words",
        {{SENT('A', 1, "one"), OK(ALL)}, {SENT('B', 1, "two"), OK(ALL)},
            {CHANGED('A', "kent", RESTRICTED, 1), NONE(STANDING_CHANGED)},
            {CHANGED('B', "kent", RESTRICTED, 1), NONE(STANDING_CHANGED)},
            {SENT('A', 2, "three"), NONE(ACCEPTED_NOBODY)}, {SENT('B', 2, "four"), NONE(ACCEPTED_NOBODY)}}},
    {"issued again after a recall",
        {{SENT('A', 1, "one"), OK(ALL)}, {CHANGED('A', "kent", RECALLED, 1), NONE(STANDING_CHANGED)},
            {SENT('B', 1, "one"), OK(ALL)}, {AGAIN, 'B', 1, "one", 0, NONE(DUPLICATE_REVISION)}}},
    {"issued again under another reference while the first is restricted",
        {{SENT('A', 1, "one"), OK(ALL)}, {CHANGED('A', "nclcc", RESTRICTED, 1), NONE(STANDING_CHANGED)},
            {SENT('B', 1, "one"), OK(ALL)}}},
    {"the same item under another subject",
        {{SENT('A', 1, "one"), OK(ALL)}, {MOVE, 'A', 1, "one", 0, NONE(ITEM_ID_WRONG)},
            {MOVE, 'A', 2, "two", 0, NONE(ITEM_ID_WRONG)}}},
    {"a recall under another subject",
        {{SENT('A', 1, "one"), OK(ALL)}, {STRAY, 'A', 1, "kent", IS(RECALLED), NONE(ABOUT_WRONG)},
            {SENT('A', 2, "two"), OK(ALL)}}},
    {"a recall before its item",
        {{CHANGED('A', "kent", RECALLED, 1), NONE(STANDING_EARLY)}, {SENT('A', 1, "one"), NONE(WITHDRAWN)},
            {SENT('A', 2, "two"), NONE(WITHDRAWN)}, {SENT('B', 1, "one"), OK(ALL)}}},
    {"a restriction before its item",
        {{CHANGED('A', "kent", RESTRICTED, 1), NONE(STANDING_EARLY)}, {SENT('A', 1, "one"), NONE(ACCEPTED_NOBODY)},
            {CHANGED('A', "kent", RELEASED, 2), NONE(STANDING_CHANGED)}, {SENT('A', 2, "one"), OK(ALL)}}},
    {"restricted and released before its item",
        {{CHANGED('A', "kent", RESTRICTED, 1), NONE(STANDING_EARLY)},
            {CHANGED('A', "kent", RELEASED, 2), NONE(STANDING_EARLY)}, {SENT('A', 1, "one"), OK(ALL)}}},
    {"a recall older than the dedup window",
        {{SENT('A', 1, "one"), OK(ALL)}, {CHANGED('A', "kent", RECALLED, 1), NONE(STANDING_CHANGED)}, {.act = FORGET},
            {SENT('A', 2, "two"), NONE(WITHDRAWN)}}},
    {"an item older than the dedup window",
        {{SENT('A', 2, "two"), OK(ALL)}, {.act = FORGET}, {AGAIN, 'A', 2, "two", 0, NONE(DUPLICATE_REVISION)},
            {SENT('A', 1, "one"), NONE(LATE_REVISION)}, {SENT('A', 2, "else"), NONE(REVISION_TAKEN)},
            {SENT('B', 1, "two"), OK(ALL)}}},
    {"two agencies and one id",
        {{SENT('A', 1, "one"), OK(ALL)}, {CLAIM, 'A', 2, "two", 0, NONE(ITEM_ID_WRONG)}, {SENT('E', 1, "one"), OK(ALL)},
            {CHANGED('A', "kent", RECALLED, 1), NONE(STANDING_CHANGED)}, {SENT('E', 2, "two"), OK(ALL)},
            {CHANGED('E', "kent", RECALLED, 1), NONE(STANDING_ISSUER)}}},
    {"an old revision after a newer one",
        {{SENT('A', 5, "five"), OK(ALL)}, {SENT('A', 4, "four"), NONE(LATE_REVISION)}, {SENT('A', 6, "six"), OK(ALL)},
            {SENT('A', 4, "four"), NONE(LATE_REVISION)}}},
    {"other content under a known revision",
        {{SENT('A', 1, "one"), OK(ALL)}, {SENT('A', 1, "two"), NONE(REVISION_TAKEN)},
            {AGAIN, 'A', 1, "one", 0, NONE(DUPLICATE_REVISION)}, {SENT('A', 2, "two"), OK(ALL)}}},
    {"an earlier revision published once more",
        {{SENT('A', 1, "one"), OK(ALL)}, {SENT('A', 2, "two"), OK(ALL)},
            {AGAIN, 'A', 1, "one", 0, NONE(DUPLICATE_REVISION)}, {AGAIN, 'A', 2, "two", 0, NONE(DUPLICATE_REVISION)}}},
    {"accepted for nobody, and sent again when somebody listens",
        {{HEAR, .reach = NOBODY}, {SENT('A', 1, "one"), NONE(ACCEPTED_NOBODY)}, {HEAR, .reach = ALL},
            {AGAIN, 'A', 1, "one", 0, NONE(DUPLICATE_REVISION)}, {SENT('B', 1, "one"), OK(ALL)},
            {SENT('A', 2, "one"), OK(ALL)}}},
    {"accepted for one, and sent again when all listen",
        {{HEAR, .reach = ONE}, {SENT('A', 1, "one"), OK(ONE)}, {HEAR, .reach = ALL}, {SENT('B', 1, "one"), OK(REST)}}},
    {"the same text under two references",
        {{SENT('A', 1, "one"), OK(ALL)}, {SENT('B', 1, "one"), NONE(DUPLICATE_CONTENT)},
            {SENT('B', 2, "two"), OK(ALL)}}},
    {"said again under another reference after its correction",
        {{SENT('A', 1, "one"), OK(ALL)}, {SENT('A', 2, "two"), OK(ALL)}, {SENT('B', 1, "one"), OK(ALL)}}},
    {"the first is recalled after the second was held back",
        {{SENT('A', 1, "one"), OK(ALL)}, {SENT('B', 1, "one"), NONE(DUPLICATE_CONTENT)},
            {CHANGED('A', "kent", RECALLED, 1), NONE(STANDING_CHANGED)}, {SENT('B', 2, "one"), OK(ALL)}}},
    {"the same text of two agencies", {{SENT('A', 1, "one"), OK(ALL)}, {SENT('E', 1, "one"), OK(ALL)}}},
    {"a status is for life", {{SENT('A', 1, "one"), OK(ALL)}, {PRETEND, 'A', 2, "two", 0, NONE(STATUS_CHANGED)},
                                 {SENT('A', 2, "two"), OK(ALL)}}},
    {"an exercise says what an item said", {{SENT('A', 1, "one"), OK(ALL)}, {PRETEND, 'B', 1, "one", 0, OK(ALL)}}},
    {"what the centre restricted, the centre releases",
        {{SENT('A', 1, "one"), OK(ALL)}, {CHANGED('A', "nclcc", RESTRICTED, 1), NONE(STANDING_CHANGED)},
            {CHANGED('A', "kent", RELEASED, 1), NONE(STANDING_STAYS)}, {SENT('A', 2, "two"), NONE(ACCEPTED_NOBODY)},
            {CHANGED('A', "nclcc", RELEASED, 2), NONE(STANDING_CHANGED)}, {SENT('A', 3, "three"), OK(ALL)}}},
    {"what the centre recalled stays so",
        {{SENT('A', 1, "one"), OK(ALL)}, {CHANGED('A', "nclcc", RECALLED, 1), NONE(STANDING_CHANGED)},
            {CHANGED('A', "kent", RELEASED, 1), NONE(STANDING_FINAL)}, {SENT('A', 2, "two"), NONE(WITHDRAWN)},
            {CHANGED('A', "kent", ERASED, 2), NONE(STANDING_CHANGED)},
            {CHANGED('A', "nclcc", RECALLED, 2), NONE(STANDING_FINAL)}}},
    {"recalled twice, and then erased",
        {{SENT('A', 1, "one"), OK(ALL)}, {CHANGED('A', "kent", RECALLED, 1), NONE(STANDING_CHANGED)},
            {CHANGED('A', "kent", RECALLED, 2), NONE(STANDING_UNCHANGED)},
            {CHANGED('A', "kent", ERASED, 3), NONE(STANDING_CHANGED)}, {SENT('A', 2, "two"), NONE(WITHDRAWN)}}},
    {"a change that is sent twice",
        {{SENT('A', 1, "one"), OK(ALL)}, {CHANGED('A', "kent", RESTRICTED, 1), NONE(STANDING_CHANGED)},
            {CHANGED('A', "kent", RESTRICTED, 1), NONE(DUPLICATE_REVISION)}}},
    {"changes that come in the wrong order",
        {{SENT('A', 1, "one"), OK(ALL)}, {CHANGED('A', "kent", RELEASED, 6), NONE(STANDING_UNCHANGED)},
            {CHANGED('A', "kent", RESTRICTED, 5), NONE(STANDING_NUMBER)}, {SENT('A', 2, "two"), OK(ALL)}}},
    {"each issuer counts its own changes",
        {{SENT('A', 1, "one"), OK(ALL)}, {CHANGED('A', "kent", RESTRICTED, 9), NONE(STANDING_CHANGED)},
            {CHANGED('A', "nclcc", RESTRICTED, 1), NONE(STANDING_CHANGED)},
            {CHANGED('A', "kent", RELEASED, 10), NONE(STANDING_STAYS)},
            {CHANGED('A', "nclcc", RELEASED, 2), NONE(STANDING_CHANGED)}, {SENT('A', 2, "two"), OK(ALL)}}},
};

struct scene {
    struct arena arena;
    struct snapshot *hearing[3]; // by NOBODY, ALL, ONE
    struct memory memory;
    enum reach hears;
    size_t all; // how many an item reaches
};

static const uint8_t secret[CONTENT_SECRET_BYTES] = {7};

static struct snapshot *snapshot_heard_by(struct arena *arena, enum reach reach)
{
    struct error error;
    Signalbox__V1__Registry *registry = kit_registry(arena);
    struct subscription_row *rows = kit_subscribe_all(arena, registry);
    struct subscription_row one = {.subscription = kit_subscription(arena, "kent", "all"), .revision = 1};
    struct snapshot *snapshot = reach == ONE ? snapshot_new(registry, kit_policy(arena), &one, 1, 1, &error)
                                             : snapshot_new(registry, kit_policy(arena), rows,
                                                   reach == ALL ? registry->n_organisations : 0, 1, &error);
    cr_assert(snapshot, "%s", error.text);
    return snapshot;
}

static struct kit_item *base_item(struct scene *scene, char name)
{
    static const char *const importers[] = {"kent"};
    const char *agency = name == 'E' ? "essex" : "kent";
    struct kit_item *item = kit_report(&scene->arena, agency, 1);
    kit_set_text(&scene->arena, &item->header->subject, "line-2026-0117");
    kit_set_exporter(&scene->arena, item->header, "metropolitan");
    kit_set_texts(&scene->arena, &item->header->n_importer_forces, &item->header->importer_forces, importers, 1);
    item->header->nonce.data[0] = (uint8_t)(name == 'B' ? 'B' : 'A');
    return item;
}

static struct kit_item *item_of(struct scene *scene, const struct step *step)
{
    struct kit_item *item = kit_revision(&scene->arena, base_item(scene, step->item), step->number);
    kit_set_text(&scene->arena, &kit_report_body(item, 0)->title, step->words);
    kit_seal(&scene->arena, item);
    item->raw_id = step->act == MOVE || step->act == CLAIM;
    if (step->act == AGAIN)
        kit_shuffle(item, 99);
    if (step->act == MOVE)
        kit_set_text(&scene->arena, &item->header->subject, "line-2026-0118");
    if (step->act == PRETEND)
        item->header->status = SIGNALBOX__V1__STATUS__STATUS_EXERCISE;
    if (step->act == CLAIM) {
        kit_set_text(&scene->arena, &item->header->agency, "essex");
        item->signer = item->sign_agency = "essex";
        item->sign_topic = "in.essex";
    }
    return item;
}

static struct kit_item *change_of(struct scene *scene, const struct step *step)
{
    struct kit_item *item = base_item(scene, step->item);
    struct kit_item *change = kit_standing(&scene->arena, item, step->words, step->standing, step->number);
    if (step->act == STRAY)
        kit_set_text(&scene->arena, &change->header->subject, "line-2026-0118");
    return change;
}

static struct decision send(struct scene *scene, struct kit_item *item)
{
    struct record record = kit_record(&scene->arena, item, kit_envelope(&scene->arena, item), 1);
    struct decision decision;
    step(scene->hearing[scene->hears], &scene->memory, &record, &scene->arena, &decision);
    return decision;
}

static void forget_marks(struct scene *scene)
{
    cr_assert(memory_merge(&scene->memory));
    remembered_expire(scene->memory.table[MEMORY_CONTENT], scene->memory.sequence + 1);
}

static void take_step(struct scene *scene, const struct life *life, size_t i)
{
    const struct step *step = &life->steps[i];
    if (step->act == HEAR)
        scene->hears = step->reach;
    else if (step->act == FORGET)
        forget_marks(scene);
    if (step->act == HEAR || step->act == FORGET)
        return;
    bool change = step->act == CHANGE || step->act == STRAY;
    struct decision decision = send(scene, change ? change_of(scene, step) : item_of(scene, step));
    cr_expect_str_eq(outcome_row((enum outcome)decision.outcome)->code, outcome_row(step->outcome)->code,
        "%s, step %zu: %s %s", life->name, i + 1, outcome_row((enum outcome)decision.outcome)->code,
        decision.refusal.path);
    const size_t reached[] = {[NOBODY] = 0, [ALL] = scene->all, [ONE] = 1, [REST] = scene->all - 1};
    cr_expect_eq(decision.n_deliveries, reached[step->reach], "%s, step %zu reaches %zu", life->name, i + 1,
        decision.n_deliveries);
}

static void scene_init(struct scene *scene)
{
    *scene = (struct scene){.memory = {.lanes = 1, .secret = secret}, .hears = ALL};
    arena_init(&scene->arena, 0);
    for (enum reach reach = NOBODY; reach <= ONE; reach++)
        scene->hearing[reach] = snapshot_heard_by(&scene->arena, reach);
    cr_assert(memory_init(&scene->memory));
    scene->all = send(scene, base_item(scene, 'A')).n_deliveries;
    memory_forget(&scene->memory);
    cr_assert_gt(scene->all, 2);
}

static void scene_deinit(struct scene *scene)
{
    for (enum reach reach = NOBODY; reach <= ONE; reach++)
        snapshot_free(scene->hearing[reach]);
    memory_deinit(&scene->memory);
    arena_deinit(&scene->arena);
}

Test(lives, go_as_they_are_told)
{
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++)
        for (int committed = 0; committed < 2; committed++) {
            struct scene scene;
            scene_init(&scene);
            for (size_t k = 0; k < STEPS && lives[i].steps[k].act != END; k++) {
                take_step(&scene, &lives[i], k);
                if (committed)
                    cr_assert(memory_merge(&scene.memory));
            }
            scene_deinit(&scene);
        }
}

Test(lives, a_late_revision_is_told_the_highest_and_the_record_that_it_follows)
{
    struct scene scene;
    scene_init(&scene);
    scene.memory.sequence = 40;
    cr_expect_eq(send(&scene, item_of(&scene, &(struct step){SENT('A', 5, "five"), OK(ALL)})).highest_revision, 5);
    struct decision late = send(&scene, item_of(&scene, &(struct step){SENT('A', 4, "four"), OK(ALL)}));
    cr_expect_eq(late.highest_revision, 5);
    cr_expect_eq(late.first_sequence, 41);
    scene_deinit(&scene);
}

// What the open transaction remembered is forgotten with it.
Test(lives, what_was_aborted_never_happened)
{
    struct scene scene;
    scene_init(&scene);
    send(&scene, item_of(&scene, &(struct step){SENT('A', 1, "one"), OK(ALL)}));
    send(&scene, change_of(&scene, &(struct step){CHANGED('A', "kent", RECALLED, 1), OK(ALL)}));
    memory_forget(&scene.memory);
    struct decision again = send(&scene, item_of(&scene, &(struct step){SENT('A', 1, "one"), OK(ALL)}));
    cr_expect(again.outcome == OUTCOME_ACCEPTED && again.n_deliveries == scene.all);
    scene_deinit(&scene);
}
