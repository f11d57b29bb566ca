// SPDX-License-Identifier: Apache-2.0
// A process is known by its newest pulse. One that fell silent is told of for an hour, or until another began on its
// machine after it; one that ended in order for ten minutes.
#include "hub/observe/collect/observe_pulse.h"
#include "hub/contract/lanes.h"
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/collect/unpack.h"
#include "hub/observe/words.h"
#include <stdlib.h>

#define SILENT_KEPT_MS  3600000
#define STOPPED_KEPT_MS 600000
#define PROCESSES_MAX   256

bool observe_pulse_init(struct observe_pulse *pulses)
{
    *pulses = (struct observe_pulse){.topic = {.topic = "pulse", .back_ms = SILENT_KEPT_MS}};
    pulses->lanes = calloc(LANES_MAX, sizeof *pulses->lanes);
    pulses->gone = calloc(LANES_MAX, sizeof *pulses->gone);
    pulses->results = calloc(LANES_MAX, sizeof *pulses->results);
    return pulses->lanes && pulses->gone && pulses->results;
}

static void free_seen(void *thing)
{
    free(((struct process_seen *)thing)->pulse);
}

void observe_pulse_deinit(struct observe_pulse *pulses)
{
    thing_table_deinit(&pulses->processes, free_seen);
    thing_table_deinit(&pulses->forgotten, NULL);
    free(pulses->lanes);
    free(pulses->gone);
    free(pulses->results);
}

void observe_pulse_keep(struct observe_pulse *pulses, struct cycle *cycle)
{
    followed_keep(&pulses->topic, cycle->follow, survey_topics_find(&cycle->topics, "pulse"), cycle->now_ms);
}

// Who reads the state back, or could not, says 0 for what it does not know yet.
static struct figure number_told(const Signalbox__V1__LanePulse *row, uint64_t number, struct figure before)
{
    bool remembers = row->state == SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RUNNING ||
                     row->state == SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RESTORED;
    return remembers || number ? figure_of((int64_t)number) : before;
}

static void keep_lanes(struct observe_pulse *pulses, const Signalbox__V1__Pulse *pulse)
{
    for (size_t i = 0; i < pulse->n_lanes; i++) {
        const Signalbox__V1__LanePulse *row = pulse->lanes[i];
        if (row->lane >= LANES_MAX)
            continue;
        struct lane_told *told = &pulses->lanes[row->lane];
        told->ledger_sequence = number_told(row, row->ledger_sequence, told->ledger_sequence);
        told->transaction = number_told(row, row->transaction, told->transaction);
    }
}

// A topic that is begun anew tells of its past again.
static bool is_known(const struct observe_pulse *pulses, const char *id, const Signalbox__V1__Pulse *pulse)
{
    const struct process_seen *seen = thing_table_find(&pulses->processes, id);
    const struct forgotten *forgotten = thing_table_find(&pulses->forgotten, id);
    return seen ? pulse->number < seen->pulse->number : forgotten && pulse->number <= forgotten->number;
}

// While the past is read the broker's clock must do; from then on ours, so that two clocks are never compared.
static void keep_pulse(struct observe_pulse *pulses, struct process_seen *seen, Signalbox__V1__Pulse *pulse,
    int64_t written_ms, int64_t now_ms)
{
    bool live = pulses->topic.caught_up || written_ms > now_ms;
    free(seen->pulse);
    seen->pulse = pulse;
    seen->heard_ms = live ? now_ms : written_ms;
    pulses->anybody = true;
    keep_lanes(pulses, pulse);
}

// NULL: nobody wants to know. false without memory.
static bool seen_of(struct observe_pulse *pulses, const Signalbox__V1__Pulse *pulse, struct process_seen **seen)
{
    char id[sizeof(*seen)->id];
    *seen = NULL;
    if (pulse->process_id.len != 16)
        return true;
    hex_encode(slice_of(pulse->process_id.data, 16), id);
    bool full = !thing_table_find(&pulses->processes, id) && pulses->processes.n >= PROCESSES_MAX;
    if (full || is_known(pulses, id, pulse))
        return true;
    *seen = thing_table_thing(&pulses->processes, id, sizeof **seen);
    if (*seen)
        memcpy((*seen)->id, id, sizeof id);
    return *seen != NULL;
}

