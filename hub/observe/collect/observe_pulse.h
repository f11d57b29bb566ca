// SPDX-License-Identifier: Apache-2.0
// The hub's processes by what they last said, and who owns which lane.
#pragma once
#include "hub/observe/collect/thing_table.h"
#include "hub/contract/lanes.h"
#include "hub/observe/collect/followed.h"
#include "hub/observe/judge/judge.h"
#include <signalbox/v1/pulse.pb-c.h>

struct cycle;

struct process_seen {
    Signalbox__V1__Pulse *pulse; // newest
    int64_t heard_ms;
    char id[33];
    bool speaks; // by the verdict of this cycle
};

struct forgotten {
    uint64_t number; // of its last pulse
    int64_t heard_ms;
};

// What was said of a lane and stays true when whoever said it is silent.
struct lane_told {
    struct figure ledger_sequence, transaction;
};

struct observe_pulse {
    struct followed topic;
    struct thing_table processes; // struct process_seen by id
    struct lane_told *lanes;      // LANES_MAX
    struct canary_report *gone;   // LANES_MAX: what processes that are forgotten said of their canaries, summed
    struct canary_result {
        uint64_t n;               // how many had come to an end, either way, of those who speak
        int64_t seen_ms;          // when the last was seen to
    } * results;                  // LANES_MAX
    struct thing_table forgotten; // struct forgotten by id, as long as their pulses may be read again
    bool anybody;                 // was ever heard
    bool sender_lost;             // one that sent canaries is forgotten without a good-bye, and nobody has spoken since
};

bool observe_pulse_init(struct observe_pulse *pulses); // false without memory; to be ended all the same
void observe_pulse_deinit(struct observe_pulse *pulses);
void observe_pulse_keep(struct observe_pulse *pulses, struct cycle *cycle);
// false without memory: then nothing of the record is taken.
bool observe_pulse_take(struct observe_pulse *pulses, const struct kafka_record *record, int64_t now_ms);
// Fills health->processes.
void observe_pulse_report(struct observe_pulse *pulses, struct cycle *cycle);
// The process that owns a lane, with what it says of it; NULL if none does.
const struct process_seen *observe_pulse_owner(
    const struct observe_pulse *pulses, uint32_t lane, const Signalbox__V1__LanePulse **row);
// The newest thing said of a lane by anybody, silent ones too; NULL if none.
const Signalbox__V1__LanePulse *observe_pulse_last(const struct observe_pulse *pulses, uint32_t lane);
bool observe_pulse_anybody(const struct observe_pulse *pulses);
