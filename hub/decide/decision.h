// SPDX-License-Identifier: Apache-2.0
// What becomes of a record: its outcome, and who gets which parts of it. What it points to lives in the batch's arena
// or in the record.
#pragma once
#include "hub/base/digest.h"
#include "hub/contract/refusal.h"
#include "hub/decide/release.h"

struct delivery {
    unsigned org;
    uint32_t parts, audience; // bit sets, as in ledger.proto: parts in order of number
    uint64_t subscription_revision;
    struct slice value; // the copy: the inbound value without its routing block, or one made out of the arena
    bool whole;         // every part is in it
    uint32_t slots;     // that the parts fill, bit i for slot i
};

struct decision {
    unsigned outcome;           // enum outcome
    struct refusal refusal;     // path and offset; meaningful if refused
    struct digest value_digest; // of a record that was not taken in
    struct digest leaf;         // of the header; has meaning if bound
    bool bound;                 // proof and digests hold, so that leaf stands for every byte of the item
    uint64_t sequence;          // in the lane's ledger
    uint64_t first_sequence;    // of the entry that a duplicate repeats, or of what the item is linked with; else 0
    uint32_t highest_revision;  // of the item, after this record; 0 if the lane knows none
    struct slice agency;        // by the topic (a forwarded record's origin)
    int64_t appended_ms;        // of the record, or of a forwarded one's origin
    const Signalbox__V1__Header *header;   // NULL if it could not be read
    const Signalbox__V1__Routing *routing; // the same
    struct slice nonce;                    // of the item; empty if its id was not checked against it
    uint32_t n_parts;                      // of the item, 0 if it was not taken in
    Signalbox__V1__Standing standing;      // of a change of standing: to what; else unspecified
    struct slice about_item;               // id of the earlier item that this one is about; empty if none
    unsigned about_agency;                 // whose that is; has meaning beside an id
    struct delivery *deliveries;           // in order of organisation
    size_t n_deliveries;
    struct org_set withheld[GATE_COUNT]; // by Gate
    uint32_t to_lane;                    // of a forwarded record
    bool spill;                          // marked above the ceiling, whatever the outcome
    bool keep_value;                     // false for a spill, and for what is too large: quarantine gets no content
};
