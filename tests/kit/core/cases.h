// SPDX-License-Identifier: Apache-2.0
// One way to reach every outcome of outcomes.def: the same cases run through the core alone, through the whole loop on
// the model, and over the embedded broker. A new outcome without a case fails those tests.
#pragma once
#include "tests/kit/core/control.h"
#include "hub/contract/outcome.h"

struct kit_case {
    struct record records[3]; // the last one meets the outcome; those before it are ACCEPTED
    size_t n;
    struct kit_item *item; // of the last record, before its bytes were spoilt; or what a change of standing is about
    const char *path;      // that the refusal names
    bool full;             // the lane must be at its limit of memory
    bool poison;           // the record must make the hub fail until it is set aside
    bool spilt;            // no content may be kept
};

// false if nobody has written a case for the outcome.
bool kit_case(struct arena *arena, enum outcome outcome, uint32_t lanes, struct kit_case *made);

// As those of control.h, but merseyside's key signs answers only, catch22's has run out, lb-hackney's is revoked, and
// one change of standing may wait for its item.
Signalbox__V1__Registry *kit_case_registry(struct arena *arena);
Signalbox__V1__Policy *kit_case_policy(struct arena *arena);
// Both and everybody's subscription "all", compiled. To be freed.
struct snapshot *kit_case_snapshot(void);
