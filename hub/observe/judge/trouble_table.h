// SPDX-License-Identifier: Apache-2.0
// What a verdict makes of its thing as a trouble, from troubles.def; and the things themselves.
#pragma once
#include "hub/observe/things.h"

struct trouble_row {
    bool together;      // all things with this verdict are one trouble
    enum verdict force; // VERDICT_FORCE_...: what it makes of the forces that it hurts
    const char *title;  // NULL: this verdict is no trouble
    const char *effect, *cause, *command;
};
const struct trouble_row *trouble_row(enum verdict verdict);

struct item {
    enum thing of;
    size_t index; // as in thing_place
    const char *name;
    struct finding *finding;
    bool told;    // a trouble, or part of one: not well, and not the effect of something else
    size_t cause; // place in items of what it is an effect of; its own otherwise
};

// All things of a snapshot, in the arena. NULL without memory.
struct item *trouble_items(const struct health *health, struct arena *arena, size_t *n);
