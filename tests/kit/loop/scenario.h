// SPDX-License-Identifier: Apache-2.0
// A history of records as agencies send them, made from a seed: reports and guidance in one or two parts, repeats of
// every kind, refused ones, some on the wrong partition; with the three control snapshots of an eventful day. Made
// once, played into many worlds.
#pragma once
#include "tests/kit/loop/world.h"

#define SCENARIO_SNAPSHOTS 3

struct sent {
    const char *agency;
    uint32_t partition;
    struct slice key, value;
};

struct scenario {
    struct arena arena;
    uint32_t lanes;
    struct snapshot *snapshots[SCENARIO_SNAPSHOTS]; // the ten; kent loses -SENSITIVE; essex asks for guidance only
    struct sent *rows;
    size_t n;
    struct may_have *table; // what each force may have
};

// forwards: some records are sent to the wrong partition.
void scenario_init(struct scenario *scenario, uint64_t seed, size_t n, uint32_t lanes, bool forwards);
void scenario_deinit(struct scenario *scenario);
// Appends rows from..to - 1.
void scenario_play(const struct scenario *scenario, struct world *world, size_t from, size_t to);
// For struct check; context is the scenario. Whether any of the snapshots lets this force have this value.
bool scenario_allows(void *scenario, const char *force, struct slice value);
