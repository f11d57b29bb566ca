// SPDX-License-Identifier: Apache-2.0
// The lanes between cycles, by what their owners, the ledger and the inbound topics say.
#pragma once
#include "hub/observe/collect/ages.h"
#include "hub/observe/collect/observe_groups.h"
#include "hub/observe/collect/observe_ledger.h"
#include "hub/observe/collect/observe_pulse.h"
#include "hub/observe/collect/observe_topics.h"

struct observe_lanes {
    struct observe_groups *groups; // where the hub stands; the other parts are only read
    const struct observe_topics *topics;
    const struct observe_ledger *ledger;
    const struct observe_pulse *pulses;
    uint32_t n;                              // as last told
    int64_t not_running_since_ms[LANES_MAX]; // by lane; 0 while it runs
};

// Wants the ages of what waits inbound.
void observe_lanes_want(struct observe_lanes *lanes, struct ages *ages, struct cycle *cycle);
// Fills health->lanes and health->ledgers.
void observe_lanes_report(struct observe_lanes *lanes, struct cycle *cycle);
// Inbound records of an agency that are not decided yet.
struct figure observe_lanes_waiting(const struct observe_lanes *lanes, const char *agency, struct cycle *cycle);
// Whether a process that speaks would have been heard by now.
bool observe_lanes_time_to_speak(const struct observe_lanes *lanes, const struct cycle *cycle);
