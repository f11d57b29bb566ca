// SPDX-License-Identifier: Apache-2.0
// A list in order of arrival, and a table of the places in it; things and names do not move.
#include "hub/observe/collect/thing_table.h"
#include "hub/base/list.h"
#include <stdlib.h>

void *thing_table_find(const struct thing_table *table, const char *name)
{
    uint32_t place = table_find(&table->places, slice_text(name));
    return place == TABLE_NONE ? NULL : table->rows[place].thing;
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
    *row = (struct thing_table_row){.name = strdup(name), .thing = calloc(1, size)};
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
    if (!list_room(&table->rows, &table->room, table->n + 1, sizeof row) || !new_row(name, size, &row))
        return NULL;
    if (!table_add(&table->places, slice_text(row.name), (uint32_t)table->n)) {
        free_row(&row, NULL);
        return NULL;
    }
    table->rows[table->n++] = row;
    return row.thing;
}

static void drop_rows(struct thing_table *table, thing_table_free *free_thing)
{
    size_t n = 0;
    for (size_t i = 0; i < table->n; i++) {
        if (table->rows[i].goes)
            free_row(&table->rows[i], free_thing);
        else
            table->rows[n++] = table->rows[i];
    }
    table->n = n;
    table_clear(&table->places);
    for (size_t i = 0; i < n; i++) // the room is still there
        table_add(&table->places, slice_text(table->rows[i].name), (uint32_t)i);
}

// All are asked before any goes: to answer, one may look at the others.
void thing_table_sweep(struct thing_table *table, thing_table_keep *keep, void *context, thing_table_free *free_thing)
{
    bool any = false;
    for (size_t i = 0; i < table->n; i++)
        any |= table->rows[i].goes = !keep(table->rows[i].thing, context);
    if (any)
        drop_rows(table, free_thing);
}

void thing_table_deinit(struct thing_table *table, thing_table_free *free_thing)
{
    for (size_t i = 0; i < table->n; i++)
        free_row(&table->rows[i], free_thing);
    free(table->rows);
    table_deinit(&table->places);
    *table = (struct thing_table){0};
}
