// SPDX-License-Identifier: Apache-2.0
// What a lane remembers, as the decision sees it. The set is what is committed; the overlay, sequence and clock belong
// to the open transaction as well.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct memory {
    struct seen *seen;
    struct overlay *overlay;
    struct proof_cache *roots;
    uint64_t sequence; // of the last decision
    uint32_t lane, lanes;
    size_t max_fingerprints; // that the lane may hold; 0 for no limit. Beyond it items are refused, never forgotten
};
