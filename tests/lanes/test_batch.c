// SPDX-License-Identifier: Apache-2.0
// A batch from inside: what a lane's memory holds at the moment of the commit.
#include "hub/run/batch.h"
#include "hub/run/owned_lanes.h"
#include "tests/kit/loop/world.h"
#include "hub/run/lane.h"
#include "hub/rules/registry.h"
#include "hub/run/shared.h"
#include <criterion/criterion.h>

static struct bench {
    struct world world;
    struct snapshot *snapshot;
    struct model_bus *member;
    struct counters counters;
    struct shared shared;
    struct lane *lane;
    size_t remembered_at_commit;
} bench;

static enum model_fault look(void *context, const struct model_moment *moment)
{
    (void)context;
    if (moment->call == MODEL_CALL_COMMIT)
        bench.remembered_at_commit = memory_count(&bench.lane->memory);
    return MODEL_FINE;
}

static void begin_bench(void)
{
    bench.snapshot = kit_snapshot();
    world_init(&bench.world, 1, bench.snapshot);
    bench.member = model_join(bench.world.model);
    bench.shared = (struct shared){.bus = model_bus(bench.member),
        .settings = &bench.world.settings,
        .counters = &bench.counters,
        .snapshot = bench.snapshot};
    arena_init(&bench.shared.arena, 0);
    cr_assert(
        routes_init(&bench.shared.routes, bench.shared.bus) && routes_refresh(&bench.shared.routes, bench.snapshot));
    bench.lane = lane_new(bench.shared.bus, 0, 1, true, NULL);
    model_check_generation(bench.world.model, false);
    bench.world.settings.snapshot_entries = 1000;
}

static void end_bench(void)
{
    lane_forget(bench.lane);
    lane_free(bench.lane);
    routes_deinit(&bench.shared.routes);
    packs_deinit(&bench.shared.packs);
    arena_deinit(&bench.shared.arena);
    model_part(bench.member);
    world_deinit(&bench.world);
    snapshot_free(bench.snapshot);
}

TestSuite(batch, .init = begin_bench, .fini = end_bench);

Test(batch, R5_memory_changes_only_after_the_commit_is_known)
{
    struct kit_item *item = kit_report(&bench.world.arena, "kent", 1);
    struct record record = kit_record(&bench.world.arena, item, kit_envelope(&bench.world.arena, item), 1);
    bench.remembered_at_commit = 99;
    model_set_fault(bench.member, look, NULL);
    cr_assert_eq(lane_open(bench.lane), BUS_OK);
    cr_assert_eq(batch_take(bench.lane, &bench.shared, &record), BUS_OK);
    cr_assert_eq(batch_commit(bench.lane, &bench.shared), BUS_OK);
    cr_expect_eq(bench.remembered_at_commit, 0);
    cr_expect_eq(memory_count(&bench.lane->memory), 2, "the item's row, and the mark of what it says");
}

Test(batch, a_force_has_a_topic_for_exercises_beside_its_feed_and_one_that_is_missing_is_named)
{
    struct routes *routes = &bench.shared.routes;
    unsigned kent = registry_find(bench.snapshot->registry, slice_text("kent"));
    cr_expect_eq(routes_exercise(routes, kent), -1);
    cr_expect(strstr(routes->error.text, "Topic exercise.kent does not exist"), "%s", routes->error.text);
    model_topic(bench.world.model, "exercise.kent", 1);
    int exercise = routes_exercise(routes, kent);
    cr_expect_geq(exercise, 0, "it is looked up again");
    cr_expect_neq(exercise, routes_feed(routes, kent));
    cr_assert(routes_refresh(routes, bench.snapshot));
    cr_expect_eq(routes_exercise(routes, kent), exercise);
}

