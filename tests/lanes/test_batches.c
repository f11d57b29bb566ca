// SPDX-License-Identifier: Apache-2.0
// How batches begin and end, and what may change only between them.
#include "hub/state/restore.h"
#include "hub/base/duration.h"
#include "hub/rules/policy.h"
#include "tests/kit/core/ledger_blocks.h"
#include "tests/kit/loop/check.h"
#include "tests/lanes/fixture.h"
#include <criterion/criterion.h>
#include <stdatomic.h>

TestSuite(batches, .init = fixture_prepare_one, .fini = fixture_end);

static void limit_batches(uint32_t batch_records, uint32_t batch_bytes)
{
    fixture.world.settings.batch_records = batch_records;
    fixture.world.settings.batch_bytes = batch_bytes;
}

static void expect_whole(void)
{
    struct check check = {0};
    cr_expect_str_empty(worker_error(fixture.worker->worker)->text);
    cr_expect(check_world(&fixture.world, &check), "%s", check.error);
}

static void report(uint64_t from, uint64_t to)
{
    for (uint64_t seed = from; seed <= to; seed++)
        world_report(&fixture.world, "kent", seed);
}

static void open_batch(void)
{
    for (int i = 0; i < 50 && model_open_transactions(fixture.world.model) == 0; i++)
        world_turn(fixture.worker);
    cr_assert_eq(model_open_transactions(fixture.world.model), 1);
}

Test(batches, commit_at_once_when_idle_and_grow_under_backlog)
{
    const struct {
        uint32_t records, bytes, backlog;
        uint64_t transactions;
    } cases[] = {
        {16, 0, 1, 1},
        {16, 0, 16, 1},
        {16, 0, 40, 3},
        {1, 0, 5, 5},
        {1000, 1, 5, 5},
        {1000, 0, 40, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture_again(1);
        limit_batches(cases[i].records, cases[i].bytes);
        report(1, cases[i].backlog);
        fixture_join();
        world_settle(&fixture.world);
        cr_expect_eq(fixture.worker->counters->transactions_total, cases[i].transactions, "case %zu", i);
        cr_expect_eq(world_count(&fixture.world, "ledger", 0), cases[i].transactions);
        expect_whole();
    }
}

Test(batches, end_when_their_time_is_up)
{
    limit_batches(1000, 0);
    fixture.world.settings.batch_ms = 50;
    report(1, 40);
    fixture_join();
    open_batch();
    *model_clock(fixture.world.model) += 60;
    for (int i = 0; i < 16; i++)
        world_turn(fixture.worker);
    cr_expect_eq(fixture.worker->counters->transactions_total, 1, "the clock is looked at every 16 records");
    world_settle(&fixture.world);
    expect_whole();
}

static struct snapshot *newer_snapshot(void)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    registry->version++;
    struct subscription_row *rows = kit_subscribe_all(&arena, registry);
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), rows, registry->n_organisations, 99, &error);
    arena_deinit(&arena);
    return snapshot;
}

static const Signalbox__V1__LedgerFront *front_at(size_t at)
{
    return kit_block_read(&fixture.world.arena, world_record(&fixture.world, "ledger", 0, at).value).front;
}

Test(batches, move_to_new_control_data_only_when_none_is_open)
{
    limit_batches(4, 0);
    struct snapshot *newer = fixture.other = newer_snapshot();
    report(1, 6);
    fixture_join();
    open_batch();
    fixture.world.snapshot = newer;
    world_settle(&fixture.world);
    cr_assert_eq(world_count(&fixture.world, "ledger", 0), 2);
    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(front_at(i)->registry_version, (i ? newer : fixture.snapshot)->registry_version);
        cr_expect_eq(front_at(i)->subscriptions_version, (i ? newer : fixture.snapshot)->subscriptions_version);
    }
    cr_expect_eq(fixture.worker->counters->control_changes_total, 1);
    expect_whole();
}

