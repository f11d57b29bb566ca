// SPDX-License-Identifier: Apache-2.0
// A message as text that can be compared.
#pragma once
#include "hub/base/arena.h"
#include <jansson.h>

// On one line, without a line feed. Out of the arena; NULL if there is no memory.
static inline const char *json_line(const json_t *value, struct arena *arena)
{
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    size_t size = json_dumpb(value, NULL, 0, flags);
    char *text = size ? arena_alloc(arena, size + 1) : NULL;
    if (!text || json_dumpb(value, text, size, flags) != size)
        return NULL;
    text[size] = 0;
    return text;
}
