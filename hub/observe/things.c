// SPDX-License-Identifier: Apache-2.0
// One row for each list of a snapshot: how many there are, where the finding lies, and what the thing is called.
#include "hub/observe/things.h"
#include <stdio.h>

struct list {
    enum thing of;
    size_t (*count)(const struct health *health);
    const struct finding *(*finding)(const struct health *health, size_t i);
    void (*name)(const struct health *health, size_t i, char name[THINGS_NAME_BYTES]);
};

#define LIST(list, ...)                                                                                                \
    static size_t count_##list(const struct health *health)                                                            \
    {                                                                                                                  \
        return health->n_##list;                                                                                       \
    }                                                                                                                  \
    static const struct finding *finding_##list(const struct health *health, size_t i)                                 \
    {                                                                                                                  \
        return &health->list[i].finding;                                                                               \
    }                                                                                                                  \
    static void name_##list(const struct health *health, size_t i, char name[THINGS_NAME_BYTES])                       \
    {                                                                                                                  \
        snprintf(name, THINGS_NAME_BYTES, __VA_ARGS__);                                                                \
    }
LIST(topics, "topic/%s", health->topics[i].name)
LIST(groups, "group/%s", health->groups[i].name)
LIST(sources, "source/%s", health->sources[i].agency)
LIST(forces, "force/%s", health->forces[i].id)
LIST(lanes, "lane/%u", health->lanes[i].lane)
LIST(processes, "process/%s", health->processes[i].id)
LIST(keys, "key/%s/%s", health->keys[i].holder, health->keys[i].id)
LIST(canaries, "canary/%u", health->canaries[i].lane)
LIST(ledgers, "ledger/%u", health->ledgers[i].lane)
#undef LIST

static const struct list lists[] = {
    {THING_TOPIC, count_topics, finding_topics, name_topics},
    {THING_GROUP, count_groups, finding_groups, name_groups},
    {THING_SOURCE, count_sources, finding_sources, name_sources},
    {THING_FORCE, count_forces, finding_forces, name_forces},
    {THING_LANE, count_lanes, finding_lanes, name_lanes},
    {THING_PROCESS, count_processes, finding_processes, name_processes},
    {THING_KEY, count_keys, finding_keys, name_keys},
    {THING_CANARY, count_canaries, finding_canaries, name_canaries},
    {THING_LEDGER, count_ledgers, finding_ledgers, name_ledgers},
};

static void visit_single(
    const struct finding *finding, enum thing of, things_visit *visit, void *context, struct thing_place *place)
{
    *place = (struct thing_place){.of = of, .finding = finding};
    snprintf(place->name, sizeof place->name, "%s", thing_name(of));
    visit(context, place);
}

void things_each(const struct health *health, things_visit *visit, void *context)
{
    struct thing_place place;
    visit_single(&health->broker, THING_BROKER, visit, context, &place);
    visit_single(&health->control, THING_CONTROL, visit, context, &place);
    visit_single(&health->quarantine, THING_QUARANTINE, visit, context, &place);
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (size_t i = 0; i < lists[l].count(health); i++) {
            place.of = lists[l].of;
            place.index = i;
            place.finding = lists[l].finding(health, i);
            lists[l].name(health, i, place.name);
            visit(context, &place);
        }
}

struct search {
    const char *name;
    struct thing_place *place;
    bool found;
};

static void compare_name(void *context, const struct thing_place *place)
{
    struct search *search = context;
    if (search->found || strcmp(place->name, search->name) != 0)
        return;
    *search->place = *place;
    search->found = true;
}

bool things_find(const struct health *health, const char *name, struct thing_place *place)
{
    struct search search = {.name = name, .place = place};
    things_each(health, compare_name, &search);
    return search.found;
}
