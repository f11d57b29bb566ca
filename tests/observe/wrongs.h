// SPDX-License-Identifier: Apache-2.0
// A well deployment in which some things are wrong, and what is told of it.
#pragma once
#include "hub/observe/judge/troubles.h"
#include "hub/observe/things.h"
#include "tests/kit/health/unwell_health.h"
#include <criterion/criterion.h>
#include <string.h>

#define NOW_MS 1790000000000
#define NONE   ((enum verdict)VERDICT_COUNT)

struct wrong {
    const char *thing;
    enum verdict verdict;
};

static inline struct finding *finding(struct health *health, const char *thing)
{
    struct thing_place place;
    cr_assert(things_find(health, thing, &place), "%s", thing);
    return (struct finding *)place.finding;
}

static inline void put(struct health *health, const char *thing, enum verdict verdict)
{
    *finding(health, thing) = (struct finding){.verdict = verdict, .rule = "a-rule", .numbers = "a=1", .detail = ""};
}

// A well deployment at that time with these things wrong; before may be NULL.
static inline struct health *with(int64_t now_ms, const struct wrong *wrongs, size_t n, const struct health *before)
{
    struct health *health = kit_health_well(now_ms);
    for (size_t i = 0; i < n; i++)
        put(health, wrongs[i].thing, wrongs[i].verdict);
    troubles_find(health, before);
    return health;
}

static inline const struct trouble *find(const struct health *health, enum verdict verdict, const char *thing)
{
    for (size_t i = 0; i < health->n_troubles; i++)
        if (health->troubles[i].verdict == verdict && (!thing || strcmp(health->troubles[i].thing, thing) == 0))
            return &health->troubles[i];
    return NULL;
}

static inline const struct force_health *force(const struct health *health, const char *id)
{
    size_t i = 0;
    while (i < health->n_forces && strcmp(health->forces[i].id, id) != 0)
        i++;
    cr_assert_lt(i, health->n_forces, "%s", id);
    return &health->forces[i];
}
