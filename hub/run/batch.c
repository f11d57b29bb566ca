// SPDX-License-Identifier: Apache-2.0
// The life of a batch. Memory is changed for good only after the commit is known (R5); until then everything new lies
// in what is pending, and a batch whose fate is not known is forgotten together with its lane.
#include "hub/run/batch.h"
#include "hub/contract/outcome.h"
#include "hub/base/log.h"
#include "hub/rules/policy.h"
#include "hub/run/transaction_records.h"
#include "hub/run/crashes.h"
#include "hub/run/effects.h"
#include "hub/run/lane_facts.h"
#include "hub/run/counters.h"
#include "hub/run/lane.h"
#include "hub/run/shared.h"
#include "hub/run/worker.h"
#include <inttypes.h>
#include <stdio.h>

static enum bus_status begin_batch(struct lane *lane, struct shared *shared)
{
    enum bus_status status = lane_accepts(lane, shared->snapshot);
    if (status == BUS_OK) // else control data went backwards: wait until they have caught up
        status = shared->bus->ops->begin(shared->bus, lane->number);
    if (status != BUS_OK)
        return status;
    lane->open = true;
    lane->snapshot = shared->snapshot;
    lane->records = 0;
    lane->bytes = lane->deliveries = lane->spills = 0;
    memset(lane->outcomes, 0, sizeof lane->outcomes);
    ledger_begin(lane->ledger, shared->snapshot, lane->mark.ledger_head);
    receipts_begin(lane->receipts);
    packs_clear(&lane->ledger_blocks);
    packs_clear(&lane->receipt_blocks);
    lane_cell_begin(lane->cell);
    return BUS_OK;
}

// What expires, expires between transactions and at the first record of a day, so that no decision hangs on where a
// batch happened to end.
static enum bus_status begin_day(struct lane *lane, struct shared *shared, int64_t appended_ms)
{
    enum bus_status status = batch_commit(lane, shared);
    if (status != BUS_OK || !shared->snapshot)
        return status;
    mark_day_begins(&lane->mark, appended_ms, lane->memory.sequence + 1);
    lane->mark.clock_ms = appended_ms;
    mark_expire(&lane->mark, policy_document(shared->snapshot->policy)->dedup_window_days);
    mark_tell_floors(&lane->mark, &lane->memory);
    return BUS_OK;
}

static bool copy_field(struct arena *arena, struct slice *field)
{
    struct slice copy = arena_copy(arena, *field);
    bool copied = copy.data || field->len == 0;
    *field = copy;
    return copied;
}

// The topic's name is the lane's own; everything else is copied once, here. A value too large to be kept is refused on
// the spot and written nowhere: it is looked at where it lies.
static struct record *copy_record(struct arena *arena, const struct record *polled, struct slice topic)
{
    struct record *record = arena_alloc(arena, sizeof *record);
    if (!record)
        return NULL;
    *record = *polled;
    record->topic = topic;
    bool copied = copy_field(arena, &record->key) &&
                  (record->value.len > STEP_KEPT_BYTES || copy_field(arena, &record->value)) &&
                  copy_field(arena, &record->traceparent) && copy_field(arena, &record->origin_topic);
    return copied ? record : NULL;
}

static bool is_suspect(const struct lane *lane, const struct record *record)
{
    return lane->suspect.times && lane->suspect.offset == record->offset &&
           slice_equal(slice_text(lane->suspect.topic), record->topic);
}

// The bus will never write what this record leads to. Names the record, so that it is set aside after POISON_TIMES.
static void suspect_record(struct lane *lane, const struct record *record)
{
    struct suspect *suspect = &lane->suspect;
    if (!is_suspect(lane, record))
        *suspect = (struct suspect){.offset = record->offset};
    snprintf(suspect->topic, sizeof suspect->topic, "%.*s", (int)record->topic.len, (const char *)record->topic.data);
    suspect->times++;
    log_warning("RECORD-SUSPECT", "lane=%" PRIu32 " topic=%s offset=%" PRId64 " times=%u", lane->number, suspect->topic,
        suspect->offset, suspect->times);
}

static bool is_poison(const struct lane *lane, const struct shared *shared, const struct record *record)
{
    return (is_suspect(lane, record) && lane->suspect.times >= POISON_TIMES) ||
           crashes_times(shared->settings->crashes, record) >= POISON_TIMES;
}

