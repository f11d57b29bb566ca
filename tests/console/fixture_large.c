// SPDX-License-Identifier: Apache-2.0
// A quiet night's snapshot with its groups and topics multiplied.
#include "tests/console/fixture_large.h"
#include "tests/kit/health/unwell_health.h"
#include <stdlib.h>

#define GROUPS     500
#define PARTITIONS 8

static void *new (struct health *health, size_t n, size_t size)
{
    void *memory = arena_alloc(&health->arena, n * size);
    if (!memory)
        abort();
    return memory;
}

static void fill_group(struct health *health, struct group_health *group, size_t i)
{
    const struct group_health sample = health->groups[0];
    *group = sample;
    group->name = arena_printf(&health->arena, "feed-force-%03zu", i);
    group->force = arena_printf(&health->arena, "force-%03zu", i);
    group->partitions = new (health, PARTITIONS, sizeof *group->partitions);
    group->n_partitions = PARTITIONS;
    for (size_t p = 0; p < PARTITIONS; p++) {
        group->partitions[p] = sample.partitions[0];
        group->partitions[p].topic = arena_printf(&health->arena, "feed.force-%03zu", i);
        group->partitions[p].partition = (int32_t)p;
    }
}

static void fill_topic(struct health *health, struct topic_health *topic, size_t i)
{
    const struct topic_health sample = health->topics[0];
    *topic = sample;
    topic->part = TOPIC_PART_FEED;
    topic->name = arena_printf(&health->arena, "feed.force-%03zu", i);
    topic->owner = arena_printf(&health->arena, "force-%03zu", i);
    topic->partitions = new (health, PARTITIONS, sizeof *topic->partitions);
    topic->n_partitions = PARTITIONS;
    for (size_t p = 0; p < PARTITIONS; p++) {
        topic->partitions[p] = sample.partitions[0];
        topic->partitions[p].partition = (int32_t)p;
    }
}

struct health *fixture_large(int64_t now_ms)
{
    struct health *health = kit_health_night(now_ms);
    struct group_health *groups = new (health, GROUPS, sizeof *groups);
    struct topic_health *topics = new (health, GROUPS, sizeof *topics);
    for (size_t i = 0; i < GROUPS; i++) {
        fill_group(health, &groups[i], i);
        fill_topic(health, &topics[i], i);
    }
    health->groups = groups;
    health->n_groups = GROUPS;
    health->topics = topics;
    health->n_topics = GROUPS;
    return health;
}
