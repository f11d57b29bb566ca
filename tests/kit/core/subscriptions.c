// SPDX-License-Identifier: Apache-2.0
// Subscriptions for tests: everything for everybody, or many narrow ones as the units of a force would write them.
#include "tests/kit/core/control.h"
#include "tests/kit/core/random.h"
#include <stdlib.h>

static void *need_memory(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

Signalbox__V1__Subscription *kit_subscription(struct arena *arena, const char *force, const char *name)
{
    Signalbox__V1__Subscription *subscription = need_memory(arena_alloc(arena, sizeof *subscription));
    signalbox__v1__subscription__init(subscription);
    kit_set_text(arena, &subscription->force, force);
    kit_set_text(arena, &subscription->name, name);
    subscription->made_unix_ms = KIT_NOW_MS - 1000000;
    return subscription;
}

struct subscription_row *kit_subscribe_all(struct arena *arena, const Signalbox__V1__Registry *registry)
{
    struct subscription_row *rows = need_memory(arena_alloc(arena, registry->n_organisations * sizeof *rows));
    for (size_t i = 0; i < registry->n_organisations; i++) {
        rows[i].subscription = kit_subscription(arena, registry->organisations[i]->id, "all");
        rows[i].revision = i + 1;
    }
    return rows;
}

static void narrow_forces(struct arena *arena, const Signalbox__V1__Registry *registry, struct kit_random *random,
    Signalbox__V1__Subscription *subscription)
{
    const char *forces[3];
    size_t n = 1 + (size_t)kit_below(random, 3);
    for (size_t i = 0; i < n; i++)
        forces[i] = registry->organisations[kit_below(random, registry->n_organisations)]->id;
    kit_set_texts(arena, &subscription->n_forces, &subscription->forces, forces, n);
}

static void narrow_themes(struct arena *arena, struct kit_random *random, Signalbox__V1__Subscription *subscription)
{
    static const char *const themes[] = {
        "missing-people", "modern-slavery", "drugs", "csea", "gangs", "serious-violence", "weapons"};
    size_t first = (size_t)kit_below(random, 6);
    kit_set_texts(
        arena, &subscription->n_themes, &subscription->themes, themes + first, 1 + (size_t)kit_below(random, 2));
}

static void narrow_strand(struct arena *arena, struct kit_random *random, Signalbox__V1__Subscription *subscription)
{
    subscription->n_strands = 1;
    subscription->strands = need_memory(arena_alloc(arena, sizeof *subscription->strands));
    subscription->strands[0] = (Signalbox__V1__Strand)(1 + kit_below(random, 4));
}

static void narrow_region(struct arena *arena, struct kit_random *random, Signalbox__V1__Subscription *subscription)
{
    static const char *const regions[] = {"london", "eastern", "south-east", "north-west"};
    kit_set_texts(arena, &subscription->n_regions, &subscription->regions, &regions[kit_below(random, 4)], 1);
}

struct subscription_row *kit_subscriptions(
    struct arena *arena, const Signalbox__V1__Registry *registry, size_t n, uint64_t seed)
{
    struct kit_random random = {seed};
    struct subscription_row *rows = need_memory(arena_alloc(arena, (n + 1) * sizeof *rows));
    for (size_t i = 0; i < n; i++) {
        const char *force = registry->organisations[i % registry->n_organisations]->id;
        Signalbox__V1__Subscription *subscription =
            kit_subscription(arena, force, need_memory(arena_printf(arena, "unit-%zu", i)));
        uint64_t choice = kit_next(&random);
        if (choice & 1)
            narrow_forces(arena, registry, &random, subscription);
        else
            narrow_region(arena, &random, subscription);
        if (choice & 2)
            narrow_themes(arena, &random, subscription);
        if (choice & 4)
            narrow_strand(arena, &random, subscription);
        rows[i] = (struct subscription_row){.subscription = subscription, .revision = i + 1};
    }
    return rows;
}
