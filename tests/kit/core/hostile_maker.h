// SPDX-License-Identifier: Apache-2.0
// Inside the table of hostile values: how one is made. Each maker gets a good report of kent and spoils it.
#pragma once
#include "tests/kit/core/hostile.h"
#include "hub/contract/outcome.h"

struct hostile_maker {
    struct arena *arena;
    struct kit_item *item;
    uint64_t seed; // of its own
    uint32_t lanes;
    struct hostile *made;
};

struct hostile_row {
    const char *name;
    void (*make)(struct hostile_maker *maker);
    enum outcome outcome;
    const char *path;
    bool spilt;
};

// Tables of rows, each in a file of its own.
extern const struct hostile_row hostile_envelopes[], hostile_proofs[], hostile_headers[], hostile_spills[],
    hostile_costs[];
extern const size_t hostile_n_envelopes, hostile_n_proofs, hostile_n_headers, hostile_n_spills, hostile_n_costs;

// The record is what the item makes of this value, or of its own envelope.
struct record *hostile_send(struct hostile_maker *maker, struct slice value);
struct record *hostile_send_item(struct hostile_maker *maker);
// The item itself is taken in first.
void hostile_before(struct hostile_maker *maker, struct slice value);

// An envelope to be changed in place, and sent.
Signalbox__V1__Envelope *hostile_open(struct hostile_maker *maker, struct slice value);
void hostile_close(struct hostile_maker *maker, const Signalbox__V1__Envelope *envelope);