static void decide_record(
    struct lane *lane, struct shared *shared, const struct record *record, struct decision *decision)
{
    if (is_poison(lane, shared, record)) {
        step_poison(&lane->memory, record, &shared->arena, decision);
        return;
    }
    crashes_take(shared->settings->crashes, shared->worker, record);
    step(lane->snapshot, &lane->memory, record, &shared->arena, decision);
    crashes_put(shared->settings->crashes, shared->worker);
}

static void tally_record(struct lane *lane, const struct record *record, const struct decision *decision)
{
    lane->records++;
    lane->bytes += record->value.len;
    lane->deliveries += decision->n_deliveries;
    lane->outcomes[decision->outcome]++;
    lane->spills += decision->spill;
    lane_cell_count(lane->cell, lane->records, lane->bytes);
}

static enum bus_status put_on_record(
    struct lane *lane, struct shared *shared, const struct record *record, const struct decision *decision)
{
    bool packed = ledger_add(lane->ledger, record, decision, &shared->arena, &lane->ledger_blocks) &&
                  receipts_add(lane->receipts, record, decision, &shared->arena, &lane->receipt_blocks);
    return packed ? BUS_OK : BUS_LOST;
}

static enum bus_status process_record(struct lane *lane, struct shared *shared, const struct record *record)
{
    struct decision decision;
    decide_record(lane, shared, record, &decision);
    enum bus_status status = effects_produce(lane, shared, record, &decision);
    if (status == BUS_REFUSED)
        suspect_record(lane, record);
    if (status == BUS_OK)
        status = put_on_record(lane, shared, record, &decision);
    if (status == BUS_OK)
        tally_record(lane, record, &decision);
    return status;
}

// R12: a step back means that the bus began again where we did not ask it to; a topic that was not there at the opening
// has been added since. Both are settled by opening the lane again.
static struct bus_position *position_of(struct lane *lane, const struct record *record)
{
    int topic = names_find(lane->topics, record->topic);
    if (topic >= 0 && record->offset >= lane->positions[topic].next)
        return &lane->positions[topic];
    log_warning("LANE-STEP-BACK", "lane=%" PRIu32 " offset=%" PRId64 " known_topic=%d", lane->number, record->offset,
        topic >= 0);
    return NULL;
}

enum bus_status batch_take(struct lane *lane, struct shared *shared, const struct record *polled)
{
    struct bus_position *position = position_of(lane, polled);
    struct record *record = position ? copy_record(&shared->arena, polled, slice_text(position->topic)) : NULL;
    enum bus_status status = record ? BUS_OK : BUS_LOST;
    if (status == BUS_OK && mark_day_of(record->appended_ms) > mark_day_of(lane->mark.clock_ms))
        status = begin_day(lane, shared, record->appended_ms);
    if (status == BUS_OK && !lane->open)
        status = begin_batch(lane, shared);
    if (status == BUS_OK)
        status = process_record(lane, shared, record);
    if (status != BUS_OK)
        return status;
    position->next = record->offset + 1;
    if (record->appended_ms > lane->mark.clock_ms)
        lane->mark.clock_ms = record->appended_ms;
    return BUS_OK;
}

static void count_batch(struct lane *lane, struct counters *counters)
{
    counter_add(&counters->transactions_total, 1);
    counter_add(&counters->records_total, lane->records);
    counter_add(&counters->bytes_total, lane->bytes);
    counter_add(&counters->deliveries_total, lane->deliveries);
    counter_add(&counters->spills_total, lane->spills);
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        if (lane->outcomes[i])
            counter_add(&counters->outcomes[i], lane->outcomes[i]);
}

static enum bus_status commit_open(struct lane *lane, struct shared *shared)
{
    enum bus_status status = transaction_records_write(lane, shared);
    if (status == BUS_OK)
        status = lane_commit(lane);
    if (status != BUS_OK)
        return status;
    lane->open = false;
    lane->failures = 0;
    count_batch(lane, shared->counters);
    bool merged = memory_merge(&lane->memory);
    lane_cell_tell(lane->cell, lane, NULL);
    return merged ? BUS_OK : BUS_LOST;
}

enum bus_status batch_commit(struct lane *lane, struct shared *shared)
{
    if (!lane->open)
        return BUS_OK;
    enum bus_status status = commit_open(lane, shared);
    if (status == BUS_OK && transaction_records_snapshot_due(lane, shared->settings))
        status = transaction_records_write_snapshot(lane, shared);
    return status;
}
