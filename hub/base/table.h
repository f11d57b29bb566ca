// SPDX-License-Identifier: Apache-2.0
// Strings to numbers. A look-up costs a hash and, nearly always, one comparison.
//
// A table that is zeroed is empty; it can be moved, but not copied. Keys are borrowed: their bytes belong to
// whoever adds them, must neither move nor change while they are in the table, and are never freed by it. What the
// numbers mean is the owner's business: mostly a place in a list of the owner's, where the key may stand as well.
//
// There is no removing: who forgets some clears the table and adds what is left, for which the room is still there.
//
// Without memory an add gives false and the table is as it was. Looking up never allocates. Nothing here is safe
// against keys that somebody picks so that they collide: keys come from the cluster or from officers.
#pragma once
#include "hub/base/slice.h"

#define TABLE_NONE UINT32_MAX

struct table_slot;

struct table {
    struct table_slot *slots;
    uint32_t n, mask;
};

// The number of a key, or TABLE_NONE.
uint32_t table_find(const struct table *table, struct slice key);
// key is not in the table; number is less than TABLE_NONE. false if there is no memory.
bool table_add(struct table *table, struct slice key, uint32_t number);
// Makes room for n keys in all, so that adding up to so many cannot fail. false if there is no memory.
bool table_reserve(struct table *table, size_t n);
void table_clear(struct table *table); // keeps the room
void table_deinit(struct table *table);
