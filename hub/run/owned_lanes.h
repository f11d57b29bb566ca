// SPDX-License-Identifier: Apache-2.0
// The lanes that one worker holds: given and taken away by the bus, opened when they are due, forgotten when in doubt.
#pragma once
#include "hub/base/error.h"
#include "hub/contract/lanes.h"
#include "hub/run/bus.h"

struct lane;
struct shared;
struct proof_cache;

struct owned_lanes {
    struct shared *shared;
    struct proof_cache *roots;
    struct lane *lanes[LANES_MAX]; // made when first owned
    uint32_t n_open;               // lanes with an open transaction
    bool broken;
    struct error error; // why
};

bool owned_lanes_init(struct owned_lanes *owned, struct shared *shared);
void owned_lanes_deinit(struct owned_lanes *owned);

// The end of everything, with the reason. The first one stays.
void owned_lanes_break(struct owned_lanes *owned, const struct error *why);
// Gives up a lane after a call did not end in BUS_OK, to be opened again when it is due. Does nothing after BUS_OK.
void owned_lanes_settle(struct owned_lanes *owned, struct lane *lane, enum bus_status status);

// Owns these lanes from now on, and no others.
void owned_lanes_assign(struct owned_lanes *owned, const uint32_t *lanes, size_t n);
// Lets everything go; what is open is aborted.
void owned_lanes_drop(struct owned_lanes *owned);
// Between transactions: opens at most one lane that is due, so that polls are never far apart; starts those that are
// ready.
void owned_lanes_tend(struct owned_lanes *owned);
// Commits every open lane; the arena is free for the next batch afterwards.
void owned_lanes_flush(struct owned_lanes *owned);
// The lane, if it is to get records.
struct lane *owned_lanes_running(const struct owned_lanes *owned, uint32_t number);
// How long a poll may wait, at most wait_ms.
int owned_lanes_wait_ms(const struct owned_lanes *owned, int wait_ms);
