// SPDX-License-Identifier: Apache-2.0
// What others see of a lane at each station of its life, and that looking on from another thread disturbs nothing.
#include "hub/run/lane_facts.h"
#include "tests/kit/core/ledger_blocks.h"
#include "tests/kit/loop/check.h"
#include "tests/lanes/fixture.h"
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>

TestSuite(lane_facts, .init = fixture_begin, .fini = fixture_end);

static struct lane_board *board_of(void)
{
    return worker_board(fixture.worker->worker);
}

static struct lane_facts facts_of(void)
{
    struct lane_facts facts[2];
    cr_assert_eq(lane_board_read(board_of(), facts, 2), 1);
    return facts[0];
}

// A fault that strikes calls of one kind, and what the board says at that moment.
struct fault_plan {
    enum model_call call;
    enum model_fault fault;
    int times;
    struct lane_facts seen;
};

static enum model_fault strike_call(void *context, const struct model_moment *moment)
{
    struct fault_plan *fault_plan = context;
    if (moment->call != fault_plan->call || fault_plan->times-- <= 0)
        return MODEL_FINE;
    fault_plan->seen = facts_of();
    return fault_plan->fault;
}

Test(lane_facts, a_lane_that_runs_tells_what_it_has_committed)
{
    world_settle(&fixture.world);
    struct lane_facts before = facts_of();
    for (uint64_t seed = 1; seed <= 3; seed++)
        world_report(&fixture.world, "kent", seed);
    world_settle(&fixture.world);
    struct lane_facts after = facts_of();
    struct model_record block = world_record(&fixture.world, "ledger", 0, world_count(&fixture.world, "ledger", 0) - 1);
    struct digest head = kit_block_read(&fixture.world.arena, block.value).head;
    cr_expect(before.stage == LANE_STAGE_RUNNING && before.ledger_sequence == 0 && before.fingerprints == 0);
    cr_expect(after.stage == LANE_STAGE_RUNNING && after.since_ms == before.since_ms && after.since_ms > 0);
    cr_expect(after.ledger_sequence == 3 && after.fingerprints > 0 && after.fingerprint_bytes > 0);
    cr_expect_gt(after.transaction, before.transaction);
    cr_expect_arr_eq(after.ledger_head.bytes, head.bytes, DIGEST_BYTES);
    cr_expect(after.begun_ms == 0 && after.failures == 0 && after.doubts == 0);
    cr_expect_str_empty(after.problem);
}

Test(lane_facts, an_open_transaction_tells_its_age_and_size_and_nothing_as_committed)
{
    static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
    fault_plan = (struct fault_plan){.call = MODEL_CALL_COMMIT, .times = 1};
    model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
    struct world_item one = world_report(&fixture.world, "kent", 1), two = world_report(&fixture.world, "kent", 2);
    world_settle(&fixture.world);
    cr_expect_gt(fault_plan.seen.begun_ms, 0);
    cr_expect(fault_plan.seen.records == 2 && fault_plan.seen.bytes == one.value.len + two.value.len);
    cr_expect(fault_plan.seen.ledger_sequence == 0 && fault_plan.seen.transaction == 0);
    cr_expect(facts_of().begun_ms == 0 && facts_of().ledger_sequence == 2);
}

