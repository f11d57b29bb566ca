// SPDX-License-Identifier: Apache-2.0
// How batches begin and end, and what may change only between them.
#include "hub/state/restore.h"
#include "tests/kit/check.h"
#include "tests/lanes/stage.h"
#include <criterion/criterion.h>
#include <stdatomic.h>

#define DAY_MS INT64_C(86400000)

static void raise(struct stage *stage, uint32_t batch_records, uint32_t batch_bytes)
{
    stage_set(stage, 1);
    stage->world.settings.batch_records = batch_records;
    stage->world.settings.batch_bytes = batch_bytes;
}

static void expect_whole(struct stage *stage)
{
    struct check check = {0};
    cr_expect_str_empty(worker_error(stage->worker->worker));
    cr_expect(check_world(&stage->world, &check), "%s", check.error);
}

static void report(struct stage *stage, uint64_t from, uint64_t to)
{
    for (uint64_t seed = from; seed <= to; seed++)
        world_report(&stage->world, "kent", seed);
}

static void open_batch(struct stage *stage)
{
    for (int i = 0; i < 50 && model_open_transactions(stage->world.model) == 0; i++)
        world_turn(stage->worker);
    cr_assert_eq(model_open_transactions(stage->world.model), 1);
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
        struct stage stage;
        raise(&stage, cases[i].records, cases[i].bytes);
        report(&stage, 1, cases[i].backlog);
        stage_start(&stage);
        world_settle(&stage.world);
        cr_expect_eq(stage.worker->counters->transactions_total, cases[i].transactions, "case %zu", i);
        cr_expect_eq(world_count(&stage.world, "ledger", 0), cases[i].transactions);
        expect_whole(&stage);
        stage_strike(&stage);
    }
}

Test(batches, end_when_their_time_is_up)
{
    struct stage stage;
    raise(&stage, 1000, 0);
    stage.world.settings.batch_ms = 50;
    report(&stage, 1, 40);
    stage_start(&stage);
    open_batch(&stage);
    *model_clock(stage.world.model) += 60;
    for (int i = 0; i < 16; i++)
        world_turn(stage.worker);
    cr_expect_eq(stage.worker->counters->transactions_total, 1, "the clock is looked at every 16 records");
    world_settle(&stage.world);
    expect_whole(&stage);
    stage_strike(&stage);
}

static struct snapshot *newer_snapshot(void)
{
    struct arena arena;
    char error[SNAPSHOT_ERROR_BYTES];
    arena_init(&arena, 0);
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    registry->version++;
    struct subscription_row *rows = kit_subscribe_all(&arena, registry);
    struct snapshot *snapshot = snapshot_new(registry, kit_policy(&arena), rows, registry->n_organisations, 99, error);
    arena_deinit(&arena);
    return snapshot;
}

static Signalbox__V1__LedgerBlock *block_at(const struct stage *stage, size_t at)
{
    struct model_record record = world_record(&stage->world, "ledger", 0, at);
    return signalbox__v1__ledger_block__unpack(NULL, record.value.len, record.value.data);
}

Test(batches, move_to_new_control_data_only_when_none_is_open)
{
    struct stage stage;
    raise(&stage, 4, 0);
    struct snapshot *newer = newer_snapshot();
    report(&stage, 1, 6);
    stage_start(&stage);
    open_batch(&stage);
    stage.world.snapshot = newer;
    world_settle(&stage.world);
    cr_assert_eq(world_count(&stage.world, "ledger", 0), 2);
    for (size_t i = 0; i < 2; i++) {
        Signalbox__V1__LedgerBlock *block = block_at(&stage, i);
        cr_expect_eq(block->registry_version, (i ? newer : stage.snapshot)->registry_version);
        cr_expect_eq(block->subscriptions_version, (i ? newer : stage.snapshot)->subscriptions_version);
        signalbox__v1__ledger_block__free_unpacked(block, NULL);
    }
    cr_expect_eq(stage.worker->counters->control_changes_total, 1);
    expect_whole(&stage);
    stage_strike(&stage);
    snapshot_free(newer);
}

Test(batches, a_lane_waits_for_control_data_as_new_as_its_last)
{
    struct stage stage;
    raise(&stage, 4, 0);
    struct snapshot *newer = newer_snapshot();
    stage.world.snapshot = newer;
    report(&stage, 1, 1);
    stage_start(&stage);
    world_settle(&stage.world);
    model_crash(stage.worker->bus);
    world_leave(&stage.world, stage.worker);
    const struct snapshot *const found[] = {NULL, stage.snapshot, newer}; // not loaded, older, caught up
    report(&stage, 2, 2);
    stage.world.snapshot = NULL;
    stage_start(&stage);
    for (size_t i = 0; i < 3; i++) {
        stage.world.snapshot = found[i];
        world_settle(&stage.world);
        cr_expect_eq(world_count(&stage.world, "ledger", 0), i < 2 ? 1 : 2);
    }
    expect_whole(&stage);
    stage_strike(&stage);
    snapshot_free(newer);
}

