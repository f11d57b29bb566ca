// SPDX-License-Identifier: Apache-2.0
// Opening a lane, in the one order that is safe: fence the former owner, read state to its true end, compare what the
// group has committed with what the lane remembers, and only then begin. Nothing outlives a doubt: forgetting frees
// everything.
#include "hub/run/lane.h"
#include "hub/base/hex.h"
#include "hub/base/log.h"
#include "hub/rules/registry.h"
#include "hub/run/lane_facts.h"
#include "hub/run/witness.h"
#include "hub/state/restore.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define TAIL_RECORDS 64 // first look back for the last mark
#define DOUBTS       5  // looks at the witnesses before their disagreement is believed

struct lane *lane_new(struct bus *bus, uint32_t number, uint32_t lanes, bool group_witness, struct proof_cache *roots)
{
    struct lane *lane = calloc(1, sizeof *lane);
    if (!lane)
        return NULL;
    lane->bus = bus;
    lane->number = number;
    lane->lanes = lanes;
    lane->group_witness = group_witness;
    lane->memory = (struct memory){.roots = roots, .lane = number, .lanes = lanes};
    lane->topics = names_new();
    lane->positions = calloc(LANE_TOPICS, sizeof *lane->positions);
    lane->moved = calloc(LANE_TOPICS, sizeof *lane->moved);
    lane->told = calloc(LANE_TOPICS, sizeof *lane->told);
    lane->ledger = ledger_new(number);
    lane->receipts = receipts_new(number);
    bool made = lane->topics && lane->positions && lane->moved && lane->told && lane->ledger && lane->receipts;
    return made ? lane : lane_free(lane);
}

static void forget_memory(struct lane *lane)
{
    memory_deinit(&lane->memory);
    lane->memory.sequence = 0;
    mark_deinit(&lane->mark);
    packs_clear(&lane->ledger_blocks);
    packs_clear(&lane->receipt_blocks);
    names_clear(lane->topics);
    lane->n_positions = 0;
    lane->snapshot = NULL;
    lane->open = false;
    lane->records = 0;
}

struct lane *lane_free(struct lane *lane)
{
    if (!lane)
        return NULL;
    if (lane->topics)
        forget_memory(lane);
    names_free(lane->topics);
    free(lane->positions);
    free(lane->moved);
    free(lane->told);
    ledger_free(lane->ledger);
    receipts_free(lane->receipts);
    packs_deinit(&lane->ledger_blocks);
    packs_deinit(&lane->receipt_blocks);
    free(lane);
    return NULL;
}

void lane_forget(struct lane *lane)
{
    lane->bus->ops->abort(lane->bus, lane->number);
    lane->bus->ops->close(lane->bus, lane->number);
    forget_memory(lane);
    lane->state = LANE_CLOSED;
}

static enum bus_status refuse_lane(struct lane *lane, enum cause cause, const char *why)
{
    error_say(&lane->error, cause, "Lane %" PRIu32 " cannot start. %s", lane->number, why);
    return BUS_BROKEN;
}

struct tail {
    struct mark mark;
    bool found;
};

static bool peek_record(void *context, int64_t offset, struct slice value)
{
    struct tail *tail = context;
    (void)offset;
    tail->found = restore_peek(value, &tail->mark) || tail->found;
    return true;
}

// What there is to read of the lane's state.
struct span {
    int64_t from; // where the last whole snapshot begins, by the last mark; -1 for the beginning if there is no mark
    int64_t low, high;
};

// Looks back further and further: what lies at the end may be aborted, or markers.
static enum bus_status find_span(struct lane *lane, struct span *span)
{
    int64_t low = 0, high = 0;
    struct tail tail = {.found = false};
    enum bus_status status = lane->bus->ops->state_range(lane->bus, lane->number, &low, &high);
    int64_t at = high;
    for (int64_t back = TAIL_RECORDS; status == BUS_OK && !tail.found && at > low; back *= 16) {
        at = high - low > back ? high - back : low;
        status = lane->bus->ops->restore(lane->bus, lane->number, at, peek_record, &tail);
    }
    int64_t from = tail.found && tail.mark.snapshot_offset > low ? tail.mark.snapshot_offset : -1;
    *span = (struct span){.from = from, .low = low, .high = high};
    mark_deinit(&tail.mark);
    return status;
}

struct reading {
    struct restore *restore;
    struct lane_cell *cell;
    int64_t from;
};

static bool each_record(void *context, int64_t offset, struct slice value)
{
    const struct reading *reading = context;
    lane_cell_restored(reading->cell, (uint64_t)(offset - reading->from) + 1);
    return restore_record(reading->restore, offset, value);
}

static enum bus_status read_state(struct lane *lane, struct restore *restore)
{
    struct span span;
    enum bus_status status = find_span(lane, &span);
    if (status != BUS_OK)
        return status;
    struct reading reading = {.restore = restore, .cell = lane->cell, .from = span.from < 0 ? span.low : span.from};
    lane_cell_restoring(lane->cell, span.high > reading.from ? (uint64_t)(span.high - reading.from) : 0);
    status = lane->bus->ops->restore(lane->bus, lane->number, span.from, each_record, &reading);
    if (*restore->error.text || (status == BUS_OK && !restore_finish(restore)))
        return refuse_lane(lane, restore->error.cause, restore->error.text);
    return status;
}

static enum bus_status restore_memory(struct lane *lane)
{
    if (!memory_init(&lane->memory))
        return BUS_LOST;
    struct restore restore;
    restore_begin(&restore, &lane->memory, lane->number, lane->lanes);
    enum bus_status status = read_state(lane, &restore);
    if (status != BUS_OK) {
        restore_deinit(&restore);
        return status;
    }
    lane->mark = restore.mark; // the lane owns it now
    lane->mark.lanes = lane->lanes;
    lane->chain = restore.chain;
    lane->since_snapshot = restore.since_snapshot;
    lane->memory.sequence = lane->mark.ledger_sequence;
    return BUS_OK;
}

