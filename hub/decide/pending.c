// SPDX-License-Identifier: Apache-2.0
// The open transaction's entries: packed one after the other, as they go to the state topic, with a table of their
// numbers beside them. Forgetting costs what was added, not what the table once grew to: an idle lane commits single
// records.
#include "hub/decide/pending.h"
#include <stdlib.h>

#define SLOTS_MIN 64

struct pending {
    struct shape shape;
    size_t width;
    uint8_t *entries;        // n of them, packed
    uint32_t *places;        // the slot of each
    uint32_t *slots;         // number of an entry, counted from 1; 0 if empty
    size_t n, room, n_slots; // n_slots is a power of two, at least twice the room
};

struct pending *pending_new(const struct shape *shape)
{
    struct pending *pending = calloc(1, sizeof *pending);
    if (!pending)
        return NULL;
    pending->shape = *shape;
    pending->width = shape_width(shape);
    return pending;
}

struct pending *pending_free(struct pending *pending)
{
    if (!pending)
        return NULL;
    free(pending->entries);
    free(pending->places);
    free(pending->slots);
    free(pending);
    return NULL;
}

static uint8_t *entry_at(const struct pending *pending, size_t index)
{
    return pending->entries + index * pending->width;
}

// Where a search for a key begins: by its first bytes, as they are spread evenly.
static size_t first_slot(const struct pending *pending, const uint8_t *key)
{
    uint32_t hash;
    memcpy(&hash, key, sizeof hash);
    return hash & (pending->n_slots - 1);
}

// The slot that holds a key with these first n bytes, or the empty one where it would go. The table is never full.
static size_t slot_of(const struct pending *pending, const uint8_t *key, size_t n)
{
    size_t slot = first_slot(pending, key);
    while (pending->slots[slot]) {
        if (memcmp(entry_at(pending, pending->slots[slot] - 1), key, n) == 0)
            break;
        slot = (slot + 1) & (pending->n_slots - 1);
    }
    return slot;
}

static uint8_t *value_of(const struct pending *pending, const uint8_t *key, size_t n)
{
    uint32_t number = pending->n ? pending->slots[slot_of(pending, key, n)] : 0;
    return number ? entry_at(pending, number - 1) + pending->shape.key : NULL;
}

const uint8_t *pending_find(const struct pending *pending, const uint8_t *key)
{
    return value_of(pending, key, pending->shape.key);
}

const uint8_t *pending_find_start(const struct pending *pending, const uint8_t *start, size_t n)
{
    return value_of(pending, start, n);
}

static void enter_slot(struct pending *pending, size_t index)
{
    size_t slot = slot_of(pending, entry_at(pending, index), pending->shape.key);
    pending->slots[slot] = (uint32_t)index + 1;
    pending->places[index] = (uint32_t)slot;
}

static bool grow_lists(struct pending *pending, size_t room)
{
    uint8_t *entries = realloc(pending->entries, room * pending->width);
    if (entries)
        pending->entries = entries;
    uint32_t *places = realloc(pending->places, room * sizeof *places);
    if (places)
        pending->places = places;
    return entries && places;
}

static bool grow_pending(struct pending *pending, size_t room)
{
    size_t n_slots = pending->n_slots ? pending->n_slots : SLOTS_MIN;
    while (n_slots < room * 2)
        n_slots *= 2;
    if (n_slots > UINT32_MAX || !grow_lists(pending, n_slots / 2))
        return false;
    uint32_t *slots = calloc(n_slots, sizeof *slots);
    if (!slots)
        return false;
    free(pending->slots);
    pending->slots = slots;
    pending->n_slots = n_slots;
    pending->room = n_slots / 2;
    for (size_t i = 0; i < pending->n; i++)
        enter_slot(pending, i);
    return true;
}

bool pending_reserve(struct pending *pending, size_t n)
{
    if (n > UINT32_MAX / 4 - pending->n)
        return false;
    return pending->n + n <= pending->room || grow_pending(pending, pending->n + n);
}

bool pending_put(struct pending *pending, const uint8_t *key, const uint8_t *value)
{
    uint8_t *known = value_of(pending, key, pending->shape.key);
    if (!known && !pending_reserve(pending, 1))
        return false;
    if (!known) {
        uint8_t *entry = entry_at(pending, pending->n);
        memcpy(entry, key, pending->shape.key);
        known = entry + pending->shape.key;
        enter_slot(pending, pending->n++);
    }
    memcpy(known, value, pending->shape.value);
    return true;
}

struct slice pending_entries(const struct pending *pending)
{
    return slice_of(pending->entries, pending->n * pending->width);
}

bool pending_merge(struct pending *pending, struct remembered *table)
{
    if (!remembered_put(table, pending_entries(pending)))
        return false;
    pending_forget(pending);
    return true;
}

void pending_forget(struct pending *pending)
{
    for (size_t i = 0; i < pending->n; i++)
        pending->slots[pending->places[i]] = 0;
    pending->n = 0;
}
