// SPDX-License-Identifier: Apache-2.0
// What became of canary items, by what the processes tell.
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct cycle;
struct observe_pulse;

// Fills health->canaries. heard: whoever speaks would have been heard by now.
void observe_canaries_report(struct observe_pulse *pulses, uint32_t n_lanes, bool heard, struct cycle *cycle);
