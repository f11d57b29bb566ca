// SPDX-License-Identifier: Apache-2.0
// Ledger, receipts and state of a transaction. They are written last, when all is decided: the mark says what the
// transaction will have made true, and a commit that fails forgets it with the lane (R8). A snapshot has a transaction
// of its own, so that nothing stands between the offset that is noted and its first piece.
#include "hub/run/transaction_records.h"
#include "hub/base/log.h"
#include "hub/state/delta.h"
#include "hub/run/counters.h"
#include "hub/run/lane.h"
#include "hub/run/shared.h"
#include "hub/run/worker.h"
#include <inttypes.h>
#include <stdio.h>

static struct slice lane_key(struct lane *lane, struct arena *arena)
{
    return slice_text(arena_printf(arena, "%" PRIu32, lane->number));
}

static enum bus_status write_packs(struct lane *lane, struct shared *shared, int topic, struct packs *packs)
{
    struct bus_message message = {
        .topic = topic, .partition = (int32_t)lane->number, .key = lane_key(lane, &shared->arena)};
    enum bus_status status = message.key.data ? BUS_OK : BUS_LOST;
    for (size_t i = 0; status == BUS_OK && i < packs->n; i++) {
        message.value = packs->rows[i].value;
        status = shared->bus->ops->produce(shared->bus, lane->number, &message);
    }
    packs_clear(packs);
    return status;
}

static enum bus_status write_receipts(struct lane *lane, struct shared *shared)
{
    struct bus_message message = {.partition = 0, .key = lane_key(lane, &shared->arena)};
    enum bus_status status = message.key.data ? BUS_OK : BUS_LOST;
    for (size_t i = 0; status == BUS_OK && i < lane->receipt_blocks.n; i++) {
        const struct packed *block = &lane->receipt_blocks.rows[i];
        bool needed;
        message.topic = routes_receipt(&shared->routes, block->owner, &needed);
        message.value = block->value;
        if (message.topic >= 0)
            status = shared->bus->ops->produce(shared->bus, lane->number, &message);
        else if (needed) {
            log_error("TOPIC-MISSING", "lane=%" PRIu32 " why=\"%s\"", lane->number, shared->routes.error.text);
            lane->error = shared->routes.error;
            status = BUS_LOST;
        }
    }
    return status;
}

static void move_anchors(struct mark_position *row, struct lane_last *last)
{
    row->moved = false;
    if (last->anchor.offset < 0)
        return;
    if (!last->digested)
        last->anchor.value = digest_of(last->value);
    mark_move_anchors(row, &last->anchor);
}

// The mark's first rows are those of the lane's positions, in the same order, since it was opened.
static void move_mark(struct lane *lane)
{
    struct mark *mark = &lane->mark;
    for (size_t i = 0; i < lane->n_positions; i++) {
        mark->positions[i].next = lane->positions[i].next;
        move_anchors(&mark->positions[i], &lane->last[i]);
    }
    mark->ledger_sequence = lane->memory.sequence;
    mark->ledger_head = ledger_head(lane->ledger);
    mark->registry_version = lane->snapshot->registry_version;
    mark->policy_version = lane->snapshot->policy_version;
    mark->subscriptions_version = lane->snapshot->subscriptions_version;
    mark->transaction++;
}

static enum bus_status write_ledger_and_receipts(struct lane *lane, struct shared *shared)
{
    struct arena *arena = &shared->arena;
    if (!ledger_finish(lane->ledger, arena, &lane->ledger_blocks) ||
        !receipts_finish(lane->receipts, arena, &lane->receipt_blocks))
        return BUS_LOST;
    enum bus_status status = write_packs(lane, shared, shared->routes.fixed[BUS_LEDGER], &lane->ledger_blocks);
    return status == BUS_OK ? write_receipts(lane, shared) : status;
}

static enum bus_status write_delta(struct lane *lane, struct shared *shared)
{
    packs_clear(&shared->packs);
    move_mark(lane);
    if (!delta_pack(&lane->chain, &lane->mark, &lane->memory, &shared->arena, &shared->packs))
        return BUS_LOST;
    lane->since_snapshot += delta_weight(memory_pending(&lane->memory));
    return write_packs(lane, shared, shared->routes.fixed[BUS_STATE], &shared->packs);
}

enum bus_status transaction_records_write(struct lane *lane, struct shared *shared)
{
    enum bus_status status = write_ledger_and_receipts(lane, shared);
    return status == BUS_OK ? write_delta(lane, shared) : status;
}

bool transaction_records_snapshot_due(const struct lane *lane, const struct worker_settings *settings)
{
    uint64_t held = memory_count(&lane->memory) / 2; // so that all snapshots together cost no more than all deltas
    return lane->since_snapshot > (held > settings->snapshot_entries ? held : settings->snapshot_entries);
}

enum bus_status transaction_records_write_snapshot(struct lane *lane, struct shared *shared)
{
    struct bus *bus = shared->bus;
    int64_t low, high;
    enum bus_status status = bus->ops->state_range(bus, lane->number, &low, &high);
    if (status == BUS_OK)
        status = bus->ops->begin(bus, lane->number);
    if (status != BUS_OK)
        return status;
    lane->mark.snapshot_offset = high;
    lane->mark.transaction++;
    packs_clear(&shared->packs);
    if (!delta_pack_snapshot(&lane->chain, &lane->mark, &lane->memory, &shared->arena, &shared->packs))
        return BUS_LOST;
    status = write_packs(lane, shared, shared->routes.fixed[BUS_STATE], &shared->packs);
    if (status == BUS_OK)
        status = bus->ops->commit(bus, lane->number, lane->positions, lane->n_positions);
    if (status == BUS_OK) {
        lane->since_snapshot = 0;
        counter_add(&shared->counters->snapshots_total, 1);
        counter_add(&shared->counters->transactions_total, 1);
    }
    return status;
}
