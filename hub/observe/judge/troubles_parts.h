// SPDX-License-Identifier: Apache-2.0
// What the parts of troubles_find share.
#pragma once
#include "hub/observe/things.h"
#include "hub/observe/judge/troubles.h"

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

struct inquiry {
    struct health *health;
    const struct health *before;
    struct arena scratch;     // until the end of troubles_find
    struct item *items, *old; // now; and before, by name
    size_t n_items, n_old;
};

// All things of a snapshot, in the arena. Aborts without memory.
struct item *items_of(const struct health *health, struct arena *arena, size_t *n);

// When each finding began, by the snapshot before; only those of forces, or all others.
void troubles_since(struct inquiry *inquiry, bool forces);
// The finding and the cause of every force.
void troubles_forces(struct inquiry *inquiry);
// Decides of every item whether it is told or follows from another.
void troubles_fold(struct inquiry *inquiry);
// What an item follows from in the end; itself if from nothing.
const struct item *troubles_root(const struct inquiry *inquiry, const struct item *item);
// Whom the items hurt, with what follows from them: one flag for each force of the snapshot.
bool *troubles_hurt(struct inquiry *inquiry, const struct item *const *members, size_t n);
// What members are called together, and the id of the first: force, agency, or its own name.
struct subject {
    const char *text, *id;
    bool plural;
};
struct subject subject_of(struct inquiry *inquiry, const struct item *const *members, size_t n);
// All of a trouble but cleared_ms.
struct trouble troubles_word(struct inquiry *inquiry, const struct item *const *members, size_t n);
// What was told before and is well now, with what had cleared before.
void troubles_clear(struct inquiry *inquiry);
