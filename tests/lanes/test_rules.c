// SPDX-License-Identifier: Apache-2.0
// The rules of the loop, each by the test that fails without it. R1, R2, R3, R10 and R11 live in hub/kafka, with tests
// there.
#include "tests/kit/check.h"
#include "tests/kit/random.h"
#include "tests/lanes/stage.h"
#include <criterion/criterion.h>
#include <stdlib.h>

// A worker that knows nothing takes over.
static void replace(struct stage *stage)
{
    model_crash(stage->worker->bus);
    world_leave(&stage->world, stage->worker);
    stage_start(stage);
}

static const char *sentence(const struct stage *stage)
{
    return worker_error(stage->worker->worker);
}

static void expect_whole(struct stage *stage)
{
    struct check check = {0};
    cr_expect_str_empty(sentence(stage));
    cr_expect(check_world(&stage->world, &check), "%s", check.error);
}

// A fault that strikes calls of one kind, some times.
struct plague {
    enum model_call call;
    enum model_fault fault;
    int skip, times;
};

static enum model_fault strike_call(void *context, const struct model_moment *moment)
{
    struct plague *plague = context;
    if (moment->call != plague->call || plague->skip-- > 0)
        return MODEL_FINE;
    return plague->times-- > 0 ? plague->fault : MODEL_FINE;
}

static void turns(struct stage *stage, int n)
{
    while (n-- > 0 && world_turn(stage->worker))
        ;
}

// Turns until a record is in an open batch.
static void open_batch(struct stage *stage)
{
    for (int i = 0; i < 50 && model_open_transactions(stage->world.model) == 0; i++)
        world_turn(stage->worker);
    cr_assert_eq(model_open_transactions(stage->world.model), 1);
}

Test(rules, R4_a_commit_of_unknown_outcome_is_settled_by_reading_both_witnesses)
{
    const enum model_fault fates[] = {MODEL_LOSE, MODEL_LOSE_APPLIED, MODEL_LOSE_DELAYED};
    for (size_t i = 0; i < 3; i++) {
        struct stage stage;
        struct plague plague = {MODEL_CALL_COMMIT, fates[i], 0, 1};
        stage_raise(&stage, 1);
        world_report(&stage.world, "kent", 1);
        model_set_fault(stage.worker->bus, strike_call, &plague);
        world_settle(&stage.world);
        cr_expect_eq(world_count(&stage.world, "feed.nclcc", 0), 1);
        cr_expect_eq(world_count(&stage.world, "ledger", 0), 1);
        cr_expect_eq(stage.worker->counters->lanes_opened_total, 2);
        expect_whole(&stage);
        stage_strike(&stage);
    }
}

Test(rules, R4_witnesses_that_disagree_stop_the_lane_and_the_sentence_says_what_to_do)
{
    struct stage stage;
    stage_raise(&stage, 1);
    world_report(&stage.world, "kent", 1);
    world_settle(&stage.world);
    model_set_offset(stage.world.model, "in.kent", 0, 0);
    replace(&stage);
    world_settle(&stage.world);
    cr_expect_not_null(strstr(sentence(&stage), "stands at 0 in topic in.kent"));
    cr_expect_not_null(strstr(sentence(&stage), "set the offset back to 1"));
    cr_expect_eq(world_count(&stage.world, "feed.nclcc", 0), 1);
    stage_strike(&stage);
}

Test(rules, R5_what_a_lost_transaction_learnt_is_forgotten)
{
    struct stage stage;
    struct plague plague = {MODEL_CALL_COMMIT, MODEL_LOSE, 0, 3};
    stage_raise(&stage, 1);
    world_report(&stage.world, "kent", 1);
    model_set_fault(stage.worker->bus, strike_call, &plague);
    world_settle(&stage.world);
    cr_expect_eq(stage.worker->counters->outcomes[OUTCOME_ACCEPTED], 1);
    cr_expect_eq(stage.worker->counters->outcomes[OUTCOME_DUPLICATE_BYTES], 0);
    expect_whole(&stage);
    stage_strike(&stage);
}

#define OTHER_LANE 40 // of a producer that nobody fences

