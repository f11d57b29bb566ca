// SPDX-License-Identifier: Apache-2.0
// A lane is what its owner says of it, and what waits for it: inbound records behind the hub's place. Where the broker
// does not tell that place (the embedded one keeps none), the ledger does, for it has an entry for every record
// decided.
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/contract/lanes.h"
#include "hub/observe/collect/observe_lanes.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/judge/judge.h"
#include "hub/observe/words.h"

#define STARTING_MS 8000 // after the broker answers for the first time: nobody may have spoken yet

// --- what waits -----------------------------------------------------------------------------------------------------

static bool is_inbound(const char *topic)
{
    return strncmp(topic, "in.", 3) == 0 || strcmp(topic, "relane") == 0;
}

static struct figure place_on(const struct observe_lanes *lanes, const char *topic, int32_t partition)
{
    const struct place_seen *seen =
        lanes->groups->inbound_told ? observe_groups_place(lanes->groups, topic, partition) : NULL;
    if (seen && seen->committed >= 0)
        return figure_of(seen->committed);
    struct figure decided = observe_ledger_decided(lanes->ledger, topic, partition);
    bool from_start = decided.state != FIGURE_KNOWN && lanes->groups->inbound_told;
    return from_start ? figure_of(0) : decided; // a group without a place begins at the start
}

// From where on records wait, and to where; false if nobody can say.
static bool span_of(
    const struct observe_lanes *lanes, const char *topic, const struct survey_partition *part, int64_t *from)
{
    if (part->stable.state != SURVEY_KNOWN || part->start.state != SURVEY_KNOWN)
        return false;
    struct figure place = place_on(lanes, topic, part->partition);
    *from = place.state == FIGURE_KNOWN && place.value > part->start.value ? place.value : part->start.value;
    return place.state == FIGURE_KNOWN || part->start.value == part->stable.value;
}

struct waiting {
    struct figure records, oldest_ms;
};

static void add_waiting(const struct observe_lanes *lanes, const char *topic, const struct survey_partition *part,
    int64_t now_ms, struct waiting *sum)
{
    static const struct age unasked;
    int64_t from = 0;
    if (!span_of(lanes, topic, part, &from)) {
        sum->records = sum->oldest_ms = (struct figure){
            .state = part->stable.state == SURVEY_NOT_PERMITTED ? FIGURE_NOT_PERMITTED : FIGURE_UNKNOWN};
        return;
    }
    const struct place_seen *place = observe_groups_place(lanes->groups, topic, part->partition);
    const struct age *age = place ? &place->age : &unasked;
    if (age_of(age, from, part->stable.value) == AGE_NOTHING)
        return;
    struct figure oldest_ms = age_figure(age, from, part->stable.value, now_ms);
    if (sum->records.state == FIGURE_KNOWN)
        sum->records.value += part->stable.value - from;
    if (sum->oldest_ms.state == FIGURE_KNOWN &&
        (oldest_ms.state != FIGURE_KNOWN || oldest_ms.value > sum->oldest_ms.value))
        sum->oldest_ms = oldest_ms;
}

// false without memory.
static bool want_age(
    const struct observe_lanes *lanes, struct ages *ages, const char *topic, const struct survey_partition *part)
{
    int64_t from = 0;
    if (!span_of(lanes, topic, part, &from))
        return true;
    struct place_seen *place = observe_groups_inbound(lanes->groups, topic, part->partition);
    return place && ages_want(ages, &place->age, topic, part->partition, from, part->stable.value);
}

void observe_lanes_want(struct observe_lanes *lanes, struct ages *ages, struct cycle *cycle)
{
    for (size_t i = 0; i < cycle->topics.n; i++) {
        const struct survey_topic *topic = &cycle->topics.rows[i];
        for (size_t k = 0; is_inbound(topic->name) && k < topic->n_partitions; k++)
            if (!want_age(lanes, ages, topic->name, &topic->partitions[k]))
                cycle_fail(cycle);
    }
}

