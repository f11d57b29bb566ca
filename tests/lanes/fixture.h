// SPDX-License-Identifier: Apache-2.0
// One worker on a world of the kit's snapshot.
#pragma once
#include "tests/kit/loop/world.h"

struct fixture {
    struct world world;
    struct snapshot *snapshot;
    struct world_worker *worker;
};

// The world alone: its settings may be changed still.
static inline void fixture_prepare(struct fixture *fixture, uint32_t lanes)
{
    fixture->snapshot = kit_snapshot();
    world_init(&fixture->world, lanes, fixture->snapshot);
}

// A worker that knows nothing joins, and gets all lanes.
static inline void fixture_join(struct fixture *fixture)
{
    fixture->worker = world_join(&fixture->world);
    world_share(&fixture->world);
}

static inline void fixture_begin(struct fixture *fixture, uint32_t lanes)
{
    fixture_prepare(fixture, lanes);
    fixture_join(fixture);
}

static inline void fixture_end(struct fixture *fixture)
{
    world_deinit(&fixture->world);
    snapshot_free(fixture->snapshot);
}