Test(batches, a_lane_waits_for_control_data_as_new_as_its_last)
{
    limit_batches(4, 0);
    struct snapshot *newer = fixture.other = newer_snapshot();
    fixture.world.snapshot = newer;
    report(1, 1);
    fixture_join();
    world_settle(&fixture.world);
    model_crash(fixture.worker->bus);
    world_leave(&fixture.world, fixture.worker);
    const struct snapshot *const found[] = {NULL, fixture.snapshot, newer}; // not loaded, older, caught up
    report(2, 2);
    fixture.world.snapshot = NULL;
    fixture_join();
    for (size_t i = 0; i < 3; i++) {
        fixture.world.snapshot = found[i];
        world_settle(&fixture.world);
        cr_expect_eq(world_count(&fixture.world, "ledger", 0), i < 2 ? 1 : 2);
    }
    expect_whole();
}

Test(batches, control_data_that_step_back_stop_the_lane_until_they_catch_up)
{
    limit_batches(4, 0);
    struct snapshot *newer = fixture.other = newer_snapshot();
    fixture.world.snapshot = newer;
    report(1, 1);
    fixture_join();
    world_settle(&fixture.world);
    fixture.world.snapshot = fixture.snapshot;
    report(2, 2);
    world_settle(&fixture.world);
    cr_expect_eq(world_count(&fixture.world, "ledger", 0), 1);
    fixture.world.snapshot = newer;
    world_settle(&fixture.world);
    cr_expect_eq(world_count(&fixture.world, "ledger", 0), 2);
    expect_whole();
}

// Entries that a worker which starts now remembers.
static size_t remembered_at_start(void)
{
    struct restore restore;
    struct memory memory = {0};
    struct model_record record;
    uint8_t room[100][SHAPE_WIDTH_MAX];
    uint64_t cursor = 0;
    cr_assert(memory_init(&memory));
    restore_begin(&restore, &memory, 0, 1);
    for (int64_t at = 0; model_read(fixture.world.model, "state", 0, true, &at, &record);)
        cr_assert(restore_record(&restore, record.offset, record.value), "%s", restore.error.text);
    cr_assert(restore_finish(&restore));
    size_t n = remembered_export(memory.table[MEMORY_MARK], &cursor, room[0], 100);
    restore_deinit(&restore);
    memory_deinit(&memory);
    return n;
}

static void restart(void)
{
    model_crash(fixture.worker->bus);
    world_leave(&fixture.world, fixture.worker);
    fixture_join();
    world_settle(&fixture.world);
}

Test(batches, a_new_day_ends_the_batch_and_what_is_out_of_the_window_is_forgotten)
{
    limit_batches(100, 0);
    uint32_t window = policy_document(fixture.snapshot->policy)->dedup_window_days;
    report(1, 2);
    *model_clock(fixture.world.model) += DAY_MS;
    report(3, 3);
    fixture_join();
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->transactions_total, 2, "the day's end ends the batch");
    cr_expect_eq(remembered_at_start(), 9);
    restart(); // the days outlive it
    *model_clock(fixture.world.model) += (window - 1) * DAY_MS;
    world_send(&fixture.world, "kent", 0, slice_text("k"), slice_text("broken"));
    world_settle(&fixture.world);
    cr_expect_eq(remembered_at_start(), 9, "all within the window still");
    *model_clock(fixture.world.model) += DAY_MS;
    world_send(&fixture.world, "kent", 0, slice_text("k"), slice_text("broken"));
    world_settle(&fixture.world);
    cr_expect_eq(remembered_at_start(), 3, "the first day is out of it");
}

Test(batches, a_proper_stop_commits_what_is_open)
{
    atomic_bool stop = true;
    limit_batches(100, 0);
    report(1, 3);
    fixture_join();
    open_batch();
    cr_expect_eq(worker_run(fixture.worker->worker, &stop), 0);
    cr_expect_eq(model_open_transactions(fixture.world.model), 0);
    cr_expect_eq(world_count(&fixture.world, "ledger", 0), 1);
}

