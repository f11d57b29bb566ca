// SPDX-License-Identifier: Apache-2.0
// Words of a text that lies in memory, one after the other. Each is ended in place, so it lives as long as the text. A
// text that does not say what was asked for ends the program: it comes from our own generator.
#pragma once
#include "hub/base/arena.h"

#define TOKENS_LIST 64 // most entries of a list

struct tokens {
    char *at; // ends with a zero byte
};

char *tokens_text(struct tokens *tokens);     // the next word; "-" is the empty text, "_" a blank
int64_t tokens_number(struct tokens *tokens); // the next word as a decimal number
bool tokens_end(struct tokens *tokens);       // nothing but blanks is left
// A word as a list, split at commas; the texts live as long as the tokens, the array of them as the arena.
size_t tokens_list(struct tokens *tokens, struct arena *arena, char ***list);
