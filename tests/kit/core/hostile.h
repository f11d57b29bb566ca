// SPDX-License-Identifier: Apache-2.0
// Values that somebody would send to break the hub, to blind it or to make it expensive, each with what must become of
// it. The same values run through the core alone, where their cost is judged, and through the whole loop on the model.
#pragma once
#include "tests/kit/core/control.h"
#include "hub/contract/outcome.h"

struct hostile {
    const char *name;
    struct record before; // a good record that is taken in first; without a value for most
    enum outcome before_outcome;
    struct record record;
    enum outcome outcome;
    const char *path; // that the refusal names
    bool spilt;       // content of which nothing may be kept; nor is anything of what is larger than STEP_KEPT_BYTES
};

size_t hostile_count(void);
void hostile_make(struct arena *arena, size_t i, uint32_t lanes, struct hostile *made);

// The kit's ten (catch22's key has run out, lb-hackney's is revoked), all of which subscribe to everything, and 128
// more, of which as many do, whose ids differ only at the end. To be freed.
struct snapshot *hostile_snapshot(unsigned subscribers);
const char *hostile_organisation(struct arena *arena, unsigned i); // id of the i-th of the 128