Test(batches, a_bus_that_breaks_ends_the_worker_with_its_sentence)
{
    atomic_bool stop = false;
    limit_batches(100, 0);
    fixture_join();
    model_crash(fixture.worker->bus);
    cr_expect_eq(worker_run(fixture.worker->worker, &stop), -1);
    cr_expect_str_not_empty(worker_error(fixture.worker->worker)->text);
}

// What a producer of some other lane wrote there and gave up: it hides the last mark from a short look back.
static void litter(int n)
{
    struct model_bus *other = model_join(fixture.world.model);
    struct bus *bus = model_bus(other);
    struct bus_message message = {
        .topic = bus->ops->topic(bus, BUS_STATE, NULL), .partition = 0, .value = slice_text("litter")};
    bus->ops->open(bus, 40);
    bus->ops->begin(bus, 40);
    while (n-- > 0)
        bus->ops->produce(bus, 40, &message);
    bus->ops->abort(bus, 40);
    model_part(other);
}

Test(batches, a_snapshot_lets_a_lane_restore_from_there_alone)
{
    limit_batches(4, 0);
    fixture.world.settings.snapshot_entries = 20;
    report(1, 30);
    fixture_join();
    world_settle(&fixture.world);
    cr_expect_geq(fixture.worker->counters->snapshots_total, 2);
    struct model_record record;
    int64_t last = 0;
    for (int64_t at = 0; model_read(fixture.world.model, "state", 0, true, &at, &record);) {
        Signalbox__V1__StateRecord *state =
            signalbox__v1__state_record__unpack(NULL, record.value.len, record.value.data);
        if (state->content_case == SIGNALBOX__V1__STATE_RECORD__CONTENT_SNAPSHOT)
            last = record.offset;
        signalbox__v1__state_record__free_unpacked(state, NULL);
    }
    expect_whole();
    model_trim(fixture.world.model, "state", 0, last - 2); // retention has left one delta before the last snapshot
    litter(300);
    restart();
    cr_expect_eq(fixture.worker->counters->restored_fingerprints_total, 90);
    cr_expect_str_empty(worker_error(fixture.worker->worker)->text);
}

static struct snapshot *of_another_deployment(void)
{
    static uint8_t id[PROOF_DEPLOYMENT_BYTES] = "another hub";
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    registry->version = 99;
    registry->deployment_id = (ProtobufCBinaryData){sizeof id, id};
    struct subscription_row *rows = kit_subscribe_all(&arena, registry);
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), rows, registry->n_organisations, 99, &error);
    cr_assert_not_null(snapshot, "%s", error.text);
    arena_deinit(&arena);
    return snapshot;
}

// A lane that is new, one that is read back from its snapshot alone, and one that runs.
Test(batches, a_registry_of_another_deployment_ends_the_worker_with_what_to_do)
{
    for (int which = 0; which < 3; which++) {
        fixture_again(1);
        limit_batches(4, 0);
        fixture.world.settings.snapshot_entries = 10;
        fixture.other = of_another_deployment();
        if (which > 0) {
            report(1, 9);
            fixture_join();
            world_settle(&fixture.world);
            cr_assert_eq(world_count(&fixture.world, "ledger", 0), 3);
        }
        fixture.world.snapshot = fixture.other;
        if (which == 2) {
            report(10, 10);
            world_settle(&fixture.world);
        } else if (which == 1) {
            restart();
        } else {
            fixture_join();
            world_settle(&fixture.world);
        }
        const char *said = worker_error(fixture.worker->worker)->text;
        cr_expect(strstr(said, "Lane 0 cannot start. Its deployment is 61206d6f64656c206875620000000000, but the "
                               "registry in force is of 616e6f74686572206875620000000000."),
            "%d: %s", which, said);
        cr_expect_eq(world_count(&fixture.world, "ledger", 0), which == 0 ? 0 : 3);
    }
}

