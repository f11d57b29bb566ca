// SPDX-License-Identifier: Apache-2.0
// From findings to the list that operators work from: what is wrong, since when, whom it hurts, the likely cause, the
// next command. One cause is one trouble: what follows from an unreachable broker or a lane that nobody owns is its
// effect, not its neighbour. Pure.
#pragma once
#include "hub/observe/health.h"

// Fills health->forces[].finding and cause (worst of feed, readers and lanes), since_ms of every finding, troubles,
// cleared and severity. before is the snapshot before, or NULL: what was wrong there keeps its time, what is no longer
// wrong is cleared. false without memory, or if there was none when the rest of health was made: then it has gaps and
// is for nobody.
bool troubles_find(struct health *health, const struct health *before);