Test(batch, the_lane_goes_on_where_the_last_commit_left_it)
{
    struct arena *arena = &bench.world.arena;
    cr_assert_eq(lane_open(bench.lane), BUS_OK);
    for (uint64_t i = 0; i < 3; i++) {
        struct kit_item *item = kit_report(arena, "kent", i + 1);
        struct record record = kit_record(arena, item, kit_envelope(arena, item), 1);
        record.offset = (int64_t)i * 2; // a marker stands between
        cr_assert_eq(batch_take(bench.lane, &bench.shared, &record), BUS_OK);
        cr_assert_eq(batch_commit(bench.lane, &bench.shared), BUS_OK);
        cr_expect_eq(bench.lane->mark.ledger_sequence, i + 1);
        cr_expect_eq(bench.lane->mark.transaction, i + 1);
        cr_expect_eq(mark_find(&bench.lane->mark, "in.kent")->next, record.offset + 1);
        cr_expect_eq(model_offset(bench.world.model, "in.kent", 0), record.offset + 1);
    }
}

// Takes a report of an agency, appended at this time, and commits.
static void take_report(const char *agency, uint64_t seed, int64_t offset, int64_t appended_ms)
{
    struct arena *arena = &bench.world.arena;
    struct kit_item *item = kit_report(arena, agency, seed);
    struct record record = kit_record(arena, item, kit_envelope(arena, item), 1);
    record.offset = offset;
    record.appended_ms = appended_ms;
    cr_assert_eq(batch_take(bench.lane, &bench.shared, &record), BUS_OK);
    cr_assert_eq(batch_commit(bench.lane, &bench.shared), BUS_OK);
}

Test(batch, the_lane_s_clock_never_goes_back)
{
    cr_assert_eq(lane_open(bench.lane), BUS_OK);
    take_report("kent", 1, 0, KIT_NOW_MS + 9000);
    take_report("kent", 2, 1, KIT_NOW_MS + 4000);
    cr_expect_eq(bench.lane->mark.clock_ms, KIT_NOW_MS + 9000);
}

// Somebody moves the group in a topic that has nothing new: the lane does not write there, and finds it when it opens.
Test(batch, only_the_positions_that_moved_are_committed)
{
    cr_assert_eq(lane_open(bench.lane), BUS_OK);
    take_report("kent", 1, 0, KIT_NOW_MS);
    take_report("essex", 2, 0, KIT_NOW_MS);
    cr_assert_eq(model_offset(bench.world.model, "in.essex", 0), 1);
    model_set_offset(bench.world.model, "in.essex", 0, 77);
    take_report("kent", 3, 1, KIT_NOW_MS);
    cr_expect_eq(model_offset(bench.world.model, "in.kent", 0), 2);
    cr_expect_eq(model_offset(bench.world.model, "in.essex", 0), 77);
}

Test(batch, only_a_lane_that_was_started_gets_records)
{
    struct owned_lanes owned;
    const uint32_t lanes[] = {0};
    memset(&owned, 0, sizeof owned);
    cr_assert(owned_lanes_init(&owned, &bench.shared));
    bench.shared.snapshot = NULL; // control data are not there yet
    owned_lanes_assign(&owned, lanes, 1);
    cr_expect_null(owned_lanes_running(&owned, 0), "owned");
    owned_lanes_tend(&owned);
    cr_expect_null(owned_lanes_running(&owned, 0), "restored");
    bench.shared.snapshot = bench.snapshot;
    owned_lanes_tend(&owned);
    cr_expect_not_null(owned_lanes_running(&owned, 0));
    cr_expect_null(owned_lanes_running(&owned, 1));
    owned_lanes_assign(&owned, lanes, 0);
    cr_expect_null(owned_lanes_running(&owned, 0), "given to somebody else");
    owned_lanes_assign(&owned, lanes, 1);
    owned_lanes_tend(&owned);
    cr_expect_not_null(owned_lanes_running(&owned, 0));
    owned_lanes_drop(&owned);
    cr_expect_null(owned_lanes_running(&owned, 0), "taken away");
    owned_lanes_deinit(&owned);
}
