// SPDX-License-Identifier: Apache-2.0
// The open transaction's fingerprints: packed one after the other, as they go to the state topic, with a table of their
// numbers beside them. Forgetting costs what was added, not what the table once grew to: an idle lane commits single
// records.
#include "hub/decide/overlay.h"
#include <stdlib.h>

#define SLOTS_MIN 64

struct overlay {
    uint8_t *entries;        // n of them, packed
    uint32_t *places;        // the slot of each
    uint32_t *slots;         // number of an entry, counted from 1; 0 if empty
    size_t n, room, n_slots; // n_slots is a power of two, at least twice the room
};

struct overlay *overlay_new(void)
{
    return calloc(1, sizeof(struct overlay));
}

struct overlay *overlay_free(struct overlay *overlay)
{
    if (!overlay)
        return NULL;
    free(overlay->entries);
    free(overlay->places);
    free(overlay->slots);
    free(overlay);
    return NULL;
}

// The slot that holds the fingerprint, or the empty one where it would go. The table is never full.
static size_t slot_of(const struct overlay *overlay, const uint8_t fingerprint[FINGERPRINT_BYTES])
{
    uint32_t hash;
    memcpy(&hash, fingerprint + FINGERPRINT_BYTES - sizeof hash, sizeof hash);
    size_t slot = hash & (overlay->n_slots - 1);
    while (overlay->slots[slot]) {
        const uint8_t *entry = overlay->entries + (size_t)(overlay->slots[slot] - 1) * SEEN_ENTRY_BYTES;
        if (memcmp(entry, fingerprint, FINGERPRINT_BYTES) == 0)
            break;
        slot = (slot + 1) & (overlay->n_slots - 1);
    }
    return slot;
}

static uint64_t sequence_of(const uint8_t *entry)
{
    uint64_t sequence = 0;
    for (size_t i = FINGERPRINT_BYTES; i < SEEN_ENTRY_BYTES; i++)
        sequence = sequence << 8 | entry[i];
    return sequence;
}

uint64_t overlay_find(const struct overlay *overlay, struct fingerprint fingerprint)
{
    if (overlay->n == 0)
        return 0;
    uint32_t number = overlay->slots[slot_of(overlay, fingerprint.bytes)];
    return number ? sequence_of(overlay->entries + (size_t)(number - 1) * SEEN_ENTRY_BYTES) : 0;
}

static void enter_slot(struct overlay *overlay, size_t index)
{
    size_t slot = slot_of(overlay, overlay->entries + index * SEEN_ENTRY_BYTES);
    overlay->slots[slot] = (uint32_t)index + 1;
    overlay->places[index] = (uint32_t)slot;
}

static bool grow_lists(struct overlay *overlay, size_t room)
{
    uint8_t *entries = realloc(overlay->entries, room * SEEN_ENTRY_BYTES);
    if (entries)
        overlay->entries = entries;
    uint32_t *places = realloc(overlay->places, room * sizeof *places);
    if (places)
        overlay->places = places;
    return entries && places;
}

static bool grow_overlay(struct overlay *overlay, size_t room)
{
    size_t n_slots = overlay->n_slots ? overlay->n_slots : SLOTS_MIN;
    while (n_slots < room * 2)
        n_slots *= 2;
    if (n_slots > UINT32_MAX || !grow_lists(overlay, n_slots / 2))
        return false;
    uint32_t *slots = calloc(n_slots, sizeof *slots);
    if (!slots)
        return false;
    free(overlay->slots);
    overlay->slots = slots;
    overlay->n_slots = n_slots;
    overlay->room = n_slots / 2;
    for (size_t i = 0; i < overlay->n; i++)
        enter_slot(overlay, i);
    return true;
}

bool overlay_reserve(struct overlay *overlay, size_t n)
{
    if (n > UINT32_MAX / 4 - overlay->n)
        return false;
    return overlay->n + n <= overlay->room || grow_overlay(overlay, overlay->n + n);
}

bool overlay_add(struct overlay *overlay, struct fingerprint fingerprint, uint64_t sequence)
{
    if (overlay_find(overlay, fingerprint))
        return true;
    if (!overlay_reserve(overlay, 1))
        return false;
    seen_entry_pack(fingerprint, sequence, overlay->entries + overlay->n * SEEN_ENTRY_BYTES);
    enter_slot(overlay, overlay->n++);
    return true;
}

struct slice overlay_entries(const struct overlay *overlay)
{
    return slice_of(overlay->entries, overlay->n * SEEN_ENTRY_BYTES);
}

bool overlay_merge(struct overlay *overlay, struct seen *seen)
{
    if (!seen_add_packed(seen, overlay_entries(overlay)))
        return false;
    overlay_forget(overlay);
    return true;
}

void overlay_forget(struct overlay *overlay)
{
    for (size_t i = 0; i < overlay->n; i++)
        overlay->slots[overlay->places[i]] = 0;
    overlay->n = 0;
}