Test(rules, R6_a_lane_whose_state_ends_behind_an_open_transaction_does_not_start)
{
    struct stage stage;
    stage_raise(&stage, 2);
    world_settle(&stage.world);
    struct model_bus *other = model_join(stage.world.model);
    struct bus *bus = model_bus(other);
    struct world_item sent = world_report(&stage.world, "kent", 1);
    bus->ops->open(bus, OTHER_LANE);
    bus->ops->begin(bus, OTHER_LANE);
    struct bus_message message = {.topic = bus->ops->topic(bus, BUS_STATE, NULL),
        .partition = (int32_t)sent.lane,
        .value = slice_text("not yet decided")};
    bus->ops->produce(bus, OTHER_LANE, &message);
    replace(&stage);
    turns(&stage, 40);
    cr_expect_eq(world_count(&stage.world, "ledger", sent.lane), 0);
    bus->ops->abort(bus, OTHER_LANE);
    world_settle(&stage.world);
    cr_expect_eq(world_count(&stage.world, "ledger", sent.lane), 1);
    expect_whole(&stage);
    model_part(other);
    stage_strike(&stage);
}

Test(rules, R7_a_missing_offset_is_suspect_and_never_the_beginning)
{
    struct stage stage;
    stage_raise(&stage, 1);
    world_report(&stage.world, "kent", 1);
    world_settle(&stage.world);
    model_set_offset(stage.world.model, "in.kent", 0, BUS_NO_OFFSET);
    replace(&stage);
    world_settle(&stage.world);
    cr_expect_not_null(strstr(sentence(&stage), "has no offset for topic in.kent"));
    cr_expect_not_null(strstr(sentence(&stage), "--to-offset"));
    cr_expect_eq(world_count(&stage.world, "feed.nclcc", 0), 1);
    stage_strike(&stage);
}

Test(rules, R7_a_missing_offset_is_looked_at_again_before_it_is_believed)
{
    struct stage stage;
    stage_raise(&stage, 1);
    world_report(&stage.world, "kent", 1);
    world_settle(&stage.world);
    model_set_offset(stage.world.model, "in.kent", 0, BUS_NO_OFFSET);
    replace(&stage);
    turns(&stage, 4);
    model_set_offset(stage.world.model, "in.kent", 0, 1);
    world_report(&stage.world, "kent", 2);
    world_settle(&stage.world);
    cr_expect_eq(world_count(&stage.world, "ledger", 0), 2);
    expect_whole(&stage);
    stage_strike(&stage);
}

Test(rules, R7_a_topic_that_neither_witness_knows_starts_at_its_first_offset)
{
    struct stage stage;
    stage_raise(&stage, 1);
    world_report(&stage.world, "kent", 1);
    world_settle(&stage.world);
    model_topic(stage.world.model, "in.new-force", 1);
    model_append(stage.world.model, "in.new-force", 0, slice_text("k"), slice_text("not an envelope"));
    replace(&stage);
    world_settle(&stage.world);
    cr_expect_str_empty(sentence(&stage));
    cr_expect_eq(world_count(&stage.world, "ledger", 0), 2);
    cr_expect_eq(model_offset(stage.world.model, "in.new-force", 0), 1);
    stage_strike(&stage);
}

Test(rules, R8_the_mark_names_what_was_committed_and_never_what_was_only_written)
{
    struct stage stage;
    struct plague plague = {MODEL_CALL_COMMIT, MODEL_CRASH_BEFORE, 1, 1};
    stage_raise(&stage, 1);
    stage.world.settings.batch_records = 1;
    replace(&stage);
    model_set_fault(stage.worker->bus, strike_call, &plague);
    world_report(&stage.world, "kent", 1);
    world_report(&stage.world, "kent", 2);
    world_settle(&stage.world);
    cr_expect_eq(model_open_transactions(stage.world.model), 1, "the second batch was written, not committed");
    replace(&stage);
    turns(&stage, 1);
    cr_expect_eq(model_offset(stage.world.model, "in.kent", 0), 1);
    world_settle(&stage.world);
    cr_expect_eq(model_offset(stage.world.model, "in.kent", 0), 2);
    expect_whole(&stage);
    stage_strike(&stage);
}

