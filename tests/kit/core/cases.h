// SPDX-License-Identifier: Apache-2.0
// One way to reach every outcome of outcomes.def: the same cases run through the core alone, through the whole loop on
// the model, and over the embedded broker. A new outcome without a case fails those tests.
#pragma once
#include "tests/kit/core/control.h"
#include "hub/contract/outcome.h"

struct kit_case {
    struct record records[2]; // the last one meets the outcome; those before it are ACCEPTED
    size_t n;
    const char *path; // that the refusal names
    bool full;        // the lane must be at its limit of memory
    bool poison;      // the record must make the hub fail until it is set aside
    bool spilt;       // no content may be kept
};

// false if nobody has written a case for the outcome.
bool kit_case(struct arena *arena, enum outcome outcome, uint32_t lanes, struct kit_case *made);

// As kit_snapshot, but catch22's key has run out and lb-hackney's is revoked.
struct snapshot *kit_case_snapshot(void);
