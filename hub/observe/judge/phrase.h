// SPDX-License-Identifier: Apache-2.0
// Sentences from tables: "{waits}, and {members} are there." with the words filled in. Like all words.h, "" without
// memory, and the arena remembers.
#pragma once
#include "hub/base/arena.h"

struct phrase_word {
    const char *key, *value;
};

// The pattern with each {key} replaced by its value, which is not looked through again. A key that is not among the
// words ends the program: patterns are ours. Out of the arena.
char *phrase_fill(struct arena *arena, const char *pattern, const struct phrase_word *words, size_t n);

// "nothing waits", "1 record waits", "70 records wait".
const char *phrase_waits(struct arena *arena, int64_t records);
// "1 member", "no members", "3 members"; singular is made plural by an s.
const char *phrase_count(struct arena *arena, int64_t n, const char *singular);

// "a", "a and b", "a, b and c", "a, b and 5 more": names are taken as they are added, and at most so many are said.
struct phrase_list {
    struct arena *arena;
    size_t most, n;
    const char *text, *last; // text without the last
};
void phrase_list_add(struct phrase_list *list, const char *name);
const char *phrase_list_text(const struct phrase_list *list); // "" of none

// As one word of a shell's command line, quoted if it holds anything unusual; control characters become "?".
const char *phrase_shell(struct arena *arena, const char *word);
// The same text, its first letter made a capital if it is one of a to z.
char *phrase_capital(char *text);