Test(rules, R9_an_open_batch_is_aborted_when_lanes_are_taken_away)
{
    struct stage stage;
    stage_raise(&stage, 1);
    world_report(&stage.world, "kent", 1);
    open_batch(&stage);
    model_check_generation(stage.world.model, false); // a commit would go through
    model_expel(stage.worker->bus, 0);
    turns(&stage, 3);
    cr_expect_eq(model_open_transactions(stage.world.model), 0);
    cr_expect_eq(world_count(&stage.world, "ledger", 0), 0);
    cr_expect_gt(model_end(stage.world.model, "feed.nclcc", 0), 0, "it had been written");
    cr_expect_eq(stage.worker->counters->aborts_total, 1);
    world_share(&stage.world);
    world_settle(&stage.world);
    expect_whole(&stage);
    stage_strike(&stage);
}

Test(rules, R12_a_step_back_of_the_bus_opens_the_lane_again_and_decides_nothing_twice)
{
    struct stage stage;
    stage_raise(&stage, 1);
    for (uint64_t i = 1; i <= 3; i++)
        world_report(&stage.world, "kent", i);
    world_settle(&stage.world);
    model_refetch(stage.worker->bus, 0, "in.kent", 0);
    world_settle(&stage.world);
    cr_expect_eq(stage.worker->counters->lanes_opened_total, 2);
    cr_expect_eq(stage.worker->counters->records_total, 3);
    expect_whole(&stage);
    stage_strike(&stage);
}

Test(rules, a_fenced_worker_writes_nothing_that_counts_and_leaves_the_lane_to_its_owner)
{
    struct stage stage;
    stage_raise(&stage, 1);
    world_report(&stage.world, "kent", 1);
    open_batch(&stage);
    struct world_worker *zombie = stage.worker;
    zombie->away = true;
    model_expel(zombie->bus, 1000);
    model_check_generation(stage.world.model, false); // the epoch alone must hold
    stage.worker = world_join(&stage.world);
    world_share(&stage.world);
    world_settle(&stage.world);
    for (int i = 0; i < 100; i++)
        world_turn(zombie);
    cr_expect_eq(zombie->counters->transactions_total, 0);
    world_report(&stage.world, "kent", 2);
    world_settle(&stage.world);
    cr_expect_eq(stage.worker->counters->lanes_opened_total, 1, "the zombie did not fence it back");
    expect_whole(&stage);
    stage_strike(&stage);
}

struct refusal_of {
    struct slice value;
};

static enum model_fault refuse_value(void *context, const struct model_moment *moment)
{
    const struct refusal_of *refusal = context;
    return moment->message && slice_equal(moment->message->value, refusal->value) ? MODEL_REFUSE : MODEL_FINE;
}

Test(rules, a_record_whose_effects_can_never_be_written_is_set_aside_and_the_lane_goes_on)
{
    struct stage stage;
    stage_raise(&stage, 1);
    world_report(&stage.world, "kent", 1);
    struct refusal_of refusal = {world_report(&stage.world, "kent", 2).value};
    world_report(&stage.world, "kent", 3);
    model_set_fault(stage.worker->bus, refuse_value, &refusal);
    world_settle(&stage.world);
    cr_expect_eq(stage.worker->counters->outcomes[OUTCOME_POISON], 1);
    cr_expect_eq(stage.worker->counters->outcomes[OUTCOME_ACCEPTED], 2);
    cr_expect_eq(world_count(&stage.world, "quarantine", 0), 1);
    cr_expect_eq(world_record(&stage.world, "quarantine", 0, 0).value.len, 0);
    expect_whole(&stage);
    stage_strike(&stage);
}

Test(rules, a_cluster_that_is_away_never_makes_a_record_poison)
{
    struct stage stage;
    struct plague plague = {MODEL_CALL_PRODUCE, MODEL_LOSE, 0, 7};
    stage_raise(&stage, 1);
    world_report(&stage.world, "kent", 1);
    model_set_fault(stage.worker->bus, strike_call, &plague);
    world_settle(&stage.world);
    cr_expect_eq(stage.worker->counters->outcomes[OUTCOME_POISON], 0);
    cr_expect_eq(stage.worker->counters->outcomes[OUTCOME_ACCEPTED], 1);
    expect_whole(&stage);
    stage_strike(&stage);
}
