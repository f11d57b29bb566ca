// SPDX-License-Identifier: Apache-2.0
// A record by its place, "<topic>/<partition>/<offset>", as entries of the desk name it.
#pragma once
#include "hub/base/arena.h"
#include <stdbool.h>

struct record_place {
    const char *topic; // without prefix
    int32_t partition;
    int64_t offset;
};

// false if text is no such place, or without memory. The topic lives in the arena.
bool record_place_parse(const char *text, struct arena *arena, struct record_place *place);
// The other way, out of the arena. NULL without memory.
const char *record_place_text(const struct record_place *place, struct arena *arena);
