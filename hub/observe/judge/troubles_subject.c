// SPDX-License-Identifier: Apache-2.0
// What a trouble is about, as people call it: "Kent Police's reader", "lanes 1 and 3", "the console's certificate".
#include "hub/observe/judge/phrase.h"
#include "hub/observe/judge/troubles_parts.h"
#include "hub/observe/words.h"

#define NAMES_MOST 3
#define LANES_MOST 6

static const char *force_name(const struct health *health, const char *id)
{
    for (size_t i = 0; i < health->n_forces; i++)
        if (strcmp(health->forces[i].id, id) == 0)
            return health->forces[i].name;
    for (size_t i = 0; i < health->n_sources; i++)
        if (strcmp(health->sources[i].agency, id) == 0)
            return health->sources[i].name;
    return id;
}

static bool has_other_group(const struct health *health, const struct group_health *group)
{
    for (size_t i = 0; i < health->n_groups; i++)
        if (&health->groups[i] != group && strcmp(health->groups[i].force, group->force) == 0)
            return true;
    return false;
}

static const char *reader_name(struct inquiry *inquiry, const struct group_health *group)
{
    struct arena *arena = &inquiry->scratch;
    if (!*group->force)
        return words_print(arena, "reader %s", group->name);
    const char *name = force_name(inquiry->health, group->force);
    if (has_other_group(inquiry->health, group))
        return words_print(arena, "%s's reader (%s)", name, group->name);
    return words_print(arena, "%s's reader", name);
}

static const char *topic_name_of(struct inquiry *inquiry, const struct topic_health *topic)
{
    if (topic->part == TOPIC_PART_FEED)
        return words_print(&inquiry->scratch, "%s's feed", force_name(inquiry->health, topic->owner));
    return words_print(&inquiry->scratch, "topic %s", topic->name);
}

static const char *process_name(struct inquiry *inquiry, const struct process_health *process)
{
    return words_print(&inquiry->scratch, "hub process %u on %s", process->pid, process->host);
}

static const char *key_name(struct inquiry *inquiry, const struct key_health *key)
{
    const struct health *health = inquiry->health;
    struct arena *arena = &inquiry->scratch;
    if (strcmp(key->holder, "console") == 0)
        return "the console's certificate";
    for (size_t i = 0; i < health->n_processes; i++)
        if (strcmp(health->processes[i].id, key->holder) == 0)
            return words_print(arena, "the certificate of %s", process_name(inquiry, &health->processes[i]));
    return words_print(arena, "%s's key", force_name(health, key->holder));
}

static uint32_t lane_of(const struct health *health, const struct item *item)
{
    return item->of == THING_LANE     ? health->lanes[item->index].lane
           : item->of == THING_CANARY ? health->canaries[item->index].lane
                                      : health->ledgers[item->index].lane;
}

static const char *lane_names(struct inquiry *inquiry, const struct item *const *members, size_t n)
{
    struct phrase_list list = {.arena = &inquiry->scratch, .most = LANES_MOST};
    if (n > 1 && n == inquiry->health->n_all_lanes)
        return words_print(&inquiry->scratch, "all %zu lanes", n);
    for (size_t i = 0; i < n; i++)
        phrase_list_add(&list, words_print(&inquiry->scratch, "%u", lane_of(inquiry->health, members[i])));
    return words_print(&inquiry->scratch, "lane%s %s", n == 1 ? "" : "s", phrase_list_text(&list));
}

static const char *name_of(struct inquiry *inquiry, const struct item *item)
{
    const struct health *health = inquiry->health;
    switch (item->of) {
    case THING_GROUP:
        return reader_name(inquiry, &health->groups[item->index]);
    case THING_TOPIC:
        return topic_name_of(inquiry, &health->topics[item->index]);
    case THING_SOURCE:
        return health->sources[item->index].name;
    case THING_PROCESS:
        return process_name(inquiry, &health->processes[item->index]);
    case THING_KEY:
        return key_name(inquiry, &health->keys[item->index]);
    default:
        return item->name;
    }
}

static const char *identity_of(const struct health *health, const struct item *item)
{
    const struct group_health *group = item->of == THING_GROUP ? &health->groups[item->index] : NULL;
    const struct topic_health *topic = item->of == THING_TOPIC ? &health->topics[item->index] : NULL;
    if (group)
        return *group->force ? group->force : group->name;
    if (topic)
        return *topic->owner ? topic->owner : topic->name;
    if (item->of == THING_SOURCE)
        return health->sources[item->index].agency;
    if (item->of == THING_KEY)
        return health->keys[item->index].holder;
    return item->name;
}

static bool has_lane(enum thing of)
{
    return of == THING_LANE || of == THING_CANARY || of == THING_LEDGER;
}

struct subject troubles_subject(struct inquiry *inquiry, const struct item *const *members, size_t n)
{
    struct subject subject = {.plural = n > 1, .id = identity_of(inquiry->health, members[0])};
    struct phrase_list list = {.arena = &inquiry->scratch, .most = NAMES_MOST};
    for (size_t i = 0; i < n && !has_lane(members[0]->of); i++)
        phrase_list_add(&list, name_of(inquiry, members[i]));
    subject.text = has_lane(members[0]->of) ? lane_names(inquiry, members, n) : phrase_list_text(&list);
    return subject;
}
