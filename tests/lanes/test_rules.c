// SPDX-License-Identifier: Apache-2.0
// The rules of the loop, each by the test that fails without it. R1, R2, R3, R10 and R11 live in hub/kafka, with tests
// there.
#include "tests/kit/loop/check.h"
#include "hub/contract/outcome.h"
#include "hub/rules/registry.h"
#include "tests/kit/core/random.h"
#include "tests/lanes/fixture.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(rules, .init = fixture_begin, .fini = fixture_end);

// A worker that knows nothing takes over.
static void replace(void)
{
    model_crash(fixture.worker->bus);
    world_leave(&fixture.world, fixture.worker);
    fixture_join();
}

static const char *sentence(void)
{
    return worker_error(fixture.worker->worker)->text;
}

static void expect_whole(void)
{
    struct check check = {0};
    cr_expect_str_empty(sentence());
    cr_expect(check_world(&fixture.world, &check), "%s", check.error);
}

// A fault that strikes calls of one kind, some times.
struct fault_plan {
    enum model_call call;
    enum model_fault fault;
    int skip, times;
};

static enum model_fault strike_call(void *context, const struct model_moment *moment)
{
    struct fault_plan *fault_plan = context;
    if (moment->call != fault_plan->call || fault_plan->skip-- > 0)
        return MODEL_FINE;
    return fault_plan->times-- > 0 ? fault_plan->fault : MODEL_FINE;
}

static void turns(int n)
{
    while (n-- > 0 && world_turn(fixture.worker))
        ;
}

// Turns until a record is in an open batch.
static void open_batch(void)
{
    for (int i = 0; i < 50 && model_open_transactions(fixture.world.model) == 0; i++)
        world_turn(fixture.worker);
    cr_assert_eq(model_open_transactions(fixture.world.model), 1);
}

Test(rules, R4_a_commit_of_unknown_outcome_is_settled_by_reading_both_witnesses)
{
    const enum model_fault fates[] = {MODEL_LOSE, MODEL_LOSE_APPLIED, MODEL_LOSE_DELAYED};
    for (size_t i = 0; i < 3; i++) {
        static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
        fault_plan = (struct fault_plan){MODEL_CALL_COMMIT, fates[i], 0, 1};
        fixture_again(1);
        fixture_join();
        world_report(&fixture.world, "kent", 1);
        model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
        world_settle(&fixture.world);
        cr_expect_eq(world_count(&fixture.world, "feed.nclcc", 0), 1);
        cr_expect_eq(world_count(&fixture.world, "ledger", 0), 1);
        cr_expect_eq(fixture.worker->counters->lanes_opened_total, 2);
        expect_whole();
    }
}

Test(rules, R4_witnesses_that_disagree_stop_the_lane_and_the_sentence_says_what_to_do)
{
    world_report(&fixture.world, "kent", 1);
    world_settle(&fixture.world);
    model_set_offset(fixture.world.model, "in.kent", 0, 0);
    replace();
    world_settle(&fixture.world);
    cr_expect_not_null(strstr(sentence(), "stands at 0 in topic in.kent"));
    cr_expect_not_null(strstr(sentence(), "set the offset back to 1"));
    cr_expect_eq(world_count(&fixture.world, "feed.nclcc", 0), 1);
}

Test(rules, R5_what_a_lost_transaction_learnt_is_forgotten)
{
    static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
    fault_plan = (struct fault_plan){MODEL_CALL_COMMIT, MODEL_LOSE, 0, 3};
    world_report(&fixture.world, "kent", 1);
    model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_ACCEPTED], 1);
    cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_DUPLICATE_REVISION], 0);
    expect_whole();
}

#define OTHER_LANE 40 // of a producer that nobody fences

Test(rules, R6_a_lane_whose_state_ends_behind_an_open_transaction_does_not_start)
{
    fixture_again(2);
    fixture_join();
    world_settle(&fixture.world);
    struct model_bus *other = model_join(fixture.world.model);
    struct bus *bus = model_bus(other);
    struct world_item sent = world_report(&fixture.world, "kent", 1);
    bus->ops->open(bus, OTHER_LANE);
    bus->ops->begin(bus, OTHER_LANE);
    struct bus_message message = {.topic = bus->ops->topic(bus, BUS_STATE, NULL),
        .partition = (int32_t)sent.lane,
        .value = slice_text("not yet decided")};
    bus->ops->produce(bus, OTHER_LANE, &message);
    replace();
    turns(40);
    cr_expect_eq(world_count(&fixture.world, "ledger", sent.lane), 0);
    bus->ops->abort(bus, OTHER_LANE);
    world_settle(&fixture.world);
    cr_expect_eq(world_count(&fixture.world, "ledger", sent.lane), 1);
    expect_whole();
    model_part(other);
}