static struct waiting waiting_of(const struct observe_lanes *lanes, const struct cycle *cycle, uint32_t lane)
{
    struct figure seen = observe_topics_inbound(lanes->topics);
    struct waiting sum = {seen, seen};
    if (!cycle->answered)
        return (struct waiting){0};
    for (size_t i = 0; i < cycle->topics.n; i++) {
        const struct survey_topic *topic = &cycle->topics.rows[i];
        if (is_inbound(topic->name) && lane < topic->n_partitions)
            add_waiting(lanes, topic->name, &topic->partitions[lane], cycle->now_ms, &sum);
    }
    return sum;
}

struct figure observe_lanes_waiting(const struct observe_lanes *lanes, const char *agency, struct cycle *cycle)
{
    struct waiting sum = {figure_of(0), figure_of(0)};
    const struct survey_topic *topic = survey_topics_find(&cycle->topics, words_print(cycle->arena, "in.%s", agency));
    for (size_t i = 0; topic && i < topic->n_partitions; i++)
        add_waiting(lanes, topic->name, &topic->partitions[i], cycle->now_ms, &sum);
    return topic ? sum.records : (struct figure){0};
}

// --- one lane -------------------------------------------------------------------------------------------------------

static const char *state_name(Signalbox__V1__LanePulseState state)
{
    switch (state) {
    case SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_CLOSED:
        return "closed";
    case SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RESTORED:
        return "restored";
    case SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RUNNING:
        return "running";
    case SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RESTORING:
        return "restoring";
    default:
        return "";
    }
}

static struct figure percent_of(const Signalbox__V1__LanePulse *row)
{
    if (row->state == SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RESTORING)
        return row->restore_offsets ? figure_of((int64_t)(row->restored_offsets * 100 / row->restore_offsets))
                                    : (struct figure){0};
    bool whole = row->state == SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RUNNING ||
                 row->state == SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RESTORED;
    return whole ? figure_of(100) : (struct figure){0};
}

// By the process's own clock as far as it has spoken, by ours since.
static struct figure transaction_age(
    const struct process_seen *owner, const Signalbox__V1__LanePulse *row, int64_t now_ms)
{
    if (!row->transaction_begun_unix_ms)
        return (struct figure){0};
    int64_t age = owner->pulse->at_unix_ms - row->transaction_begun_unix_ms + now_ms - owner->heard_ms;
    return figure_of(age > 0 ? age : 0);
}

static const char *hex_text(struct arena *arena, ProtobufCBinaryData bytes)
{
    char *text = arena_alloc(arena, 2 * bytes.len + 1);
    if (text)
        hex_encode(slice_of(bytes.data, bytes.len), text);
    return text ? text : "";
}

static void fill_owned(
    const struct process_seen *owner, const Signalbox__V1__LanePulse *row, struct cycle *cycle, struct lane_health *out)
{
    struct arena *arena = &cycle->health->arena;
    out->process = words_copy(arena, owner->id);
    out->state = state_name(row->state);
    out->restored_percent = percent_of(row);
    out->fingerprints = figure_of((int64_t)row->fingerprints);
    out->fingerprint_bytes = figure_of((int64_t)row->fingerprint_bytes);
    out->ledger_head = hex_text(arena, row->ledger_head_sha256);
    out->transaction_age_ms = transaction_age(owner, row, cycle->now_ms);
    out->transaction_records = figure_of(row->transaction_records);
    out->doubts = figure_of(row->doubts);
    out->problem = words_copy(arena, row->problem);
}

static int64_t not_running_ms(
    struct observe_lanes *lanes, const struct cycle *cycle, uint32_t lane, const Signalbox__V1__LanePulse *row)
{
    int64_t *since_ms = &lanes->not_running_since_ms[lane];
    bool runs = row && row->state == SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RUNNING;
    if (runs || !cycle->answered)
        *since_ms = 0;
    else if (!*since_ms)
        *since_ms = cycle->now_ms;
    return *since_ms ? cycle->now_ms - *since_ms + 1 : 0;
}

