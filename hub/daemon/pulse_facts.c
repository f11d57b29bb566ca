// SPDX-License-Identifier: Apache-2.0
// Copies facts of other threads into the message; nothing here waits for them longer than a mutex.
#include "hub/daemon/pulse_facts.h"
#include "hub/contract/outcome.h"
#include <stdio.h>

#define PROBLEM_BYTES 512 // most of a sentence in the contract

static char *copy_sentence(struct arena *arena, const char *text)
{
    char *copy = arena_printf(arena, "%.*s", PROBLEM_BYTES, text);
    return copy ? copy : (char *)(uintptr_t) "";
}

static Signalbox__V1__LanePulseState state_of(enum lane_stage stage)
{
    static const Signalbox__V1__LanePulseState states[] = {
        [LANE_STAGE_CLOSED] = SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_CLOSED,
        [LANE_STAGE_RESTORING] = SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RESTORING,
        [LANE_STAGE_RESTORED] = SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RESTORED,
        [LANE_STAGE_RUNNING] = SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RUNNING,
    };
    return states[stage];
}

static void tell_transaction(const struct lane_facts *facts, Signalbox__V1__LanePulse *lane)
{
    lane->transaction = facts->transaction;
    lane->transaction_begun_unix_ms = facts->begun_ms;
    if (!facts->begun_ms)
        return;
    lane->transaction_records = facts->records;
    lane->transaction_bytes = facts->bytes;
}

static void tell_lane(struct lane_facts *facts, struct arena *arena, Signalbox__V1__LanePulse *lane)
{
    signalbox__v1__lane_pulse__init(lane);
    lane->lane = facts->lane;
    lane->state = state_of(facts->stage);
    lane->since_unix_ms = facts->since_ms;
    if (facts->stage == LANE_STAGE_RESTORING) {
        lane->restored_offsets = facts->restored < facts->to_restore ? facts->restored : facts->to_restore;
        lane->restore_offsets = facts->to_restore;
    }
    lane->fingerprints = facts->fingerprints;
    lane->fingerprint_bytes = facts->fingerprint_bytes;
    lane->ledger_sequence = facts->ledger_sequence;
    lane->ledger_head_sha256 = (ProtobufCBinaryData){.data = facts->ledger_head.bytes, .len = DIGEST_BYTES};
    tell_transaction(facts, lane);
    lane->failures = facts->failures;
    lane->doubts = facts->doubts;
    lane->problem = copy_sentence(arena, facts->problem);
}

static void fill_lanes(const struct pulse_facts *pulse_facts, const struct workers *workers,
    Signalbox__V1__Pulse *message, struct arena *arena)
{
    struct lane_facts *facts = arena_alloc(arena, pulse_facts->lanes * sizeof *facts);
    Signalbox__V1__LanePulse *lanes = arena_alloc(arena, pulse_facts->lanes * sizeof *lanes);
    message->lanes = arena_alloc(arena, pulse_facts->lanes * sizeof *message->lanes);
    if (!facts || !lanes || !message->lanes)
        return;
    message->n_lanes = workers_lanes(workers, facts, pulse_facts->lanes);
    for (size_t i = 0; i < message->n_lanes; i++) {
        tell_lane(&facts[i], arena, &lanes[i]);
        message->lanes[i] = &lanes[i];
    }
}

static void add_counter(
    Signalbox__V1__Pulse *message, struct arena *arena, const char *name, const char *code, uint64_t value)
{
    Signalbox__V1__CounterPulse *counter = arena_alloc(arena, sizeof *counter);
    if (!counter)
        return;
    signalbox__v1__counter_pulse__init(counter);
    counter->name = (char *)(uintptr_t)name;
    counter->code = (char *)(uintptr_t)code;
    counter->value = value;
    message->counters[message->n_counters++] = counter;
}

static void fill_counters(const struct workers *workers, Signalbox__V1__Pulse *message, struct arena *arena)
{
    enum {
#define COUNTER(name, help) NUMBER_##name,
#include "hub/run/counters.def"
#undef COUNTER
        NAMED
    };
    struct counters sum;
    message->counters = arena_alloc(arena, (NAMED + OUTCOME_COUNT) * sizeof *message->counters);
    if (!message->counters)
        return;
    workers_counters(workers, &sum);
#define COUNTER(name, help) add_counter(message, arena, #name, "", sum.name);
#include "hub/run/counters.def"
#undef COUNTER
    for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (sum.outcomes[outcome])
            add_counter(message, arena, "outcomes_total", outcome_row(outcome)->code, sum.outcomes[outcome]);
}

void pulse_facts_fill(void *context, Signalbox__V1__Pulse *message, struct arena *arena)
{
    struct pulse_facts *pulse_facts = context;
    const struct workers *workers = atomic_load(&pulse_facts->workers);
    struct control_state control = control_state(pulse_facts->control);
    message->registry_version = control.registry_version;
    message->policy_version = control.policy_version;
    message->subscriptions_version = control.subscriptions_version;
    message->control_problem = copy_sentence(arena, control.error.text);
    canary_board_tell(pulse_facts->board, message, arena);
    if (!workers)
        return;
    fill_lanes(pulse_facts, workers, message, arena);
    fill_counters(workers, message, arena);
}