bool observe_pulse_take(struct observe_pulse *pulses, const struct kafka_record *record, int64_t now_ms)
{
    Signalbox__V1__Pulse *pulse;
    struct process_seen *seen = NULL;
    bool had_memory = unpack_value(&signalbox__v1__pulse__descriptor, record->value, (ProtobufCMessage **)&pulse) &&
                      (!pulse || seen_of(pulses, pulse, &seen));
    if (seen)
        keep_pulse(pulses, seen, pulse, record->timestamp_ms, now_ms);
    else
        free(pulse);
    return had_memory;
}

// --- reporting ------------------------------------------------------------------------------------------------------

struct forgetting {
    struct observe_pulse *pulses;
    int64_t now_ms;
    bool failed; // for want of memory
};

static bool was_replaced(const struct observe_pulse *pulses, const struct process_seen *seen)
{
    for (size_t i = 0; i < pulses->processes.n; i++) {
        const struct process_seen *other = pulses->processes.rows[i].thing;
        if (other->speaks && strcmp(other->pulse->host, seen->pulse->host) == 0 &&
            other->pulse->started_unix_ms > seen->pulse->at_unix_ms)
            return true;
    }
    return false;
}

static bool to_be_kept(const void *thing, void *context)
{
    const struct process_seen *seen = thing;
    const struct forgetting *forgetting = context;
    int64_t silent = forgetting->now_ms - seen->heard_ms;
    if (seen->speaks)
        return true;
    if (seen->pulse->stopping)
        return silent < STOPPED_KEPT_MS;
    return silent < SILENT_KEPT_MS && !was_replaced(forgetting->pulses, seen);
}

static bool keep_or_sum(const void *thing, void *context)
{
    const struct process_seen *seen = thing;
    struct observe_pulse *pulses = ((struct forgetting *)context)->pulses;
    if (to_be_kept(thing, context))
        return true;
    struct forgotten *forgotten = thing_table_thing(&pulses->forgotten, seen->id, sizeof *forgotten);
    if (!forgotten) { // its sums would be lost
        ((struct forgetting *)context)->failed = true;
        return true;
    }
    *forgotten = (struct forgotten){seen->pulse->number, seen->heard_ms};
    canary_add(pulses->gone, seen->pulse);
    pulses->sender_lost |= seen->pulse->n_canaries && !seen->pulse->stopping;
    return false;
}

static bool may_come_again(const void *thing, void *context)
{
    const struct forgetting *forgetting = context;
    return forgetting->now_ms - ((const struct forgotten *)thing)->heard_ms < 2 * SILENT_KEPT_MS;
}

static bool forget_processes(struct observe_pulse *pulses, int64_t now_ms)
{
    struct forgetting forgetting = {pulses, now_ms, false};
    thing_table_sweep(&pulses->processes, keep_or_sum, &forgetting, free_seen);
    thing_table_sweep(&pulses->forgotten, may_come_again, &forgetting, NULL);
    return !forgetting.failed;
}

static void judge_all(struct observe_pulse *pulses, struct cycle *cycle)
{
    for (size_t i = 0; i < pulses->processes.n; i++) {
        struct process_seen *seen = pulses->processes.rows[i].thing;
        struct finding finding;
        const struct process_signs signs = {
            .now_ms = cycle->now_ms,
            .heard_ms = seen->heard_ms,
            .every_ms = seen->pulse->every_ms ? seen->pulse->every_ms : 2000,
            .reachable_ms = cycle->reachable_ms,
            .stopping = seen->pulse->stopping,
        };
        judge_process(&signs, cycle->arena, &finding);
        seen->speaks = finding.verdict == VERDICT_PROCESS_OK;
    }
    if (cycle->answered && pulses->topic.caught_up && !forget_processes(pulses, cycle->now_ms))
        cycle_fail(cycle);
    if (observe_pulse_anybody(pulses))
        pulses->sender_lost = false;
}

static void report_counters(const Signalbox__V1__Pulse *pulse, struct arena *arena, struct process_health *out)
{
    out->counters = arena_alloc(arena, (pulse->n_counters + 1) * sizeof *out->counters);
    for (size_t i = 0; out->counters && i < pulse->n_counters; i++)
        out->counters[out->n_counters++] = (struct counter_health){words_copy(arena, pulse->counters[i]->name),
            words_copy(arena, pulse->counters[i]->code), pulse->counters[i]->value};
}