Test(rules, R7_a_missing_offset_is_suspect_and_never_the_beginning)
{
    world_report(&fixture.world, "kent", 1);
    world_settle(&fixture.world);
    model_set_offset(fixture.world.model, "in.kent", 0, BUS_NO_OFFSET);
    replace();
    world_settle(&fixture.world);
    cr_expect_not_null(strstr(sentence(), "has no offset for topic in.kent"));
    cr_expect_not_null(strstr(sentence(), "--to-offset"));
    cr_expect_eq(world_count(&fixture.world, "feed.nclcc", 0), 1);
}

Test(rules, R7_a_missing_offset_is_looked_at_again_before_it_is_believed)
{
    world_report(&fixture.world, "kent", 1);
    world_settle(&fixture.world);
    model_set_offset(fixture.world.model, "in.kent", 0, BUS_NO_OFFSET);
    replace();
    turns(4);
    model_set_offset(fixture.world.model, "in.kent", 0, 1);
    world_report(&fixture.world, "kent", 2);
    world_settle(&fixture.world);
    cr_expect_eq(world_count(&fixture.world, "ledger", 0), 2);
    expect_whole();
}

Test(rules, R7_a_topic_that_neither_witness_knows_starts_at_its_first_offset)
{
    world_report(&fixture.world, "kent", 1);
    world_settle(&fixture.world);
    model_topic(fixture.world.model, "in.new-force", 1);
    model_append(fixture.world.model, "in.new-force", 0, slice_text("k"), slice_text("not an envelope"));
    replace();
    world_settle(&fixture.world);
    cr_expect_str_empty(sentence());
    cr_expect_eq(world_count(&fixture.world, "ledger", 0), 2);
    cr_expect_eq(model_offset(fixture.world.model, "in.new-force", 0), 1);
}

Test(rules, R8_the_mark_names_what_was_committed_and_never_what_was_only_written)
{
    static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
    fault_plan = (struct fault_plan){MODEL_CALL_COMMIT, MODEL_CRASH_BEFORE, 1, 1};
    fixture.world.settings.batch_records = 1;
    replace();
    model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
    world_report(&fixture.world, "kent", 1);
    world_report(&fixture.world, "kent", 2);
    world_settle(&fixture.world);
    cr_expect_eq(model_open_transactions(fixture.world.model), 1, "the second batch was written, not committed");
    replace();
    turns(1);
    cr_expect_eq(model_offset(fixture.world.model, "in.kent", 0), 1);
    world_settle(&fixture.world);
    cr_expect_eq(model_offset(fixture.world.model, "in.kent", 0), 2);
    expect_whole();
}

Test(rules, R9_an_open_batch_is_aborted_when_lanes_are_taken_away)
{
    world_report(&fixture.world, "kent", 1);
    open_batch();
    model_check_generation(fixture.world.model, false); // a commit would go through
    model_expel(fixture.worker->bus, 0);
    turns(3);
    cr_expect_eq(model_open_transactions(fixture.world.model), 0);
    cr_expect_eq(world_count(&fixture.world, "ledger", 0), 0);
    cr_expect_gt(model_end(fixture.world.model, "feed.nclcc", 0), 0, "it had been written");
    cr_expect_eq(fixture.worker->counters->aborts_total, 1);
    world_share(&fixture.world);
    world_settle(&fixture.world);
    expect_whole();
}

Test(rules, R12_a_step_back_of_the_bus_opens_the_lane_again_and_decides_nothing_twice)
{
    for (uint64_t i = 1; i <= 3; i++)
        world_report(&fixture.world, "kent", i);
    world_settle(&fixture.world);
    model_refetch(fixture.worker->bus, 0, "in.kent", 0);
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->lanes_opened_total, 2);
    cr_expect_eq(fixture.worker->counters->records_total, 3);
    expect_whole();
}

Test(rules, a_fenced_worker_writes_nothing_that_counts_and_leaves_the_lane_to_its_owner)
{
    world_report(&fixture.world, "kent", 1);
    open_batch();
    struct world_worker *zombie = fixture.worker;
    zombie->away = true;
    model_expel(zombie->bus, 1000);
    model_check_generation(fixture.world.model, false); // the epoch alone must hold
    fixture.worker = world_join(&fixture.world);
    world_share(&fixture.world);
    world_settle(&fixture.world);
    for (int i = 0; i < 100; i++)
        world_turn(zombie);
    cr_expect_eq(zombie->counters->transactions_total, 0);
    world_report(&fixture.world, "kent", 2);
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->lanes_opened_total, 1, "the zombie did not fence it back");
    expect_whole();
}