// The group's coordinator may answer wrongly for a moment after it has moved, so a disagreement is looked at again.
static enum bus_status doubt_witness(struct lane *lane, const struct error *why)
{
    log_warning("LANE-WITNESS", "lane=%" PRIu32 " look=%u why=\"%s\"", lane->number, lane->doubts + 1, why->text);
    if (++lane->doubts >= DOUBTS)
        return refuse_lane(lane, why->cause, why->text);
    lane->error = *why;
    return BUS_LOST;
}

static enum bus_status settle_positions(
    struct lane *lane, const struct bus_position *rows, const int64_t *low, const int64_t *high, size_t n)
{
    struct error why;
    for (size_t i = 0; i < n; i++) {
        struct witness witness = {.committed = &rows[i], .low = low[i], .high = high[i]};
        int number = names_add(lane->topics, slice_text(rows[i].topic));
        if (number != (int)i)
            return refuse_lane(
                lane, CAUSE_OTHER, "An inbound topic is named twice or too long. Give it a shorter name.");
        lane->positions[i] = rows[i];
        lane->told[i] = rows[i].next;
        if (!witness_settle(&witness, &lane->mark, lane->number, lane->group_witness, &lane->positions[i].next, &why))
            return doubt_witness(lane, &why);
        if (!mark_place(&lane->mark, rows[i].topic, i))
            return BUS_LOST;
    }
    lane->n_positions = n;
    lane->doubts = 0;
    return BUS_OK;
}

static enum bus_status check_witnesses(struct lane *lane)
{
    struct bus_position *rows = calloc(LANE_TOPICS, sizeof *rows);
    int64_t *ends = calloc(2 * LANE_TOPICS, sizeof *ends);
    size_t n = 0;
    enum bus_status status = BUS_LOST;
    if (rows && ends)
        status = lane->bus->ops->committed(lane->bus, lane->number, rows, ends, ends + LANE_TOPICS, LANE_TOPICS, &n);
    if (status == BUS_OK)
        status = settle_positions(lane, rows, ends, ends + LANE_TOPICS, n);
    free(rows);
    free(ends);
    return status;
}

enum bus_status lane_open(struct lane *lane)
{
    lane->error.text[0] = '\0';
    enum bus_status status = lane->bus->ops->open(lane->bus, lane->number);
    if (status == BUS_OK)
        status = restore_memory(lane);
    if (status == BUS_OK)
        status = check_witnesses(lane);
    if (status == BUS_OK) {
        lane->state = LANE_RESTORED;
        lane_cell_tell(lane->cell, lane, "It waits for control data at least as new as what it last decided with.");
        log_info("LANE-OPEN", "lane=%" PRIu32 " topics=%zu sequence=%" PRIu64 " transaction=%" PRIu64 " remembered=%zu",
            lane->number, lane->n_positions, lane->mark.ledger_sequence, lane->mark.transaction,
            memory_count(&lane->memory));
        return BUS_OK;
    }
    const struct error *bus_error = lane->bus->ops->error(lane->bus);
    if (status == BUS_BROKEN && !lane->error.text[0])
        refuse_lane(lane, bus_error->cause, bus_error->text);
    lane_forget(lane);
    return status;
}

// What an agency signed for one deployment is good in no other.
static enum bus_status refuse_deployment(struct lane *lane, struct slice registry)
{
    char own[2 * PROOF_DEPLOYMENT_BYTES + 1], other[2 * PROOF_DEPLOYMENT_BYTES + 1], why[512];
    hex_encode(slice_of(lane->mark.deployment, sizeof lane->mark.deployment), own);
    hex_encode(registry, other);
    snprintf(why, sizeof why,
        "Its deployment is %s, but the registry in force is of %s. Bring back the topics ctl.registry and state that "
        "belong together, or start the hub where they do. If this deployment never took in an item, delete the topic "
        "state and run `signalbox topics apply`: new lanes are of the registry's deployment.",
        own, other);
    return refuse_lane(lane, CAUSE_OTHER, why);
}

enum bus_status lane_accepts(struct lane *lane, const struct snapshot *snapshot)
{
    if (!snapshot)
        return BUS_LOST;
    struct slice deployment = registry_deployment(snapshot->registry);
    if (!slice_equal(deployment, slice_of(lane->mark.deployment, sizeof lane->mark.deployment)))
        return refuse_deployment(lane, deployment);
    bool newer = snapshot->registry_version >= lane->mark.registry_version &&
                 snapshot->policy_version >= lane->mark.policy_version &&
                 snapshot->subscriptions_version >= lane->mark.subscriptions_version;
    return newer ? BUS_OK : BUS_LOST;
}

enum bus_status lane_commit(struct lane *lane)
{
    size_t n = 0;
    for (size_t i = 0; i < lane->n_positions; i++)
        if (lane->positions[i].next != lane->told[i])
            lane->moved[n++] = lane->positions[i];
    enum bus_status status = lane->bus->ops->commit(lane->bus, lane->number, lane->moved, n);
    for (size_t i = 0; status == BUS_OK && i < lane->n_positions; i++)
        lane->told[i] = lane->positions[i].next;
    return status;
}

enum bus_status lane_start(struct lane *lane)
{
    enum bus_status status = lane->bus->ops->start(lane->bus, lane->number, lane->positions, lane->n_positions);
    if (status == BUS_OK)
        lane->state = LANE_RUNNING;
    lane_cell_tell(lane->cell, lane, NULL);
    return status;
}
