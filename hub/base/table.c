// SPDX-License-Identifier: Apache-2.0
// Open addressing, at most a quarter full, so that a look-up nearly always ends in its first slot.
#include "hub/base/table.h"
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define SLOTS_MIN 16
#define SLOTS_MAX (UINT32_C(1) << 30)

struct table_slot {
    const uint8_t *key;
    uint32_t len, tag; // tag is the half of the hash that does not choose the slot
    uint32_t number;   // plus 1; 0 if the slot is free
};

// The slot that holds the key, or the free one where it would go.
static struct table_slot *find_slot(const struct table *table, struct slice key, uint32_t *tag)
{
    uint64_t hash = XXH3_64bits(key.data, key.len);
    *tag = (uint32_t)(hash >> 32);
    for (uint32_t i = (uint32_t)hash;; i++) {
        struct table_slot *slot = &table->slots[i & table->mask];
        if (!slot->number || (slot->tag == *tag && slice_equal(slice_of(slot->key, slot->len), key)))
            return slot;
    }
}

uint32_t table_find(const struct table *table, struct slice key)
{
    uint32_t tag;
    return table->n ? find_slot(table, key, &tag)->number - 1 : TABLE_NONE;
}

static void fill_slot(struct table *table, struct slice key, uint32_t number)
{
    uint32_t tag;
    struct table_slot *slot = find_slot(table, key, &tag);
    *slot = (struct table_slot){.key = key.data, .len = (uint32_t)key.len, .tag = tag, .number = number};
}

static bool move_slots(struct table *table, uint32_t n_slots)
{
    struct table old = *table;
    struct table_slot *slots = calloc(n_slots, sizeof *slots);
    if (!slots)
        return false;
    table->slots = slots;
    table->mask = n_slots - 1;
    for (uint32_t i = 0; old.slots && i <= old.mask; i++)
        if (old.slots[i].number)
            fill_slot(table, slice_of(old.slots[i].key, old.slots[i].len), old.slots[i].number);
    free(old.slots);
    return true;
}

bool table_reserve(struct table *table, size_t n)
{
    uint32_t n_slots = table->slots ? table->mask + 1 : SLOTS_MIN;
    if (n > SLOTS_MAX / 4)
        return false;
    while (n_slots < n * 4)
        n_slots *= 2;
    return (table->slots && n_slots == table->mask + 1) || move_slots(table, n_slots);
}

bool table_add(struct table *table, struct slice key, uint32_t number)
{
    if (!table_reserve(table, (size_t)table->n + 1))
        return false;
    fill_slot(table, key, number + 1);
    table->n++;
    return true;
}

void table_clear(struct table *table)
{
    if (table->n)
        memset(table->slots, 0, ((size_t)table->mask + 1) * sizeof *table->slots);
    table->n = 0;
}

void table_deinit(struct table *table)
{
    free(table->slots);
    *table = (struct table){0};
}
