// SPDX-License-Identifier: Apache-2.0
// What the parts of troubles_find share. Where one of them lacks memory it leaves something out, and an arena of the
// inquiry remembers.
#pragma once
#include "hub/observe/judge/trouble_table.h"

struct inquiry {
    struct health *health;
    const struct health *before;
    struct arena scratch;     // until the end of troubles_find
    struct item *items, *old; // now; and before, by name
    size_t n_items, n_old;
};

// When each finding began, by the snapshot before; only those of forces, or all others.
void troubles_since(struct inquiry *inquiry, bool forces);
// The finding and the cause of every force.
void troubles_forces(struct inquiry *inquiry);
// Decides of every item whether it is told or follows from another.
void troubles_fold(struct inquiry *inquiry);
// What an item follows from in the end; itself if from nothing.
const struct item *troubles_root(const struct inquiry *inquiry, const struct item *item);
// Whom the items hurt, with what follows from them: one flag for each force of the snapshot. NULL without memory.
bool *troubles_hurt(struct inquiry *inquiry, const struct item *const *members, size_t n);
// What members are called together, and the id of the first: force, agency, or its own name.
struct subject {
    const char *text, *id;
    bool plural;
};
struct subject troubles_subject(struct inquiry *inquiry, const struct item *const *members, size_t n);
// All of a trouble but cleared_ms.
struct trouble troubles_word(struct inquiry *inquiry, const struct item *const *members, size_t n);
// What was told before and is well now, with what had cleared before.
void troubles_clear(struct inquiry *inquiry);
