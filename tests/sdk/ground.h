// SPDX-License-Identifier: Apache-2.0
// What every test of items needs: an arena and the kit's snapshot.
#pragma once
#include "hub/base/arena.h"
#include "tests/kit/core/control.h"

static struct arena arena;
static struct snapshot *snapshot;

static void begin(void)
{
    arena_init(&arena, 0);
    snapshot = kit_snapshot();
}

static void end(void)
{
    arena_deinit(&arena);
    snapshot_free(snapshot);
}
