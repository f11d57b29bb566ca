// SPDX-License-Identifier: Apache-2.0
// Open addressing over a list in order of arrival; things do not move.
#include "hub/observe/collect/thing_table.h"
#include "hub/base/digest.h"
#include <stdlib.h>

static size_t slot_of(const struct thing_table *table, const char *name)
{
    size_t slot = murmur2_positive(slice_text(name)) & (table->n_slots - 1);
    while (table->slots[slot] && strcmp(table->rows[table->slots[slot] - 1].name, name) != 0)
        slot = (slot + 1) & (table->n_slots - 1);
    return slot;
}

static void index_again(struct thing_table *table, size_t n_slots)
{
    free(table->slots);
    table->slots = calloc(n_slots, sizeof *table->slots);
    table->n_slots = n_slots;
    if (!table->slots)
        abort();
    for (size_t i = 0; i < table->n; i++)
        table->slots[slot_of(table, table->rows[i].name)] = (uint32_t)i + 1;
}

void *thing_table_find(const struct thing_table *table, const char *name)
{
    uint32_t place = table->n ? table->slots[slot_of(table, name)] : 0;
    return place ? table->rows[place - 1].thing : NULL;
}

static void make_room(struct thing_table *table)
{
    if (table->n == table->room) {
        table->room = table->room ? table->room * 2 : 16;
        table->rows = realloc(table->rows, table->room * sizeof *table->rows);
        if (!table->rows)
            abort();
    }
    if (table->n_slots < table->room * 2)
        index_again(table, table->room * 2);
}

void *thing_table_thing(struct thing_table *table, const char *name, size_t size)
{
    void *thing = thing_table_find(table, name);
    if (thing)
        return thing;
    make_room(table);
    struct thing_table_row row = {strdup(name), calloc(1, size)};
    if (!row.name || !row.thing)
        abort();
    table->slots[slot_of(table, name)] = (uint32_t)table->n + 1;
    table->rows[table->n++] = row;
    return row.thing;
}

static void free_row(struct thing_table_row *row, thing_table_free *free_thing)
{
    if (free_thing)
        free_thing(row->thing);
    free(row->thing);
    free(row->name);
}

void thing_table_sweep(struct thing_table *table, thing_table_keep *keep, void *context, thing_table_free *free_thing)
{
    size_t n = 0;
    for (size_t i = 0; i < table->n; i++) {
        if (keep(table->rows[i].thing, context))
            table->rows[n++] = table->rows[i];
        else
            free_row(&table->rows[i], free_thing);
    }
    if (n == table->n)
        return;
    table->n = n;
    index_again(table, table->n_slots);
}

void thing_table_deinit(struct thing_table *table, thing_table_free *free_thing)
{
    for (size_t i = 0; i < table->n; i++)
        free_row(&table->rows[i], free_thing);
    free(table->rows);
    free(table->slots);
    *table = (struct thing_table){0};
}
