// SPDX-License-Identifier: Apache-2.0
// A record that another lane sent on is judged as it was when its agency's topic took it: whatever has begun or ended
// since then changes nothing.
#include "hub/base/duration.h"
#include "hub/contract/outcome.h"
#include "tests/kit/core/control.h"
#include "hub/decide/content_mark.h"
#include <criterion/criterion.h>

#define FIRST_MS  KIT_NOW_MS              // when the agency's topic took it
#define DETOUR_MS (KIT_NOW_MS + 2 * 1000) // when relane did
#define BETWEEN   (KIT_NOW_MS + 1000)

struct bench {
    struct arena arena;
    Signalbox__V1__Registry *registry;
    struct memory memory;
    struct snapshot *snapshot;
    struct decision decision;
};

static const uint8_t secret[CONTENT_SECRET_BYTES] = {7};

static struct bench *bench_new(void)
{
    struct bench *bench = calloc(1, sizeof *bench);
    arena_init(&bench->arena, 0);
    bench->registry = kit_registry(&bench->arena);
    bench->memory = (struct memory){.roots = proof_cache_new(4), .lanes = 4, .secret = secret};
    cr_assert(memory_init(&bench->memory));
    return bench;
}

static void bench_free(struct bench *bench)
{
    memory_deinit(&bench->memory);
    proof_cache_free(bench->memory.roots);
    snapshot_free(bench->snapshot);
    arena_deinit(&bench->arena);
    free(bench);
}

static struct record forwarded(struct bench *bench, struct kit_item *item)
{
    struct record record = kit_record(&bench->arena, item, kit_envelope(&bench->arena, item), 4);
    record.origin_topic = record.topic;
    record.topic = slice_text("relane");
    record.origin_partition = 0; // the first place of all
    record.origin_offset = 0;
    record.origin_appended_ms = FIRST_MS;
    record.appended_ms = DETOUR_MS;
    record.offset = 77;
    return record;
}

static enum outcome decide(struct bench *bench, const struct record *record)
{
    struct error error;
    struct subscription_row *rows = kit_subscribe_all(&bench->arena, bench->registry);
    bench->snapshot =
        snapshot_new(bench->registry, kit_policy(&bench->arena), rows, bench->registry->n_organisations, 1, &error);
    cr_assert(bench->snapshot, "%s", error.text);
    bench->memory.lane = record->lane;
    step(bench->snapshot, &bench->memory, record, &bench->arena, &bench->decision);
    return bench->decision.outcome;
}

static void expire(struct bench *bench, struct kit_item *item)
{
    (void)bench;
    item->header->expires_unix_ms = BETWEEN;
}
static void embargo(struct bench *bench, struct kit_item *item)
{
    (void)bench;
    item->header->not_before_unix_ms = BETWEEN;
}
static void grow_too_old(struct bench *bench, struct kit_item *item)
{
    (void)bench;
    item->header->made_unix_ms = BETWEEN - 30 * DAY_MS; // as the policy allows
    item->header->review_unix_ms = KIT_NOW_MS + 1000 * DAY_MS;
}
static void be_made_ahead(struct bench *bench, struct kit_item *item)
{
    (void)bench;
    item->header->made_unix_ms = BETWEEN + 60000; // as the policy allows
}
static void end_the_agency(struct bench *bench, struct kit_item *item)
{
    (void)item;
    kit_organisation(bench->registry, "kent")->valid_to_unix_ms = BETWEEN;
}
static void begin_the_agency(struct bench *bench, struct kit_item *item)
{
    (void)item;
    kit_organisation(bench->registry, "kent")->valid_from_unix_ms = BETWEEN;
}
static void end_the_key(struct bench *bench, struct kit_item *item)
{
    (void)item;
    kit_organisation(bench->registry, "kent")->keys[0]->valid_to_unix_ms = BETWEEN;
}
static void begin_the_key(struct bench *bench, struct kit_item *item)
{
    (void)item;
    kit_organisation(bench->registry, "kent")->keys[0]->valid_from_unix_ms = BETWEEN;
}
static void revoke_the_key(struct bench *bench, struct kit_item *item)
{
    (void)item;
    Signalbox__V1__SigningKey *key = kit_organisation(bench->registry, "kent")->keys[0];
    key->state = SIGNALBOX__V1__KEY_STATE__KEY_STATE_REVOKED;
    key->revoked_unix_ms = BETWEEN;
}

static const struct {
    const char *name;
    void (*change)(struct bench *bench, struct kit_item *item);
    enum outcome outcome;
} changes[] = {
    {"expires", expire, OUTCOME_ACCEPTED},
    {"grows too old", grow_too_old, OUTCOME_ACCEPTED},
    {"its agency ends", end_the_agency, OUTCOME_ACCEPTED},
    {"its key ends", end_the_key, OUTCOME_ACCEPTED},
    {"its key is revoked", revoke_the_key, OUTCOME_ACCEPTED},
    {"its embargo ends", embargo, OUTCOME_NOT_YET_VALID},
    {"its making comes near", be_made_ahead, OUTCOME_NOT_YET_VALID},
    {"its agency begins", begin_the_agency, OUTCOME_AGENCY_UNKNOWN},
    {"its key begins", begin_the_key, OUTCOME_KEY_INACTIVE},
};

Test(step_forwarded, what_happens_on_the_detour_changes_nothing)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct bench *bench = bench_new();
        struct kit_item *item = kit_report(&bench->arena, "kent", 1);
        changes[i].change(bench, item);
        struct record record = forwarded(bench, item);
        cr_expect_eq(decide(bench, &record), changes[i].outcome, "%s: %s %s", changes[i].name,
            outcome_row(bench->decision.outcome)->code, bench->decision.refusal.path);
        cr_expect_eq(bench->decision.appended_ms, FIRST_MS);
        cr_expect(slice_equal(bench->decision.agency, slice_text("kent")));
        bench_free(bench);
    }
}

// The other way about each of them would be decided otherwise: so the test above says something.
Test(step_forwarded, without_a_detour_its_own_time_counts)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct bench *bench = bench_new();
        struct kit_item *item = kit_report(&bench->arena, "kent", 1);
        changes[i].change(bench, item);
        struct record record = kit_record(&bench->arena, item, kit_envelope(&bench->arena, item), 4);
        record.appended_ms = DETOUR_MS;
        cr_expect_neq(decide(bench, &record), changes[i].outcome, "%s", changes[i].name);
        bench_free(bench);
    }
}

Test(step_forwarded, an_item_in_the_wrong_lane_again_is_refused_and_not_sent_on)
{
    struct bench *bench = bench_new();
    struct record record = forwarded(bench, kit_report(&bench->arena, "kent", 1));
    record.lane = (record.lane + 1) % 4;
    cr_expect_eq(decide(bench, &record), OUTCOME_WRONG_LANE);
    bench_free(bench);
}
