// SPDX-License-Identifier: Apache-2.0
// One worker on a world of the kit's snapshot. Each test is a process of its own, and so has a fixture of its own; its
// suite begins it by .init and ends it by .fini.
#pragma once
#include "tests/kit/loop/world.h"

static struct fixture {
    struct world world;
    struct snapshot *snapshot;
    struct snapshot *other; // that a test made; ends after the world
    struct world_worker *worker;
} fixture;

// The world alone: its settings may be changed still.
static inline void fixture_prepare(uint32_t lanes)
{
    fixture.snapshot = kit_snapshot();
    world_init(&fixture.world, lanes, fixture.snapshot);
}

static inline void fixture_prepare_one(void)
{
    fixture_prepare(1);
}

// A worker that knows nothing joins, and gets all lanes.
static inline void fixture_join(void)
{
    fixture.worker = world_join(&fixture.world);
    world_share(&fixture.world);
}

static inline void fixture_begin(void)
{
    fixture_prepare(1);
    fixture_join();
}

static inline void fixture_end(void)
{
    world_deinit(&fixture.world);
    snapshot_free(fixture.snapshot);
    fixture.other = snapshot_free(fixture.other);
}

// Another world in place of this one, without a worker still: for the next case of a test, or for more lanes.
static inline void fixture_again(uint32_t lanes)
{
    fixture_end();
    fixture_prepare(lanes);
}
