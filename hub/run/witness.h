// SPDX-License-Identifier: Apache-2.0
// Two witnesses say what a lane has committed: the group's offsets and the lane's own mark (R4). They must agree.
#pragma once
#include "hub/base/error.h"
#include "hub/run/bus.h"
#include "hub/state/mark.h"

// What the bus says of one inbound topic of the lane.
struct witness {
    const struct bus_position *committed; // next is BUS_NO_OFFSET if the group has none
    int64_t low, high;                    // first offset held, and end
};

// Where to start in this topic. false with a sentence if the witnesses disagree or the offset is not there any more.
// group_witness: the bus keeps committed offsets at all.
bool witness_settle(const struct witness *witness, const struct mark *mark, uint32_t lane, bool group_witness,
    int64_t *next, struct error *error);
