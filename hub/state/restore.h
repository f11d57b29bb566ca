// SPDX-License-Identifier: Apache-2.0
// Rebuilds what a lane remembers from its state records, in order, and refuses with a sentence whatever does not fit:
// a half-trusted memory would deliver twice, or never.
#pragma once
#include "hub/base/error.h"
#include "hub/decide/memory.h"
#include "hub/state/mark.h"

struct restore {
    struct memory *memory; // its tables are filled
    struct mark mark;      // the last one
    struct digest chain;   // of the last delta or piece
    uint32_t lane, lanes;  // as the hub is set
    bool begun, marked;    // a birth or a first piece was read; a mark was read
    bool named;            // mark.deployment holds
    bool unfinished;       // within a transaction of several records
    uint32_t next_piece, pieces;
    uint64_t since_snapshot; // weight of the deltas since the last whole snapshot
    struct error error;      // its text is empty until something is refused
};

// First pass, over the tail: finds the last mark in these records. false (no error is set) if the value holds none.
bool restore_peek(struct slice value, struct mark *mark);

// Second pass, from the mark's snapshot_offset on.
void restore_begin(struct restore *restore, struct memory *memory, uint32_t lane, uint32_t lanes);
bool restore_record(struct restore *restore, int64_t offset, struct slice value);
// At the true end. false if what was read is not whole.
bool restore_finish(struct restore *restore);
void restore_deinit(struct restore *restore);