bool observe_lanes_time_to_speak(const struct observe_lanes *lanes, const struct cycle *cycle)
{
    return lanes->pulses->topic.caught_up && cycle->now_ms - cycle->reachable_ms > STARTING_MS;
}

static void report_lane(struct observe_lanes *lanes, struct cycle *cycle, uint32_t lane, struct lane_health *out)
{
    const Signalbox__V1__LanePulse *row;
    const struct process_seen *owner = observe_pulse_owner(lanes->pulses, lane, &row);
    struct waiting waiting = waiting_of(lanes, cycle, lane);
    *out = (struct lane_health){.lane = lane,
        .process = "",
        .state = "",
        .ledger_sequence = lanes->pulses->lanes[lane].ledger_sequence,
        .transaction = lanes->pulses->lanes[lane].transaction,
        .ledger_head = "",
        .problem = "",
        .waiting = waiting.records,
        .waiting_ms = waiting.oldest_ms};
    if (owner)
        fill_owned(owner, row, cycle, out);
    const struct lane_signs signs = {
        .heard = cycle->answered && (observe_pulse_anybody(lanes->pulses) || observe_lanes_time_to_speak(lanes, cycle)),
        .owned = owner != NULL,
        .state = owner ? row->state : SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_UNSPECIFIED,
        .failures = owner ? row->failures : 0,
        .doubts = owner ? row->doubts : 0,
        .problem = out->problem,
        .transaction_age_ms = out->transaction_age_ms,
        .transaction_limit_ms = cycle->settings->transaction_ms * INT64_C(3) / 2,
        .waiting = out->waiting,
        .waiting_ms = out->waiting_ms,
        .slow_ms = cycle->settings->slow_ms,
        .restored_percent = out->restored_percent,
        .not_running_ms = not_running_ms(lanes, cycle, lane, owner ? row : NULL),
    };
    judge_lane(&signs, &cycle->health->arena, &out->finding);
}

// --- one lane's ledger ----------------------------------------------------------------------------------------------

static bool head_differs(const struct lane_seen *seen, const Signalbox__V1__LanePulse *row)
{
    return row && seen->chain.begun && row->ledger_sequence && row->ledger_sequence + 1 == seen->chain.next_sequence &&
           row->ledger_head_sha256.len == DIGEST_BYTES &&
           memcmp(row->ledger_head_sha256.data, seen->chain.head.bytes, DIGEST_BYTES) != 0;
}

static void report_ledger(
    const struct observe_lanes *lanes, struct cycle *cycle, uint32_t lane, struct ledger_health *out)
{
    const struct observe_ledger *ledger = lanes->ledger;
    const struct lane_seen *seen = &ledger->lanes[lane];
    *out = (struct ledger_health){
        .lane = lane, .sequence = seen->chain.begun ? seen->chain.next_sequence - 1 : 0, .read_ms = seen->read_ms};
    const struct ledger_signs signs = {
        .told = ledger->topic.caught_up,
        .permitted = !ledger->topic.not_permitted,
        .broken = seen->broken,
        .head_differs = head_differs(seen, observe_pulse_last(lanes->pulses, lane)),
        .sequence = out->sequence,
    };
    judge_ledger(&signs, &cycle->health->arena, &out->finding);
}

void observe_lanes_report(struct observe_lanes *lanes, struct cycle *cycle)
{
    struct health *health = cycle->health;
    const struct survey_topic *state = survey_topics_find(&cycle->topics, "state");
    if (state)
        lanes->n = state->n_partitions < LANES_MAX ? (uint32_t)state->n_partitions : LANES_MAX;
    uint32_t n = health->n_all_lanes = lanes->n;
    health->lanes = arena_alloc(&health->arena, (n + 1) * sizeof *health->lanes);
    health->ledgers = arena_alloc(&health->arena, (n + 1) * sizeof *health->ledgers);
    for (uint32_t i = 0; health->lanes && health->ledgers && i < n; i++) {
        report_lane(lanes, cycle, i, &health->lanes[health->n_lanes++]);
        report_ledger(lanes, cycle, i, &health->ledgers[health->n_ledgers++]);
    }
}
