// SPDX-License-Identifier: Apache-2.0
// Things by name: what is remembered of each topic, group, process, agency and force between cycles.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct directory_row {
    char *name;
    void *thing;
};

struct directory {
    struct directory_row *rows; // in order of arrival
    size_t n, room;
    uint32_t *slots; // place in rows plus 1; 0 is free
    size_t n_slots;
};

// Frees what a thing holds, not the thing itself. May be NULL.
typedef void directory_free(void *thing);
// Whether to keep a thing.
typedef bool directory_keep(const void *thing, void *context);

void directory_deinit(struct directory *directory, directory_free *free_thing);
// NULL if there is none of that name.
void *directory_find(const struct directory *directory, const char *name);
// The thing of that name; made of size zeroed bytes if there is none. Aborts without memory.
void *directory_thing(struct directory *directory, const char *name, size_t size);
// Forgets what is not to be kept.
void directory_sweep(struct directory *directory, directory_keep *keep, void *context, directory_free *free_thing);
