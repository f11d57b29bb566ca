// SPDX-License-Identifier: Apache-2.0
// The document of 2018 that asked for a co-ordination centre, with the Part 2 that it announces and does not publish:
// who holds what of it, and what somebody sees who may not have Part 2.
#pragma once
#include "hub/cli/demo/arrivals.h"
#include "hub/cli/demo/process.h"

// false if the feed could not be read, or Part 2 shows in it by more than its announcement.
bool seed_tell(const struct process_place *place, const struct arrivals *arrivals, FILE *out);