Test(lane_facts, a_lane_that_lost_its_transaction_says_why_until_it_runs_again)
{
    static const struct lost_case {
        enum model_call call;
        enum lane_stage at;
    } cases[] = {{MODEL_CALL_COMMIT, LANE_STAGE_RUNNING}, {MODEL_CALL_COMMITTED, LANE_STAGE_RESTORING},
        {MODEL_CALL_START, LANE_STAGE_RESTORED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
        fault_plan = (struct fault_plan){.call = cases[i].call, .fault = MODEL_LOSE, .times = 1};
        fixture_again(1);
        fixture_join();
        model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
        world_report(&fixture.world, "kent", 1);
        struct lane_facts lost = {0};
        for (int turn = 0; turn < 50 && lost.failures == 0; turn++) {
            world_turn(fixture.worker);
            if (fault_plan.times <= 0)
                lost = facts_of();
        }
        cr_expect_eq(fault_plan.seen.stage, cases[i].at, "case %zu", i);
        cr_expect(lost.stage == LANE_STAGE_CLOSED && lost.failures == 1 && *lost.problem, "case %zu", i);
        world_settle(&fixture.world);
        cr_expect_eq(facts_of().stage, LANE_STAGE_RUNNING);
        cr_expect_str_empty(facts_of().problem);
    }
}

Test(lane_facts, witnesses_that_disagree_are_counted_and_explained)
{
    world_report(&fixture.world, "kent", 1);
    world_settle(&fixture.world);
    model_set_offset(fixture.world.model, "in.kent", 0, BUS_NO_OFFSET);
    model_crash(fixture.worker->bus);
    world_leave(&fixture.world, fixture.worker);
    fixture.worker = world_join(&fixture.world);
    world_share(&fixture.world);
    for (int turn = 0; turn < 50 && (lane_board_beats(board_of()) < 3 || facts_of().doubts < 2); turn++)
        world_turn(fixture.worker);
    struct lane_facts doubt = facts_of();
    cr_expect(doubt.doubts >= 2 && doubt.stage == LANE_STAGE_CLOSED);
    cr_expect_not_null(strstr(doubt.problem, "in.kent"), "%s", doubt.problem);
    model_set_offset(fixture.world.model, "in.kent", 0, 1);
    world_settle(&fixture.world);
    cr_expect(facts_of().doubts == 0 && facts_of().stage == LANE_STAGE_RUNNING);
}

Test(lane_facts, reading_state_back_tells_how_far_it_has_come)
{
    static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
    fault_plan = (struct fault_plan){.call = MODEL_CALL_COMMITTED, .times = 1};
    for (uint64_t seed = 1; seed <= 5; seed++) {
        world_report(&fixture.world, "kent", seed);
        world_settle(&fixture.world);
    }
    model_crash(fixture.worker->bus);
    world_leave(&fixture.world, fixture.worker);
    fixture.worker = world_join(&fixture.world);
    model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
    world_share(&fixture.world);
    world_settle(&fixture.world);
    cr_expect_eq(fault_plan.seen.stage, LANE_STAGE_RESTORING);
    cr_expect(fault_plan.seen.to_restore >= 6 && fault_plan.seen.restored > 0 &&
                  fault_plan.seen.restored <= fault_plan.seen.to_restore,
        "%llu of %llu", (unsigned long long)fault_plan.seen.restored, (unsigned long long)fault_plan.seen.to_restore);
    cr_expect_eq(facts_of().ledger_sequence, 5);
}

Test(lane_facts, a_lane_that_went_to_another_worker_is_told_by_that_one_alone_and_every_turn_is_a_beat)
{
    struct lane_facts facts[2];
    fixture_again(2);
    fixture_join();
    world_settle(&fixture.world);
    cr_expect_eq(lane_board_read(board_of(), facts, 2), 2);
    cr_expect_eq(lane_board_read(board_of(), facts, 1), 1);
    uint64_t beats = lane_board_beats(board_of());
    world_turn(fixture.worker);
    cr_expect_gt(lane_board_beats(board_of()), beats);
    struct world_worker *other = world_join(&fixture.world);
    world_share(&fixture.world);
    world_settle(&fixture.world);
    cr_expect_eq(lane_board_read(board_of(), facts, 2), 1);
    cr_expect_eq(lane_board_read(worker_board(other->worker), facts + 1, 1), 1);
    cr_expect_neq(facts[0].lane, facts[1].lane);
}

struct onlooker {
    struct lane_board *board;
    atomic_bool stop;
    uint64_t looks, wrong;
};

static void *look_on(void *context)
{
    struct onlooker *onlooker = context;
    struct lane_facts facts;
    uint64_t last = 0;
    do {
        if (lane_board_read(onlooker->board, &facts, 1) == 0)
            continue;
        onlooker->wrong += facts.ledger_sequence < last; // only one run: it never goes back
        onlooker->wrong += facts.stage == LANE_STAGE_RUNNING && *facts.problem;
        last = facts.ledger_sequence;
        onlooker->looks++;
    } while (!atomic_load(&onlooker->stop));
    return NULL;
}

Test(lane_facts, another_thread_sees_whole_facts_while_the_lane_works)
{
    pthread_t thread;
    world_settle(&fixture.world);
    struct onlooker onlooker = {.board = board_of()};
    cr_assert_eq(pthread_create(&thread, NULL, look_on, &onlooker), 0);
    for (uint64_t seed = 1; seed <= 60; seed++) {
        world_report(&fixture.world, "kent", seed);
        world_settle(&fixture.world);
    }
    atomic_store(&onlooker.stop, true);
    pthread_join(thread, NULL);
    cr_expect_eq(onlooker.wrong, 0);
    cr_expect_gt(onlooker.looks, 0);
}