struct refusal_of {
    struct slice value;
};

static enum model_fault refuse_value(void *context, const struct model_moment *moment)
{
    const struct refusal_of *refusal = context;
    return moment->message && world_copy(moment->message->value, refusal->value) ? MODEL_REFUSE : MODEL_FINE;
}

Test(rules, a_record_whose_effects_can_never_be_written_is_set_aside_and_the_lane_goes_on)
{
    world_report(&fixture.world, "kent", 1);
    struct refusal_of refusal = {world_report(&fixture.world, "kent", 2).value};
    world_report(&fixture.world, "kent", 3);
    model_set_fault(fixture.worker->bus, refuse_value, &refusal);
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_POISON], 1);
    cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_ACCEPTED], 2);
    cr_expect_eq(world_count(&fixture.world, "quarantine", 0), 1);
    cr_expect_eq(world_record(&fixture.world, "quarantine", 0, 0).value.len, 0);
    expect_whole();
}

Test(rules, a_cluster_that_is_away_never_makes_a_record_poison)
{
    static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
    fault_plan = (struct fault_plan){MODEL_CALL_PRODUCE, MODEL_LOSE, 0, 7};
    world_report(&fixture.world, "kent", 1);
    model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_POISON], 0);
    cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_ACCEPTED], 1);
    expect_whole();
}

// A record of this key can never be written: twice it is refused to one topic, at the same offset as a good one of
// another.
static enum model_fault refuse_key(void *context, const struct model_moment *moment)
{
    const struct refusal_of *refusal = context;
    return moment->message && slice_equal(moment->message->key, refusal->value) && moment->message->value.len
               ? MODEL_REFUSE
               : MODEL_FINE;
}

Test(rules, a_record_at_the_same_offset_of_another_topic_is_not_set_aside_with_the_suspect)
{
    for (size_t swap = 0; swap < 2; swap++) {
        fixture_again(1);
        fixture_join();
        struct world_item bad = world_report(&fixture.world, swap ? "essex" : "kent", 1);
        world_report(&fixture.world, swap ? "kent" : "essex", 2);
        struct refusal_of refusal = {bad.key};
        model_set_fault(fixture.worker->bus, refuse_key, &refusal);
        world_settle(&fixture.world);
        cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_POISON], 1);
        cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_ACCEPTED], 1);
        expect_whole();
    }
}

Test(rules, another_record_of_the_suspect_s_topic_is_not_set_aside_with_it)
{
    struct refusal_of refusal = {world_report(&fixture.world, "kent", 1).key};
    for (uint64_t seed = 2; seed < 5; seed++)
        world_report(&fixture.world, "kent", seed);
    model_set_fault(fixture.worker->bus, refuse_key, &refusal);
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_POISON], 1);
    cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_ACCEPTED], 3);
}

// How often a record is looked at before it is set aside: each look is a batch that is given up.
Test(rules, a_record_is_set_aside_after_three_refusals_and_not_later)
{
    struct refusal_of refusal = {world_report(&fixture.world, "kent", 1).key};
    model_set_fault(fixture.worker->bus, refuse_key, &refusal);
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->outcomes[OUTCOME_POISON], 1);
    cr_expect_eq(fixture.worker->counters->recycles_total, 3);
}

// The time from now until one more block of the ledger is committed.
static int64_t time_to_commit(void)
{
    size_t before = world_count(&fixture.world, "ledger", 0);
    int64_t began_ms = *model_clock(fixture.world.model);
    for (int i = 0; i < 1000 && world_count(&fixture.world, "ledger", 0) == before; i++)
        world_turn(fixture.worker);
    return *model_clock(fixture.world.model) - began_ms;
}

Test(rules, a_lane_that_goes_on_failing_is_tried_later_and_later_and_after_a_commit_soon_again)
{
    static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
    fault_plan = (struct fault_plan){MODEL_CALL_COMMIT, MODEL_LOSE, 0, 9};
    world_settle(&fixture.world);
    model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
    world_report(&fixture.world, "kent", 1);
    int64_t nine = time_to_commit();
    cr_expect(nine >= 5000, "nine failures in a row took %lld ms", (long long)nine);
    fault_plan.times = 1;
    world_report(&fixture.world, "kent", 2);
    int64_t one = time_to_commit();
    cr_expect(one < 500, "one failure after a commit took %lld ms", (long long)one);
    expect_whole();
}

