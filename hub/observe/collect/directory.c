// SPDX-License-Identifier: Apache-2.0
// Open addressing over a list in order of arrival; things do not move.
#include "hub/observe/collect/directory.h"
#include "hub/base/digest.h"
#include <stdlib.h>

static size_t slot_of(const struct directory *directory, const char *name)
{
    size_t slot = murmur2_positive(slice_text(name)) & (directory->n_slots - 1);
    while (directory->slots[slot] && strcmp(directory->rows[directory->slots[slot] - 1].name, name) != 0)
        slot = (slot + 1) & (directory->n_slots - 1);
    return slot;
}

static void index_again(struct directory *directory, size_t n_slots)
{
    free(directory->slots);
    directory->slots = calloc(n_slots, sizeof *directory->slots);
    directory->n_slots = n_slots;
    if (!directory->slots)
        abort();
    for (size_t i = 0; i < directory->n; i++)
        directory->slots[slot_of(directory, directory->rows[i].name)] = (uint32_t)i + 1;
}

void *directory_find(const struct directory *directory, const char *name)
{
    uint32_t place = directory->n ? directory->slots[slot_of(directory, name)] : 0;
    return place ? directory->rows[place - 1].thing : NULL;
}

static void make_room(struct directory *directory)
{
    if (directory->n == directory->room) {
        directory->room = directory->room ? directory->room * 2 : 16;
        directory->rows = realloc(directory->rows, directory->room * sizeof *directory->rows);
        if (!directory->rows)
            abort();
    }
    if (directory->n_slots < directory->room * 2)
        index_again(directory, directory->room * 2);
}

void *directory_thing(struct directory *directory, const char *name, size_t size)
{
    void *thing = directory_find(directory, name);
    if (thing)
        return thing;
    make_room(directory);
    struct directory_row row = {strdup(name), calloc(1, size)};
    if (!row.name || !row.thing)
        abort();
    directory->slots[slot_of(directory, name)] = (uint32_t)directory->n + 1;
    directory->rows[directory->n++] = row;
    return row.thing;
}

static void free_row(struct directory_row *row, directory_free *free_thing)
{
    if (free_thing)
        free_thing(row->thing);
    free(row->thing);
    free(row->name);
}

void directory_sweep(struct directory *directory, directory_keep *keep, void *context, directory_free *free_thing)
{
    size_t n = 0;
    for (size_t i = 0; i < directory->n; i++) {
        if (keep(directory->rows[i].thing, context))
            directory->rows[n++] = directory->rows[i];
        else
            free_row(&directory->rows[i], free_thing);
    }
    if (n == directory->n)
        return;
    directory->n = n;
    index_again(directory, directory->n_slots);
}

void directory_deinit(struct directory *directory, directory_free *free_thing)
{
    for (size_t i = 0; i < directory->n; i++)
        free_row(&directory->rows[i], free_thing);
    free(directory->rows);
    free(directory->slots);
    *directory = (struct directory){0};
}
