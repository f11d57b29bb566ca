// SPDX-License-Identifier: Apache-2.0
#include "hub/observe/collect/cycle.h"
#include "hub/base/clock.h"

int cycle_left(const struct cycle *cycle, int most_ms)
{
    int64_t left = cycle->deadline_ms - clock_steady_ms();
    return left < 1 ? 1 : left < most_ms ? (int)left : most_ms;
}

void cycle_fail(struct cycle *cycle)
{
    cycle->failed = true;
}

bool cycle_is_whole(const struct cycle *cycle)
{
    return !cycle->failed && !cycle->arena->failed && !cycle->health->arena.failed;
}