Test(rules, the_time_between_two_attempts_does_not_grow_beyond_some_seconds)
{
    static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
    fault_plan = (struct fault_plan){MODEL_CALL_COMMIT, MODEL_LOSE, 0, 16};
    world_settle(&fixture.world);
    model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
    world_report(&fixture.world, "kent", 1);
    int64_t took = time_to_commit();
    cr_expect(took < 60000, "sixteen failures took %lld ms", (long long)took);
}

// What a batch that was given up has counted is not counted again with the one that is committed.
Test(rules, a_lost_batch_counts_for_nothing)
{
    static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
    fault_plan = (struct fault_plan){MODEL_CALL_COMMIT, MODEL_LOSE, 0, 2};
    struct world_item sent = world_report(&fixture.world, "kent", 1);
    struct kit_item *spilt = kit_report(&fixture.world.arena, "kent", 2);
    spilt->infos[0]->classification = SIGNALBOX__V1__CLASSIFICATION__CLASSIFICATION_SECRET;
    struct slice spill = kit_envelope(&fixture.world.arena, spilt);
    world_send_right(&fixture.world, "kent", slice_text(spilt->header->subject), spill);
    model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
    world_settle(&fixture.world);
    const struct counters *counters = fixture.worker->counters;
    cr_expect_eq(counters->outcomes[OUTCOME_ACCEPTED], 1);
    cr_expect_eq(counters->outcomes[OUTCOME_SPILL], 1);
    cr_expect_eq(counters->records_total, 2);
    cr_expect_eq(counters->spills_total, 1);
    cr_expect_eq(counters->bytes_total, sent.value.len + spill.len);
    size_t delivered = 0;
    for (unsigned org = 0; org < registry_size(fixture.snapshot->registry); org++) {
        char feed[80];
        snprintf(feed, sizeof feed, "feed.%s", registry_row(fixture.snapshot->registry, org)->id);
        delivered += world_count(&fixture.world, feed, 0);
    }
    cr_expect_eq(counters->deliveries_total, delivered);
    expect_whole();
}

Test(rules, R7_a_topic_that_neither_witness_knows_starts_at_the_first_record_that_is_held)
{
    world_settle(&fixture.world);
    model_topic(fixture.world.model, "in.new-force", 1);
    for (int i = 0; i < 5; i++)
        model_append(fixture.world.model, "in.new-force", 0, slice_text("k"), slice_text("not an envelope"));
    model_trim(fixture.world.model, "in.new-force", 0, 3);
    replace();
    world_settle(&fixture.world);
    cr_expect_str_empty(sentence());
    cr_expect_eq(fixture.worker->counters->records_total, 2);
    cr_expect_eq(model_offset(fixture.world.model, "in.new-force", 0), 5);
}

// Five looks at witnesses that disagree are believed; those of an earlier doubt that was settled do not count.
Test(rules, R7_a_doubt_that_was_settled_does_not_count_towards_the_next)
{
    world_report(&fixture.world, "kent", 1);
    world_settle(&fixture.world);
    for (uint64_t round = 1; round <= 3; round++) {
        static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
        fault_plan = (struct fault_plan){MODEL_CALL_COMMIT, MODEL_LOSE, 0, 1};
        model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
        world_report(&fixture.world, "kent", round + 1);
        uint64_t recycles = fixture.worker->counters->recycles_total;
        for (int i = 0; i < 1000 && fixture.worker->counters->recycles_total == recycles; i++)
            world_turn(fixture.worker);
        model_set_offset(fixture.world.model, "in.kent", 0, BUS_NO_OFFSET);
        for (int i = 0; i < 1000 && fixture.worker->counters->recycles_total < recycles + 3; i++)
            world_turn(fixture.worker); // two looks
        model_set_offset(fixture.world.model, "in.kent", 0, (int64_t)round);
        world_settle(&fixture.world);
        cr_assert_str_empty(sentence());
        cr_assert_eq(world_count(&fixture.world, "ledger", 0), round + 1);
    }
    expect_whole();
}

Test(rules, a_lane_that_is_given_anew_is_opened_at_once_whatever_failed_before)
{
    static struct fault_plan fault_plan; // outlives the body: the fixture ends after it
    fault_plan = (struct fault_plan){MODEL_CALL_COMMIT, MODEL_LOSE, 0, 9};
    world_settle(&fixture.world);
    model_set_fault(fixture.worker->bus, strike_call, &fault_plan);
    world_report(&fixture.world, "kent", 1);
    for (int i = 0; i < 2000 && fixture.worker->counters->recycles_total < 9; i++)
        world_turn(fixture.worker);
    cr_assert_eq(fixture.worker->counters->recycles_total, 9);
    world_share(&fixture.world);
    int64_t took = time_to_commit();
    cr_expect(took < 1000, "it took %lld ms", (long long)took);
    expect_whole();
}
