// SPDX-License-Identifier: Apache-2.0
// What becomes of a record: its outcome, and who gets which parts of it. What it points to lives in the batch's arena
// or in the record.
#pragma once
#include "hub/base/digest.h"
#include "hub/contract/refusal.h"
#include "hub/decide/release.h"

struct delivery {
    unsigned org;
    uint32_t parts, audience; // bit sets, as in ledger.proto
    uint64_t subscription_revision;
    struct slice value; // the inbound value, or a copy with parts withheld, out of the arena
    bool whole;         // value is the inbound value, untouched
};

struct decision {
    unsigned outcome;       // enum outcome
    struct refusal refusal; // path and offset; meaningful if refused
    struct digest value_digest;
    uint64_t sequence;                   // in the lane's ledger
    uint64_t first_sequence;             // of the entry that a duplicate repeats
    struct slice agency;                 // by the topic (a forwarded record's origin)
    int64_t appended_ms;                 // of the record, or of a forwarded one's origin
    const Signalbox__V1__Header *header; // NULL if it could not be read
    struct slice nonce;                  // of the item; empty if its id is not made from one
    struct digest leaf;                  // of the header; has meaning if bound
    bool bound;                          // proof and digests hold, so that leaf stands for every byte of the item
    uint32_t n_parts;                    // of the item, 0 if it was not taken in
    struct slice about_item;             // id of the earlier item that this one is about; empty if none
    unsigned about_agency;               // whose that is; has meaning beside an id
    struct delivery *deliveries;         // in order of organisation
    size_t n_deliveries;
    struct org_set withheld[GATE_COUNT]; // by Gate
    uint32_t to_lane;                    // of a forwarded record
    bool spill;                          // marked above the ceiling, whatever the outcome
    bool keep_value;                     // false for a spill, and for what is too large: quarantine gets no content
};
