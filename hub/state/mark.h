// SPDX-License-Identifier: Apache-2.0
// Where a lane stands after a transaction: the second witness of what was committed, beside the group's offsets.
#pragma once
#include "hub/base/digest.h"
#include "hub/contract/proof.h"
#include "hub/decide/memory.h"
#include "hub/state/bytes.h"
#include <signalbox/v1/state.pb-c.h>

#define MARK_DAYS        400
#define MARK_TOPIC_BYTES 128

struct mark_position {
    char topic[MARK_TOPIC_BYTES]; // without prefix
    int64_t next;                 // offset
};

struct mark_day {
    uint32_t day;      // since 1970-01-01, UTC
    uint64_t sequence; // first ledger sequence of that day or later
};

struct mark {
    struct mark_position *positions;
    size_t n_positions, capacity;
    uint64_t ledger_sequence;
    struct digest ledger_head;
    uint64_t registry_version, policy_version, subscriptions_version;
    int64_t snapshot_offset;
    int64_t clock_ms;
    uint64_t transaction;
    struct mark_day days[MARK_DAYS];
    size_t n_days;
    uint64_t floors[MEMORY_TABLES]; // least stamp that each table still keeps; 0: all
    uint32_t lanes;
    uint8_t deployment[PROOF_DEPLOYMENT_BYTES];
};

void mark_deinit(struct mark *mark);
// The row of a topic, made if it is not there, with next -1. NULL if the name is too long or there is no memory.
struct mark_position *mark_position(struct mark *mark, const char *topic);
// Makes the row of a topic row number at, so that the lane need not search for it. false as above.
bool mark_place(struct mark *mark, const char *topic, size_t at);
// NULL if it is not there.
const struct mark_position *mark_find(const struct mark *mark, const char *topic);

// The serialised LaneMark, appended. false if there is no memory.
bool mark_pack(const struct mark *mark, struct bytes *out);
// false if it contradicts itself, or if there is no memory.
bool mark_read(struct mark *mark, const Signalbox__V1__LaneMark *message);

// Notes that the lane's next entry, sequence, was appended at this time, if a day begins with it.
void mark_day_begins(struct mark *mark, int64_t appended_ms, uint64_t sequence);
// Drops the days that lie more than window days before the clock, and moves the tables' floors on.
void mark_expire(struct mark *mark, uint32_t window_days);
// Lets the memory forget what lies below the floors.
void mark_tell_floors(const struct mark *mark, struct memory *memory);
uint32_t mark_day_of(int64_t unix_ms);
