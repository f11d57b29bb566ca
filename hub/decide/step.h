// SPDX-License-Identifier: Apache-2.0
// The middle of the hub, a pure function: (record, what the lane remembers, control snapshot) -> decision. No clock,
// file, network, thread, log or random number: time is the broker's append time of the record.
#pragma once
#include "hub/base/arena.h"
#include "hub/decide/decision.h"
#include "hub/decide/memory.h"
#include "hub/decide/record.h"

// A refused value that is larger is not kept: it could not be written again within the size that producers and topics
// allow.
#define STEP_KEPT_BYTES (512u * 1024u)

// Decides one record and remembers it in memory's open transaction. Everything in *decision lives in the arena or in
// the record. Always decides: there is no error return.
void step(const struct snapshot *snapshot, struct memory *memory, const struct record *record, struct arena *arena,
    struct decision *decision);
// Sets a record aside without looking at it, because it made the hub fail before.
void step_poison(struct memory *memory, const struct record *record, struct arena *arena, struct decision *decision);