// Others may have taken the lanes of one that is silent; one that has ended has none.
static struct figure lanes_of(const struct process_seen *seen)
{
    if (!seen->speaks && !seen->pulse->stopping)
        return (struct figure){0};
    return figure_of(seen->speaks ? (int64_t)seen->pulse->n_lanes : 0);
}

static void report_process(const struct process_seen *seen, struct cycle *cycle, struct process_health *out)
{
    struct arena *arena = &cycle->health->arena;
    const Signalbox__V1__Pulse *pulse = seen->pulse;
    *out = (struct process_health){
        .id = words_copy(arena, seen->id),
        .host = words_copy(arena, pulse->host),
        .version = words_copy(arena, pulse->version),
        .library = words_copy(arena, pulse->library),
        .pid = pulse->pid,
        .started_ms = pulse->started_unix_ms,
        .heard_ms = seen->heard_ms,
        .n_lanes = lanes_of(seen),
        .registry_version = pulse->registry_version,
        .policy_version = pulse->policy_version,
        .subscriptions_version = pulse->subscriptions_version,
        .certificate_to_ms = pulse->certificate_to_unix_ms,
        .memory_bytes = pulse->memory_bytes,
        .processor_ms = pulse->processor_ms,
        .control_problem = words_copy(arena, pulse->control_problem),
    };
    report_counters(pulse, arena, out);
    const struct process_signs signs = {
        .now_ms = cycle->now_ms,
        .heard_ms = seen->heard_ms,
        .every_ms = pulse->every_ms ? pulse->every_ms : 2000,
        .reachable_ms = cycle->reachable_ms,
        .stopping = pulse->stopping,
    };
    judge_process(&signs, arena, &out->finding);
}

static int by_start(const void *a, const void *b)
{
    const struct process_health *x = a, *y = b;
    if (x->started_ms != y->started_ms)
        return x->started_ms < y->started_ms ? -1 : 1;
    return strcmp(x->id, y->id);
}

void observe_pulse_report(struct observe_pulse *pulses, struct cycle *cycle)
{
    struct health *health = cycle->health;
    judge_all(pulses, cycle);
    health->processes = arena_alloc(&health->arena, (pulses->processes.n + 1) * sizeof *health->processes);
    for (size_t i = 0; health->processes && i < pulses->processes.n; i++)
        report_process(pulses->processes.rows[i].thing, cycle, &health->processes[health->n_processes++]);
    if (health->n_processes)
        qsort(health->processes, health->n_processes, sizeof *health->processes, by_start);
}

// --- lanes ----------------------------------------------------------------------------------------------------------

static const Signalbox__V1__LanePulse *lane_of(const Signalbox__V1__Pulse *pulse, uint32_t lane)
{
    for (size_t i = 0; i < pulse->n_lanes; i++)
        if (pulse->lanes[i]->lane == lane)
            return pulse->lanes[i];
    return NULL;
}

static const struct process_seen *newest_of(
    const struct observe_pulse *pulses, uint32_t lane, bool silent_too, const Signalbox__V1__LanePulse **row)
{
    const struct process_seen *best = NULL;
    *row = NULL;
    for (size_t i = 0; i < pulses->processes.n; i++) {
        const struct process_seen *seen = pulses->processes.rows[i].thing;
        const Signalbox__V1__LanePulse *own = lane_of(seen->pulse, lane);
        if (!own || (!seen->speaks && !silent_too) || (best && best->heard_ms > seen->heard_ms))
            continue;
        best = seen;
        *row = own;
    }
    return best;
}

const struct process_seen *observe_pulse_owner(
    const struct observe_pulse *pulses, uint32_t lane, const Signalbox__V1__LanePulse **row)
{
    return newest_of(pulses, lane, false, row);
}

const Signalbox__V1__LanePulse *observe_pulse_last(const struct observe_pulse *pulses, uint32_t lane)
{
    const Signalbox__V1__LanePulse *row;
    newest_of(pulses, lane, true, &row);
    return row;
}

bool observe_pulse_anybody(const struct observe_pulse *pulses)
{
    for (size_t i = 0; i < pulses->processes.n; i++)
        if (((const struct process_seen *)pulses->processes.rows[i].thing)->speaks)
            return true;
    return false;
}