Test(batches, control_data_that_step_back_stop_the_lane_until_they_catch_up)
{
    struct stage stage;
    raise(&stage, 4, 0);
    struct snapshot *newer = newer_snapshot();
    stage.world.snapshot = newer;
    report(&stage, 1, 1);
    stage_start(&stage);
    world_settle(&stage.world);
    stage.world.snapshot = stage.snapshot;
    report(&stage, 2, 2);
    world_settle(&stage.world);
    cr_expect_eq(world_count(&stage.world, "ledger", 0), 1);
    stage.world.snapshot = newer;
    world_settle(&stage.world);
    cr_expect_eq(world_count(&stage.world, "ledger", 0), 2);
    expect_whole(&stage);
    stage_strike(&stage);
    snapshot_free(newer);
}

// Entries that a worker which starts now remembers.
static size_t remembered_at_start(struct stage *stage)
{
    struct restore restore;
    struct seen *seen = seen_new();
    struct model_record record;
    uint8_t room[100][SEEN_ENTRY_BYTES];
    uint64_t cursor = 0;
    restore_begin(&restore, seen, 0, 1);
    for (int64_t at = 0; model_read(stage->world.model, "state", 0, true, &at, &record);)
        cr_assert(restore_record(&restore, record.offset, record.value), "%s", restore.error);
    cr_assert(restore_finish(&restore));
    size_t n = seen_export(seen, &cursor, room[0], 100);
    restore_deinit(&restore);
    seen_free(seen);
    return n;
}

static void restart(struct stage *stage)
{
    model_crash(stage->worker->bus);
    world_leave(&stage->world, stage->worker);
    stage_start(stage);
    world_settle(&stage->world);
}

Test(batches, a_new_day_ends_the_batch_and_what_is_out_of_the_window_is_forgotten)
{
    struct stage stage;
    raise(&stage, 100, 0);
    uint32_t window = policy_document(stage.snapshot->policy)->dedup_window_days;
    report(&stage, 1, 2);
    *model_clock(stage.world.model) += DAY_MS;
    report(&stage, 3, 3);
    stage_start(&stage);
    world_settle(&stage.world);
    cr_expect_eq(stage.worker->counters->transactions_total, 2, "the day's end ends the batch");
    cr_expect_eq(remembered_at_start(&stage), 9);
    restart(&stage); // the days outlive it
    *model_clock(stage.world.model) += (window - 1) * DAY_MS;
    world_send(&stage.world, "kent", 0, slice_text("k"), slice_text("broken"));
    world_settle(&stage.world);
    cr_expect_eq(remembered_at_start(&stage), 9, "all within the window still");
    *model_clock(stage.world.model) += DAY_MS;
    world_send(&stage.world, "kent", 0, slice_text("k"), slice_text("broken"));
    world_settle(&stage.world);
    cr_expect_eq(remembered_at_start(&stage), 3, "the first day is out of it");
    stage_strike(&stage);
}

Test(batches, a_proper_stop_commits_what_is_open)
{
    struct stage stage;
    atomic_bool stop = true;
    raise(&stage, 100, 0);
    report(&stage, 1, 3);
    stage_start(&stage);
    open_batch(&stage);
    cr_expect_eq(worker_run(stage.worker->worker, &stop), 0);
    cr_expect_eq(model_open_transactions(stage.world.model), 0);
    cr_expect_eq(world_count(&stage.world, "ledger", 0), 1);
    stage_strike(&stage);
}

Test(batches, a_bus_that_breaks_ends_the_worker_with_its_sentence)
{
    struct stage stage;
    atomic_bool stop = false;
    raise(&stage, 100, 0);
    stage_start(&stage);
    model_crash(stage.worker->bus);
    cr_expect_eq(worker_run(stage.worker->worker, &stop), -1);
    cr_expect_str_not_empty(worker_error(stage.worker->worker));
    stage_strike(&stage);
}

// What a producer of some other lane wrote there and gave up: it hides the last mark from a short look back.
static void litter(struct stage *stage, int n)
{
    struct model_bus *other = model_join(stage->world.model);
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
    struct stage stage;
    raise(&stage, 4, 0);
    stage.world.settings.snapshot_entries = 20;
    report(&stage, 1, 30);
    stage_start(&stage);
    world_settle(&stage.world);
    cr_expect_geq(stage.worker->counters->snapshots_total, 2);
    struct model_record record;
    int64_t last = 0;
    for (int64_t at = 0; model_read(stage.world.model, "state", 0, true, &at, &record);) {
        Signalbox__V1__StateRecord *state =
            signalbox__v1__state_record__unpack(NULL, record.value.len, record.value.data);
        if (state->content_case == SIGNALBOX__V1__STATE_RECORD__CONTENT_SNAPSHOT)
            last = record.offset;
        signalbox__v1__state_record__free_unpacked(state, NULL);
    }
    expect_whole(&stage);
    model_trim(stage.world.model, "state", 0, last - 2); // retention has left one delta before the last snapshot
    litter(&stage, 300);
    restart(&stage);
    cr_expect_eq(stage.worker->counters->restored_fingerprints_total, 90);
    cr_expect_str_empty(worker_error(stage.worker->worker));
    stage_strike(&stage);
}
