// SPDX-License-Identifier: Apache-2.0
#include "hub/base/clock.h"

static int64_t milliseconds_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct timespec moment_after(clockid_t clock, int64_t ms)
{
    struct timespec moment;
    clock_gettime(clock, &moment);
    moment.tv_sec += (time_t)(ms / 1000);
    moment.tv_nsec += (long)(ms % 1000) * 1000000L;
    moment.tv_sec += moment.tv_nsec / 1000000000L;
    moment.tv_nsec %= 1000000000L;
    return moment;
}

int64_t clock_wall_ms(void)
{
    return milliseconds_of(CLOCK_REALTIME);
}

int64_t clock_steady_ms(void)
{
    return milliseconds_of(CLOCK_MONOTONIC);
}

struct timespec clock_steady_after(int64_t ms)
{
    return moment_after(CLOCK_MONOTONIC, ms);
}

struct timespec clock_wall_after(int64_t ms)
{
    return moment_after(CLOCK_REALTIME, ms);
}
