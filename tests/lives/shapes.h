// SPDX-License-Identifier: Apache-2.0
// What items look like apart from who sends them, under which name and when: made once from a line, then used by many
// records.
#pragma once
#include "tests/kit/core/envelopes.h"
#include "tests/lives/tokens.h"

#define SHAPES_MAX 65536

struct shapes {
    struct arena arena;
    struct kit_item *items[SHAPES_MAX];
};

void shapes_read(struct shapes *shapes, struct tokens *tokens); // the rest of a line, which begins with the number
struct kit_item *shapes_item(const struct shapes *shapes, int64_t number); // to be changed in place for each record
// Gives the part of that number words of its own; 0 are those that it had first.
void shapes_say(struct arena *arena, struct kit_item *item, int64_t words);