// The kit's snapshot, with one of its three versions ahead.
static struct snapshot *ahead_by(int registry_ahead, int policy_ahead, int subscriptions_ahead)
{
    struct arena arena;
    struct error error;
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    Signalbox__V1__Policy *policy = kit_policy(&arena);
    registry->version += (uint64_t)registry_ahead;
    policy->version += (uint64_t)policy_ahead;
    struct subscription_row *rows = kit_subscribe_all(&arena, registry);
    struct snapshot *snapshot =
        snapshot_new(registry, policy, rows, registry->n_organisations, 20 + (uint64_t)subscriptions_ahead, &error);
    cr_assert_not_null(snapshot, "%s", error.text);
    arena_deinit(&arena);
    return snapshot;
}

// Each version alone: what a lane has decided with newer ones of, it never decides with older ones of, neither while it
// runs nor after a restart.
Test(batches, a_lane_takes_a_step_back_of_none_of_the_three_versions)
{
    for (int which = 0; which < 3; which++)
        for (int restarted = 0; restarted < 2; restarted++) {
            limit_batches(4, 0);
            struct snapshot *older = ahead_by(0, 0, 0);
            struct snapshot *newer = ahead_by(which == 0, which == 1, which == 2);
            fixture.world.snapshot = newer;
            report(1, 1);
            fixture_join();
            world_settle(&fixture.world);
            cr_assert_eq(world_count(&fixture.world, "ledger", 0), 1);
            fixture.world.snapshot = older;
            report(2, 2);
            if (restarted)
                restart();
            else
                world_settle(&fixture.world);
            cr_expect_eq(world_count(&fixture.world, "ledger", 0), 1, "version %d, restarted %d", which, restarted);
            fixture.world.snapshot = newer;
            world_settle(&fixture.world);
            cr_expect_eq(world_count(&fixture.world, "ledger", 0), 2, "version %d, restarted %d", which, restarted);
            expect_whole();
            fixture_again(1);
            snapshot_free(older);
            snapshot_free(newer);
        }
}

// A transaction weighs as 64 entries at least (delta.h).
Test(batches, a_snapshot_is_written_when_enough_is_new_since_the_last_and_not_before)
{
    static const struct {
        uint32_t entries;
        uint64_t snapshots;
    } cases[] = {{0, 0}, {64 * 30, 0}, {64 * 29, 1}, {64 * 9, 3}, {64 * 14, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture_again(1);
        limit_batches(1, 0);
        fixture.world.settings.snapshot_entries = cases[i].entries;
        report(1, 30);
        fixture_join();
        world_settle(&fixture.world);
        cr_expect_eq(fixture.worker->counters->snapshots_total, cases[i].snapshots, "%u entries: %llu snapshots",
            cases[i].entries, (unsigned long long)fixture.worker->counters->snapshots_total);
        expect_whole();
    }
}

Test(batches, after_a_restart_a_lane_counts_on_towards_its_next_snapshot)
{
    limit_batches(1, 0);
    fixture.world.settings.snapshot_entries = 64 * 9; // one after ten transactions
    report(1, 16);
    fixture_join();
    world_settle(&fixture.world);
    cr_assert_eq(fixture.worker->counters->snapshots_total, 1);
    restart();
    report(17, 19); // nine since the last
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->snapshots_total, 0);
    report(20, 20);
    world_settle(&fixture.world);
    cr_expect_eq(fixture.worker->counters->snapshots_total, 1);
}

Test(batches, of_all_lanes_are_committed_when_nothing_waits)
{
    fixture_again(4);
    fixture.world.settings.batch_records = 100;
    report(1, 20);
    fixture_join();
    world_settle(&fixture.world);
    size_t lanes = 0;
    for (uint32_t lane = 0; lane < 4; lane++)
        lanes += world_count(&fixture.world, "ledger", lane) > 0;
    cr_expect_gt(lanes, 1);
    cr_expect_eq(fixture.worker->counters->records_total, 20);
    cr_expect_eq(fixture.worker->counters->aborts_total, 0);
    expect_whole();
}
