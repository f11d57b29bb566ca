// SPDX-License-Identifier: Apache-2.0
// The lanes that one worker holds: given and taken away by the bus, opened when they are due, forgotten when in doubt.
#pragma once
#include "hub/run/lane.h"
#include "hub/run/shared.h"

#define LANES_MAX 1024

struct holding {
    struct shared *shared;
    struct root_cache *roots;
    struct lane *lanes[LANES_MAX]; // made when first owned
    uint32_t n_open;               // lanes with an open transaction
    bool broken;
    char error[LANE_ERROR_BYTES]; // why
};

bool holding_init(struct holding *holding, struct shared *shared);
void holding_deinit(struct holding *holding);

// The end of everything, with a sentence. The first one stays.
void holding_break(struct holding *holding, const char *why);
// Gives up a lane after a call did not end in BUS_OK, to be opened again when it is due. Does nothing after BUS_OK.
void holding_settle(struct holding *holding, struct lane *lane, enum bus_status status);

// Owns these lanes from now on, and no others.
void holding_assign(struct holding *holding, const uint32_t *lanes, size_t n);
// Lets everything go; what is open is aborted.
void holding_drop(struct holding *holding);
// Between transactions: opens at most one lane that is due, so that polls are never far apart; starts those that are
// ready.
void holding_tend(struct holding *holding);
// Commits every open lane; the arena is free for the next batch afterwards.
void holding_flush(struct holding *holding);
// The lane, if it is to get records.
struct lane *holding_running(const struct holding *holding, uint32_t number);
// How long a poll may wait, at most wait_ms.
int holding_wait_ms(const struct holding *holding, int wait_ms);
