// SPDX-License-Identifier: Apache-2.0
// One worker on a world of the kit's snapshot.
#pragma once
#include "tests/kit/world.h"

struct stage {
    struct world world;
    struct snapshot *snapshot;
    struct world_worker *worker;
};

// The world alone: its settings may be changed still.
static inline void stage_set(struct stage *stage, uint32_t lanes)
{
    stage->snapshot = kit_snapshot();
    world_init(&stage->world, lanes, stage->snapshot);
}

// A worker that knows nothing joins, and gets all lanes.
static inline void stage_start(struct stage *stage)
{
    stage->worker = world_join(&stage->world);
    world_share(&stage->world);
}

static inline void stage_raise(struct stage *stage, uint32_t lanes)
{
    stage_set(stage, lanes);
    stage_start(stage);
}

static inline void stage_strike(struct stage *stage)
{
    world_deinit(&stage->world);
    snapshot_free(stage->snapshot);
}
