// SPDX-License-Identifier: Apache-2.0
// A span of time as people say it, in sentences of health.
#pragma once
#include "hub/base/arena.h"

// "0 s", "45 s", "3 min", "4 h", "2 days": rounded down, in the greatest unit that it has two of ("90 s", "119 min").
// What is below zero is "0 s". Out of the arena.
const char *span_text(struct arena *arena, int64_t ms);
