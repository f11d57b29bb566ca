// SPDX-License-Identifier: Apache-2.0
// What arrived on the feeds, and what should have: rows "force,agency,reference,titles of the parts" such as
// "kent,mopac,PCD-386,Part 1+Part 2", compared as sets.
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct arrivals {
    char **rows;
    size_t n, room;
    bool sorted;
};

// Aborts if there is no memory.
void arrivals_add(
    struct arrivals *arrivals, const char *force, const char *agency, const char *reference, const char *titles);
// Reads a file of such rows with a heading line. false with errno.
bool arrivals_read(struct arrivals *arrivals, const char *path);
void arrivals_deinit(struct arrivals *arrivals);

struct arrivals_difference {
    size_t missing, extra, twice;
    const char *example; // a row that is missing, too many or twice; NULL if none
};
struct arrivals_difference arrivals_compare(struct arrivals *should, struct arrivals *have);

// How many rows a force has.
size_t arrivals_of(const struct arrivals *arrivals, const char *force);
