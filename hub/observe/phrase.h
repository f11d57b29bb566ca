// SPDX-License-Identifier: Apache-2.0
// Sentences from tables: "{waits}, and {members} are there." with the words filled in.
#pragma once
#include "hub/base/arena.h"

struct phrase_word {
    const char *key, *value;
};

// The pattern with each {key} replaced by its value, which is not looked through again. A key that is not among the words ends
// the program: patterns are ours. Out of the arena.
char *phrase_fill(struct arena *arena, const char *pattern, const struct phrase_word *words, size_t n);

// "1 record waits", "70 records wait".
char *phrase_waits(struct arena *arena, int64_t records);
// "1 member", "no members", "3 members"; singular is made plural by an s.
char *phrase_count(struct arena *arena, int64_t n, const char *singular);
