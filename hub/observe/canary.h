// SPDX-License-Identifier: Apache-2.0
// What became of canary items, by lane. The process that sends them counts on a board; its pulse tells the counts; the
// observer sums what all pulses tell, so that any console on the cluster shows them.
#pragma once
#include "hub/base/arena.h"
#include "hub/contract/lanes.h"
#include "hub/observe/health.h"
#include <signalbox/v1/pulse.pb-c.h>

// One lane, summed over processes. buckets as in struct canary_health.
struct canary_report {
    uint32_t lane;
    bool told; // some process sends on it; else all below is 0
    uint64_t sent, returned, lost;
    uint64_t buckets[CANARY_BUCKETS], slower;
    uint64_t sum_ms;
    struct figure last_ms; // the last round trip; the longest of the processes'. Unknown: none was finished
    uint32_t lost_in_row;  // since the last one that returned; the most of the processes'. 0: they return
};

#define CANARY_LOST_MS 30000 // what has not come back by then counts as lost

// Adds what one pulse tells to the rows of its lanes, which are LANES_MAX.
void canary_add(struct canary_report *rows, const Signalbox__V1__Pulse *pulse);

// The counts of this process. Safe to use from several threads. No board counts nothing.
struct canary_board;
struct canary_board *canary_board_new(uint32_t lanes);              // NULL without memory
struct canary_board *canary_board_free(struct canary_board *board); // takes NULL, returns NULL
void canary_board_sent(struct canary_board *board, uint32_t lane);
void canary_board_returned(struct canary_board *board, uint32_t lane, int64_t round_trip_ms);
void canary_board_lost(struct canary_board *board, uint32_t lane);
// Fills message->canaries; the rows live in the arena. board may be NULL: then there are none.
void canary_board_tell(struct canary_board *board, Signalbox__V1__Pulse *message, struct arena *arena);
