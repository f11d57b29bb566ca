// SPDX-License-Identifier: Apache-2.0
// A force is as well as the worst of its feed, its readers and the lanes: a report for it may come on any lane, so a
// lane that stands makes all forces wait.
#include "hub/observe/judge/troubles_parts.h"
#include "hub/observe/words.h"
#include <stdlib.h>

static bool reads_feed_of(const struct group_health *group, const char *force)
{
    if (*group->force)
        return strcmp(group->force, force) == 0;
    for (size_t i = 0; i < group->n_partitions; i++) {
        const char *topic = group->partitions[i].topic;
        if (strncmp(topic, "feed.", 5) == 0 && strcmp(topic + 5, force) == 0)
            return true;
    }
    return false;
}

static bool topic_hurts(const struct topic_health *topic, const char *force)
{
    switch (topic->part) {
    case TOPIC_PART_FEED:
        return strcmp(topic->owner, force) == 0;
    case TOPIC_PART_INBOUND:
    case TOPIC_PART_RECEIPT:
        return false;
    case TOPIC_PART_CONTROL:
    case TOPIC_PART_INTERNAL:
        // desk, pulse and quarantine can be missing without anything waiting for them.
        return strcmp(topic->name, "state") == 0 || strcmp(topic->name, "ledger") == 0;
    }
    return false;
}

// A lane that only comes back or stumbles hurts nobody while nothing waits for it; one that stands would make the next
// one wait.
static bool lane_hurts(const struct lane_health *lane)
{
    bool nothing_waits = lane->waiting.state == FIGURE_KNOWN && lane->waiting.value == 0;
    return verdict_severity(lane->finding.verdict) != SEVERITY_WARNING || !nothing_waits;
}

static bool thing_hurts(const struct health *health, const struct item *item, const char *force)
{
    switch (item->of) {
    case THING_GROUP:
        return reads_feed_of(&health->groups[item->index], force);
    case THING_TOPIC:
        return topic_hurts(&health->topics[item->index], force);
    case THING_LANE:
        return lane_hurts(&health->lanes[item->index]);
    case THING_BROKER:
    case THING_CONTROL:
    case THING_CANARY:
        return true;
    default:
        return false;
    }
}

// A silent process is not asked: it hurts nobody if others have its lanes, and else it is the lanes that do.
static bool item_hurts(const struct inquiry *inquiry, const struct item *item, const char *force)
{
    bool makes_worse = trouble_row(item->finding->verdict)->force != VERDICT_FORCE_OK;
    return makes_worse && trouble_row(item->finding->verdict)->title && thing_hurts(inquiry->health, item, force);
}

static bool is_among(const struct item *item, const struct item *const *members, size_t n)
{
    for (size_t m = 0; m < n; m++)
        if (members[m] == item)
            return true;
    return false;
}

bool *troubles_hurt(struct inquiry *inquiry, const struct item *const *members, size_t n)
{
    const struct health *health = inquiry->health;
    bool *hurt = arena_alloc(&inquiry->scratch, health->n_forces);
    if (!hurt)
        return NULL;
    for (size_t i = 0; i < inquiry->n_items; i++)
        if (is_among(troubles_root(inquiry, &inquiry->items[i]), members, n))
            for (size_t f = 0; f < health->n_forces; f++)
                hurt[f] |= item_hurts(inquiry, &inquiry->items[i], health->forces[f].id);
    return hurt;
}

static int pain_of(const struct item *item)
{
    return severity_pain(verdict_severity(item->finding->verdict));
}

static bool is_worse(const struct item *item, const struct item *than)
{
    if (!than)
        return true;
    enum verdict a = trouble_row(item->finding->verdict)->force, b = trouble_row(than->finding->verdict)->force;
    if (a != b)
        return verdict_worse(a, b) == a;
    return pain_of(item) > pain_of(than);
}

static bool has_reader(const struct health *health, const char *force)
{
    for (size_t i = 0; i < health->n_groups; i++)
        if (reads_feed_of(&health->groups[i], force))
            return true;
    return false;
}

static struct finding well_served(const struct health *health, const char *force)
{
    if (has_reader(health, force))
        return (struct finding){
            .verdict = VERDICT_FORCE_OK, .rule = "feed-and-readers-well", .numbers = "", .detail = ""};
    if (health->embedded)
        return (struct finding){.verdict = VERDICT_FORCE_OK,
            .rule = "readers-not-told",
            .numbers = "",
            .detail = "Its feed is written; the embedded broker does not tell who reads it."};
    return (struct finding){.verdict = VERDICT_FORCE_NO_READER, .rule = "no-group", .numbers = "", .detail = ""};
}

void troubles_forces(struct inquiry *inquiry)
{
    struct health *health = inquiry->health;
    for (size_t f = 0; f < health->n_forces; f++) {
        struct force_health *force = &health->forces[f];
        const struct item *worst = NULL;
        for (size_t i = 0; i < inquiry->n_items; i++)
            if (item_hurts(inquiry, &inquiry->items[i], force->id) && is_worse(&inquiry->items[i], worst))
                worst = &inquiry->items[i];
        force->cause = "";
        force->finding = well_served(health, force->id);
        if (!worst)
            continue;
        force->cause = words_copy(&health->arena, troubles_root(inquiry, worst)->name);
        force->finding = *worst->finding;
        force->finding.verdict = trouble_row(worst->finding->verdict)->force;
    }
}
