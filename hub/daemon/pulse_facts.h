// SPDX-License-Identifier: Apache-2.0
// What a hub process says of itself in its pulse: lanes, counters, control data, canaries.
#pragma once
#include "hub/daemon/workers.h"
#include "hub/control/control.h"
#include "hub/observe/canary.h"

struct pulse_facts {
    struct control *control;
    _Atomic(const struct workers *) workers; // NULL before it has started and after it has stopped
    struct canary_board *board;              // NULL: no canaries are sent
    uint32_t lanes;                          // of the deployment
};

// A pulse_fill; context is a struct pulse_facts.
void pulse_facts_fill(void *context, Signalbox__V1__Pulse *message, struct arena *arena);
