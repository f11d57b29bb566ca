// SPDX-License-Identifier: Apache-2.0
// Open addressing over an FNV-1a hash. Names come from the cluster's own topics, so nobody can pick them to collide.
#include "hub/state/names.h"
#include <stdlib.h>

struct names *names_new(void)
{
    return calloc(1, sizeof(struct names));
}

struct names *names_free(struct names *names)
{
    if (names)
        free(names->texts);
    free(names);
    return NULL;
}

void names_clear(struct names *names)
{
    memset(names->slots, 0, sizeof names->slots);
    names->n = names->last = 0;
}

struct slice names_text(const struct names *names, int number)
{
    return slice_of(names->texts[number], names->lens[number]);
}

static uint32_t hash(struct slice name)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ name.data[i]) * 16777619u;
    return hash ^ hash >> 15;
}

// The slot that holds the name, or the free one where it belongs.
static uint16_t *slot_of(struct names *names, struct slice name)
{
    uint32_t at = hash(name) % (2 * NAMES_MAX);
    while (names->slots[at] && !slice_equal(names_text(names, names->slots[at] - 1), name))
        at = (at + 1) % (2 * NAMES_MAX);
    return &names->slots[at];
}

int names_find(struct names *names, struct slice name)
{
    if (names->n && slice_equal(names_text(names, (int)names->last), name))
        return (int)names->last;
    int number = *slot_of(names, name) - 1;
    if (number >= 0)
        names->last = (uint32_t)number;
    return number;
}

static bool grow(struct names *names)
{
    uint32_t capacity = names->capacity ? names->capacity * 2 : 32;
    void *texts = realloc(names->texts, capacity * sizeof *names->texts);
    if (!texts)
        return false;
    names->texts = texts;
    names->capacity = capacity;
    return true;
}

int names_add(struct names *names, struct slice name)
{
    int number = names_find(names, name);
    if (number >= 0)
        return number;
    if (name.len >= NAME_BYTES || names->n == NAMES_MAX || (names->n == names->capacity && !grow(names)))
        return -1;
    number = (int)names->n++;
    if (name.len)
        memcpy(names->texts[number], name.data, name.len);
    names->texts[number][name.len] = '\0';
    names->lens[number] = (uint16_t)name.len;
    *slot_of(names, name) = (uint16_t)(number + 1);
    return number;
}
