// SPDX-License-Identifier: Apache-2.0
#include "tests/kit/core/cost.h"
#include "hub/base/clock.h"
#include "hub/base/digest.h"
#include <math.h>
#include <stdio.h>
#include <time.h>

#define YARD_BYTES  ((size_t)256 << 10)
#define LEAST_TURNS 7
#define MOST_TURNS  150

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED COST_SANITIZED
#else
#define SANITIZED 1
#endif

static double lesser_of(double a, double b)
{
    return a < b ? a : b;
}

static double thread_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double hash_yard(void)
{
    static const uint8_t yard[YARD_BYTES];
    double start = thread_ns();
    digest_of(slice_of(yard, sizeof yard));
    return thread_ns() - start;
}

void cost_begin(struct cost *cost, double limit_bytes)
{
    hash_yard(); // a thread's first hashing takes memory
    *cost = (struct cost){.limit = limit_bytes * SANITIZED, .hashed = INFINITY, .least_us = INFINITY};
}

void cost_allow(struct cost *cost, double limit_bytes)
{
    cost->limit = limit_bytes * SANITIZED;
}

bool cost_kept(const struct cost *cost)
{
    return cost->hashed <= cost->limit;
}

bool cost_again(const struct cost *cost)
{
    return cost->turns < LEAST_TURNS || (!cost_kept(cost) && cost->turns < MOST_TURNS);
}

void cost_start(struct cost *cost)
{
    cost->yard_ns = hash_yard();
    cost->work_ns = thread_ns();
}

// The quicker of the two hashings is the yard: one that was disturbed would make the work look cheap.
void cost_stop(struct cost *cost)
{
    cost->work_ns = thread_ns() - cost->work_ns;
    cost->yard_ns = lesser_of(cost->yard_ns, hash_yard());
    cost->hashed = lesser_of(cost->hashed, cost->work_ns / cost->yard_ns * (double)YARD_BYTES);
    cost->least_us = lesser_of(cost->least_us, cost->work_ns / 1e3);
    cost->turns++;
}

const char *cost_text(const struct cost *cost, char *text)
{
    snprintf(text, COST_TEXT_BYTES, "%.1f us, as long as SHA-256 takes for %.1f kB (limit %.1f), the least of %u turns",
        cost->least_us, cost->hashed / 1e3, cost->limit / 1e3, cost->turns);
    return text;
}

int64_t cost_slack_ms(int64_t ms)
{
    enum { YARDS = 256 };
    int64_t began_ms = clock_steady_ms();
    for (int i = 0; i < YARDS; i++)
        hash_yard();
    double slowness = (double)(clock_steady_ms() - began_ms) * 1e6 / (double)(YARDS * YARD_BYTES);
    return slowness > 1 ? (int64_t)((double)ms * slowness) : ms;
}
