// SPDX-License-Identifier: Apache-2.0
// Things by name: what is remembered of each topic, group, process, agency and force between cycles.
#pragma once
#include "hub/base/table.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thing_table_row {
    char *name;
    void *thing;
    bool goes; // of a sweep that goes on
};

struct thing_table {
    struct thing_table_row *rows; // in order of arrival
    size_t n, room;
    struct table places; // in rows, by name
};

// Frees what a thing holds, not the thing itself. May be NULL.
typedef void thing_table_free(void *thing);
// Whether to keep a thing.
typedef bool thing_table_keep(const void *thing, void *context);

void thing_table_deinit(struct thing_table *table, thing_table_free *free_thing);
// NULL if there is none of that name.
void *thing_table_find(const struct thing_table *table, const char *name);
// The thing of that name; made of size zeroed bytes if there is none. NULL without memory;
// the table is as it was.
void *thing_table_thing(struct thing_table *table, const char *name, size_t size);
// Forgets what is not to be kept.
void thing_table_sweep(struct thing_table *table, thing_table_keep *keep, void *context, thing_table_free *free_thing);
