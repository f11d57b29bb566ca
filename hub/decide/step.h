// SPDX-License-Identifier: Apache-2.0
// The middle of the hub, a pure function: (record, what the lane remembers, control snapshot) -> decision. No clock,
// file, network, thread, log or random number: time is the broker's append time of the record.
#pragma once
#include "hub/contract/envelope.h"
#include "hub/decide/identity.h"
#include "hub/contract/proof.h"
#include "hub/rules/snapshot.h"

// One inbound record. Borrowed; must live until the batch ends.
struct record {
    struct slice topic; // without prefix: in.<agency>, or relane
    uint32_t lane;      // partition
    int64_t offset;
    int64_t appended_ms; // broker append time
    struct slice key, value;
    struct slice traceparent; // empty if none came
    // Of a forwarded record, from its headers; empty or -1 otherwise.
    struct slice origin_topic;
    int32_t origin_partition;
    int64_t origin_offset, origin_appended_ms;
};

// What a lane remembers, as the core sees it. The set is what is committed; the overlay, sequence and clock belong to
// the open transaction as well.
struct memory {
    struct seen *seen;
    struct overlay *overlay;
    struct root_cache *roots;
    uint64_t sequence; // of the last decision
    uint32_t lane, lanes;
    size_t max_fingerprints; // that the lane may hold; 0 for no limit. Beyond it items are refused, never forgotten
};

// A refused value that is larger is not kept: it could not be written again within the size that producers and topics
// allow.
#define STEP_KEPT_BYTES (512u * 1024u)

struct delivery {
    unsigned org;
    uint32_t parts, audience; // bit sets, as in ledger.proto
    uint64_t subscription_revision;
    struct slice value; // the inbound value, or a copy with parts withheld, out of the arena
    bool whole;         // value is the inbound value, untouched
};

struct decision {
    enum outcome outcome;
    struct refusal refusal; // path and offset; meaningful if refused
    struct digest value_digest;
    uint64_t sequence;                   // in the lane's ledger
    uint64_t first_sequence;             // of the entry that a duplicate repeats
    struct slice agency;                 // by the topic (a forwarded record's origin)
    int64_t appended_ms;                 // of the record, or of a forwarded one's origin
    const Signalbox__V1__Header *header; // NULL if it could not be read
    struct delivery *deliveries;         // in order of organisation
    size_t n_deliveries;
    struct org_set withheld[GATE_COUNT]; // by Gate
    uint32_t to_lane;                    // of a forwarded record
    bool spill;                          // marked above the ceiling, whatever the outcome
    bool keep_value;                     // false for a spill, and for what is too large: quarantine gets no content
};

// Decides one record and remembers it in memory's overlay. Everything in *decision lives in the arena or in the record.
// Always decides: there is no error return.
void step(const struct snapshot *snapshot, struct memory *memory, const struct record *record, struct arena *arena,
    struct decision *decision);
// Sets a record aside without looking at it, because it made the hub fail before.
void step_poison(struct memory *memory, const struct record *record, struct arena *arena, struct decision *decision);

// The lane that a subject belongs to.
uint32_t step_lane(struct slice subject, uint32_t lanes);
