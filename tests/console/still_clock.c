// SPDX-License-Identifier: Apache-2.0
// hub/base/clock.h with a wall clock that stands: the same page has the same bytes whenever it is made. Linked before
// the library, it stands in for the real one.
#include "tests/console/still_clock.h"
#include "hub/base/clock.h"

static struct timespec now_by(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now;
}

static struct timespec moment_after(clockid_t clock, int64_t ms)
{
    struct timespec now = now_by(clock);
    int64_t ns = now.tv_nsec + ms % 1000 * 1000000;
    return (struct timespec){now.tv_sec + ms / 1000 + ns / 1000000000, ns % 1000000000};
}

int64_t clock_wall_ms(void)
{
    return STILL_CLOCK_MS;
}

int64_t clock_steady_ms(void)
{
    struct timespec now = now_by(CLOCK_MONOTONIC);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct timespec clock_steady_after(int64_t ms)
{
    return moment_after(CLOCK_MONOTONIC, ms);
}

struct timespec clock_wall_after(int64_t ms)
{
    return moment_after(CLOCK_REALTIME, ms);
}
