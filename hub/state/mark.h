// SPDX-License-Identifier: Apache-2.0
// Where a lane stands after a transaction: the second witness of what was committed, beside the group's offsets.
#pragma once
#include "hub/base/digest.h"
#include "hub/contract/proof.h"
#include "hub/decide/memory.h"
#include "hub/state/bytes.h"
#include <signalbox/v1/state.pb-c.h>

#define MARK_QUARTERS    440 // more than a hundred years of them
#define MARK_QUARTER     91  // days
#define MARK_TOPIC_BYTES 128
#define MARK_OLDER_MS    60000 // between an anchor and the older one, before that moves on

#define MARK_SECRET_CHECK_BYTES 8

// A record that was decided.
struct mark_anchor {
    int64_t offset; // -1: there is none
    int64_t appended_ms;
    struct digest value;
};

struct mark_position {
    char topic[MARK_TOPIC_BYTES]; // without prefix
    int64_t next;                 // offset
    uint32_t incarnation;         // how often the topic was made anew
    struct mark_anchor newest, older;
    bool moved; // newest moved in the last transaction
};

struct mark_quarter {
    uint32_t quarter;  // of MARK_QUARTER days, since 1970-01-01, UTC
    uint64_t sequence; // first ledger sequence of that quarter or later
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
    struct mark_quarter quarters[MARK_QUARTERS];
    size_t n_quarters;
    uint64_t floors[MEMORY_TABLES]; // least stamp that each table still keeps; 0: all
    uint32_t lanes;
    uint8_t secret_check[MARK_SECRET_CHECK_BYTES]; // of the secret that keys content marks
    uint8_t deployment[PROOF_DEPLOYMENT_BYTES];
};

void mark_deinit(struct mark *mark);
// What a mark says of a secret of 32 bytes, by which another one is noticed.
void mark_check_secret(const uint8_t *secret, uint8_t check[MARK_SECRET_CHECK_BYTES]);
// The row of a topic, made if it is not there, with next -1 and no anchors. NULL if the name is too long or there is no
// memory.
struct mark_position *mark_position(struct mark *mark, const char *topic);
// Makes the row of a topic row number at, so that the lane need not search for it. false as above.
bool mark_place(struct mark *mark, const char *topic, size_t at);
// NULL if it is not there.
const struct mark_position *mark_find(const struct mark *mark, const char *topic);

// Moves a topic's anchors on to the newest record that was decided.
void mark_move_anchors(struct mark_position *position, const struct mark_anchor *newest);

// The serialised LaneMark, appended; whole, or with the anchors of those topics alone whose newest has moved. false if
// there is no memory.
bool mark_pack(const struct mark *mark, bool whole, struct bytes *out);
// What the message does not say of a topic's anchors stays as it was. false if it contradicts itself, or if there is no
// memory.
bool mark_read(struct mark *mark, const Signalbox__V1__LaneMark *message);

// Notes that the lane's next entry, sequence, was appended at this time, if a quarter begins with it.
void mark_quarter_begins(struct mark *mark, int64_t appended_ms, uint64_t sequence);
// Moves the tables' floors on: what is older than so many days before the clock, or was last changed in a quarter that
// ended more than so many years before it, is forgotten.
void mark_expire(struct mark *mark, uint32_t window_days, uint32_t years);
// Lets the memory forget what lies below the floors.
void mark_tell_floors(const struct mark *mark, struct memory *memory);
uint32_t mark_day_of(int64_t unix_ms);
