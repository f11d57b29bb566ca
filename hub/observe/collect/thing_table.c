// SPDX-License-Identifier: Apache-2.0
// Open addressing over a list in order of arrival; things do not move.
#include "hub/observe/collect/thing_table.h"
#include "hub/base/digest.h"
#include "hub/base/murmur2.h"
#include "hub/base/list.h"
#include <stdlib.h>

static size_t slot_of(const struct thing_table *table, const char *name)
{
    size_t slot = murmur2_positive(slice_text(name)) & (table->n_slots - 1);
    while (table->slots[slot] && strcmp(table->rows[table->slots[slot] - 1].name, name) != 0)
        slot = (slot + 1) & (table->n_slots - 1);
    return slot;
}

static void index_rows(struct thing_table *table)
{
    for (size_t i = 0; i < table->n; i++)
        table->slots[slot_of(table, table->rows[i].name)] = (uint32_t)i + 1;
}

// At least twice as many slots as rows. false without memory.
static bool slots_room(struct thing_table *table)
{
    size_t n_slots = table->n_slots ? table->n_slots : 32;
    while (n_slots < table->room * 2)
        n_slots *= 2;
    if (n_slots == table->n_slots)
        return true;
    uint32_t *slots = calloc(n_slots, sizeof *slots);
    if (!slots)
        return false;
    free(table->slots);
    table->slots = slots;
    table->n_slots = n_slots;
    index_rows(table);
    return true;
}

void *thing_table_find(const struct thing_table *table, const char *name)
{
    uint32_t place = table->n ? table->slots[slot_of(table, name)] : 0;
    return place ? table->rows[place - 1].thing : NULL;
}

static void free_row(struct thing_table_row *row, thing_table_free *free_thing)
{
    if (free_thing)
        free_thing(row->thing);
    free(row->thing);
    free(row->name);
}

static bool new_row(const char *name, size_t size, struct thing_table_row *row)
{
    *row = (struct thing_table_row){strdup(name), calloc(1, size)};
    if (row->name && row->thing)
        return true;
    free_row(row, NULL);
    return false;
}

void *thing_table_thing(struct thing_table *table, const char *name, size_t size)
{
    struct thing_table_row row;
    void *thing = thing_table_find(table, name);
    if (thing)
        return thing;
    if (!list_room(&table->rows, &table->room, table->n + 1, sizeof row) || !slots_room(table) ||
        !new_row(name, size, &row))
        return NULL;
    table->slots[slot_of(table, name)] = (uint32_t)table->n + 1;
    table->rows[table->n++] = row;
    return row.thing;
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
    memset(table->slots, 0, table->n_slots * sizeof *table->slots);
    index_rows(table);
}

void thing_table_deinit(struct thing_table *table, thing_table_free *free_thing)
{
    for (size_t i = 0; i < table->n; i++)
        free_row(&table->rows[i], free_thing);
    free(table->rows);
    free(table->slots);
    *table = (struct thing_table){0};
}
