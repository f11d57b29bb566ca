// SPDX-License-Identifier: Apache-2.0
// Every group with a place on a feed is watched by a window a partition. A group that has no place yet is known by what
// its members have.
#include "hub/observe/collect/observe_groups.h"
#include "hub/base/list.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/collect/observe_control.h"
#include "hub/observe/collect/observe_topics.h"
#include "hub/observe/words.h"
#include <stdio.h>
#include <stdlib.h>

#define BY_NAME_MS 60000
#define HUB_GROUP  "hub"
#define FEED       "feed."

// --- what is kept ---------------------------------------------------------------------------------------------------

static void free_group(void *thing)
{
    struct group_seen *group = thing;
    for (size_t i = 0; i < group->n_places; i++)
        free(group->places[i].topic);
    free(group->places);
}

static void free_place(void *thing)
{
    free(((struct place_seen *)thing)->topic);
}

void observe_groups_deinit(struct observe_groups *groups)
{
    thing_table_deinit(&groups->feeds, free_group);
    thing_table_deinit(&groups->inbound, free_place);
}

// NULL without memory.
static struct place_seen *place_of(struct group_seen *group, const char *topic, int32_t partition)
{
    for (size_t i = 0; i < group->n_places; i++)
        if (group->places[i].partition == partition && strcmp(group->places[i].topic, topic) == 0)
            return &group->places[i];
    bool has_room = list_room(&group->places, &group->room, group->n_places + 1, sizeof *group->places);
    char *name = has_room ? strdup(topic) : NULL;
    if (!name)
        return NULL;
    group->places[group->n_places] = (struct place_seen){.topic = name, .partition = partition, .committed = -1};
    return &group->places[group->n_places++];
}

// --- the hub's own group --------------------------------------------------------------------------------------------

struct place_seen *observe_groups_inbound(struct observe_groups *groups, const char *topic, int32_t partition)
{
    char name[160];
    snprintf(name, sizeof name, "%s/%d", topic, partition);
    struct place_seen *place = thing_table_thing(&groups->inbound, name, sizeof *place);
    if (place && !place->topic)
        *place = (struct place_seen){.topic = strdup(topic), .partition = partition, .committed = -1};
    return place && place->topic ? place : NULL;
}

const struct place_seen *observe_groups_place(const struct observe_groups *groups, const char *topic, int32_t partition)
{
    char name[160];
    snprintf(name, sizeof name, "%s/%d", topic, partition);
    return thing_table_find(&groups->inbound, name);
}

static bool is_feed(const struct survey_place *place)
{
    return strncmp(place->topic, FEED, strlen(FEED)) == 0;
}

// false without memory.
static bool take_hub(struct observe_groups *groups, const struct survey_group *told)
{
    groups->inbound_told = told->state == SURVEY_KNOWN;
    for (size_t i = 0; i < told->n_places; i++) {
        if (is_feed(&told->places[i]))
            continue;
        struct place_seen *place = observe_groups_inbound(groups, told->places[i].topic, told->places[i].partition);
        if (!place)
            return false;
        place->committed = told->places[i].offset;
    }
    return true;
}

// --- readers of feeds -----------------------------------------------------------------------------------------------

static bool reads_feeds(const struct survey_group *told)
{
    for (size_t i = 0; i < told->n_places; i++)
        if (is_feed(&told->places[i]))
            return true;
    for (size_t i = 0; i < told->n_assigned; i++)
        if (is_feed(&told->assigned[i]))
            return true;
    return false;
}

static bool take_committed(struct group_seen *group, const struct survey_group *told)
{
    for (size_t i = 0; i < told->n_places; i++) {
        if (!is_feed(&told->places[i]))
            continue;
        struct place_seen *place = place_of(group, told->places[i].topic, told->places[i].partition);
        if (!place)
            return false;
        place->committed = told->places[i].offset;
        place->told = true;
    }
    return true;
}

static bool take_assigned(struct group_seen *group, const struct survey_group *told)
{
    for (size_t i = 0; i < told->n_assigned; i++) {
        if (!is_feed(&told->assigned[i]))
            continue;
        struct place_seen *place = place_of(group, told->assigned[i].topic, told->assigned[i].partition);
        if (!place)
            return false;
        place->assigned = true;
    }
    return true;
}

static void take_members(struct group_seen *group, const struct survey_group *told)
{
    static const char *const states[] = {"Stable", "Empty", "PreparingRebalance", "CompletingRebalance"};
    group->members = observe_figure(told->members);
    group->state = *told->state_name ? "other" : "";
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i], told->state_name) == 0)
            group->state = states[i];
}

// A group that may not be seen is known by the name that readers have by default.
static bool take_refused(struct group_seen *group, const char *name)
{
    char topic[160];
    if (group->permitted || strncmp(name, "feed-", 5) != 0 || group->n_places)
        return true;
    snprintf(topic, sizeof topic, FEED "%s", name + 5);
    struct place_seen *place = place_of(group, topic, 0);
    if (place)
        place->told = true;
    return place != NULL;
}

// false without memory.
static bool take_group(struct observe_groups *groups, const struct survey_group *told)
{
    if (strcmp(told->name, HUB_GROUP) == 0)
        return take_hub(groups, told);
    struct group_seen *group = thing_table_find(&groups->feeds, told->name);
    bool by_name = strncmp(told->name, "feed-", 5) == 0;
    if (!group && !reads_feeds(told) && !by_name)
        return true;
    group = thing_table_thing(&groups->feeds, told->name, sizeof *group);
    if (!group)
        return false;
    group->told = true;
    group->answered = told->state == SURVEY_KNOWN;
    group->permitted = told->state != SURVEY_NOT_PERMITTED;
    take_members(group, told);
    return take_committed(group, told) && take_assigned(group, told) && take_refused(group, told->name);
}

// --- one cycle ------------------------------------------------------------------------------------------------------

static size_t names_by_default(const struct thing_table *orgs, struct arena *arena, const char **names)
{
    size_t n = 0;
    names[n++] = HUB_GROUP;
    for (size_t i = 0; i < orgs->n; i++)
        if (((const struct control_org *)orgs->rows[i].thing)->row->subscribes)
            names[n++] = words_print(arena, "feed-%s", orgs->rows[i].name);
    return n;
}

static void ask_groups(struct observe_groups *groups, const struct thing_table *orgs, struct cycle *cycle)
{
    const char **names = arena_alloc(cycle->arena, (orgs->n + 2) * sizeof *names);
    size_t n = 0;
    if (names && cycle->now_ms - groups->looked_ms >= BY_NAME_MS) {
        n = names_by_default(orgs, cycle->arena, names);
        groups->looked_ms = cycle->now_ms;
    }
    if (cycle_is_whole(cycle))
        survey_groups(cycle->survey, names, n, cycle_left(cycle, CYCLE_MS), cycle->arena, &cycle->groups);
}

static bool is_held(const struct place_seen *place)
{
    return place->told || place->assigned;
}

static bool is_heir(const struct place_seen *other, const struct place_seen *of, bool earlier)
{
    if (other == of || other->partition != of->partition || strcmp(other->topic, of->topic) != 0)
        return false;
    bool further = other->committed > of->committed || (other->committed == of->committed && earlier);
    return is_held(other) || (other->forgotten && further);
}

// Whether another group reads there, or had read further: so that a feed has one that is remembered, whatever groups
// came and went.
static bool has_heir(const struct observe_groups *groups, const struct place_seen *place)
{
    bool earlier = true;
    for (size_t i = 0; i < groups->feeds.n; i++) {
        const struct group_seen *group = groups->feeds.rows[i].thing;
        for (size_t k = 0; k < group->n_places; k++) {
            earlier &= &group->places[k] != place;
            if (is_heir(&group->places[k], place, earlier))
                return true;
        }
    }
    return false;
}

// Whether somebody could say who has the group's places: the broker told of the group, or of all groups and not of this
// one.
static bool is_settled(const struct group_seen *group, bool listed)
{
    return group->told ? group->answered : listed;
}

// A place that a member has and nobody committed any more (it was reset, or went by the broker's own retention) is
// none. One that nobody has either, of a group or with its group, is remembered as long as its feed is there: its force
// had a reader, and has none now.
static void mark_places(const struct observe_topics *topics, struct group_seen *group, bool listed)
{
    bool settled = is_settled(group, listed);
    for (size_t i = 0; i < group->n_places; i++) {
        struct place_seen *place = &group->places[i];
        if (settled && !place->told && place->assigned)
            place->committed = -1;
        place->forgotten = settled && !is_held(place) && place->committed >= 0 &&
                           observe_topics_partition(topics, place->topic, place->partition);
    }
}

static void mark_heirs(const struct observe_groups *groups, struct group_seen *group)
{
    for (size_t i = 0; i < group->n_places; i++)
        if (group->places[i].forgotten && has_heir(groups, &group->places[i]))
            group->places[i].forgotten = false;
}

static void drop_places(struct group_seen *group, bool listed)
{
    size_t n = 0;
    for (size_t i = 0; i < group->n_places; i++) {
        struct place_seen *place = &group->places[i];
        if (is_held(place) || !is_settled(group, listed) || place->forgotten)
            group->places[n++] = *place;
        else
            free(place->topic);
    }
    group->n_places = n;
}

static bool is_there(const void *thing, void *context)
{
    (void)context;
    const struct group_seen *group = thing;
    return group->n_places > 0 || (group->told && !group->permitted);
}

// All are marked before any is dropped, since each looks at the others.
void observe_groups_settle(struct observe_groups *groups, const struct observe_topics *topics, bool listed)
{
    for (size_t i = 0; i < groups->feeds.n; i++)
        mark_places(topics, groups->feeds.rows[i].thing, listed);
    for (size_t i = 0; i < groups->feeds.n; i++)
        mark_heirs(groups, groups->feeds.rows[i].thing);
    for (size_t i = 0; i < groups->feeds.n; i++)
        drop_places(groups->feeds.rows[i].thing, listed);
    if (listed)
        thing_table_sweep(&groups->feeds, is_there, NULL, free_group);
}

static int64_t first_unread(const struct place_seen *place, const struct survey_partition *part)
{
    return place->committed > part->start.value ? place->committed : part->start.value;
}

// false without memory.
static bool want_age(struct place_seen *place, const struct observe_topics *topics, struct ages *ages)
{
    const struct survey_partition *part = observe_topics_partition(topics, place->topic, place->partition);
    if (!part || part->stable.state != SURVEY_KNOWN || part->start.state != SURVEY_KNOWN)
        return true;
    return ages_want(ages, &place->age, place->topic, place->partition, first_unread(place, part), part->stable.value);
}

static bool want_ages(struct observe_groups *groups, const struct observe_topics *topics, struct ages *ages)
{
    for (size_t i = 0; i < groups->feeds.n; i++) {
        struct group_seen *group = groups->feeds.rows[i].thing;
        for (size_t k = 0; k < group->n_places; k++) {
            bool wanted = (group->answered && is_held(&group->places[k])) || group->places[k].forgotten;
            if (wanted && !want_age(&group->places[k], topics, ages))
                return false;
        }
    }
    return true;
}

static void begin_look(struct observe_groups *groups, bool answered)
{
    for (size_t i = 0; i < groups->feeds.n; i++) {
        struct group_seen *group = groups->feeds.rows[i].thing;
        group->answered = false;
        group->told = !answered && group->told;
        for (size_t k = 0; k < group->n_places; k++)
            group->places[k].told = group->places[k].assigned = false;
    }
}

void observe_groups_tell(
    struct observe_groups *groups, const struct observe_topics *topics, struct ages *ages, struct cycle *cycle)
{
    begin_look(groups, cycle->answered);
    for (size_t i = 0; i < cycle->groups.n && cycle_is_whole(cycle); i++)
        if (!take_group(groups, &cycle->groups.rows[i]))
            cycle_fail(cycle);
    if (!cycle->answered || !cycle_is_whole(cycle))
        return; // who was told of in part only is not to be let go of for the rest
    observe_groups_settle(groups, topics, cycle->groups.state == SURVEY_KNOWN);
    if (!want_ages(groups, topics, ages))
        cycle_fail(cycle);
}

void observe_groups_take(struct observe_groups *groups, const struct observe_topics *topics,
    const struct observe_control *control, struct ages *ages, struct cycle *cycle)
{
    if (cycle->answered)
        ask_groups(groups, &control->orgs, cycle);
    observe_groups_tell(groups, topics, ages, cycle);
}

// --- reporting ------------------------------------------------------------------------------------------------------

static void add_sample(struct place_seen *place, const struct survey_partition *part, int64_t now_ms)
{
    const struct window_sample sample = {
        .at_ms = now_ms,
        .committed = place->committed,
        .start = part->start.value,
        .end = part->stable.value,
        .caught_up = age_of(&place->age, first_unread(place, part), part->stable.value) == AGE_NOTHING,
    };
    window_add(&place->window, &sample);
}

static struct figure oldest_unread(const struct place_seen *place, const struct survey_partition *part)
{
    if (age_of(&place->age, first_unread(place, part), part->stable.value) == AGE_RECORD)
        return figure_of(place->age.at_ms);
    return (struct figure){.state = place->age.not_permitted ? FIGURE_NOT_PERMITTED : FIGURE_UNKNOWN};
}

static void report_place(struct group_seen *group, struct place_seen *place, const struct observe_topics *topics,
    struct cycle *cycle, struct group_partition *out)
{
    const struct survey_partition *part = observe_topics_partition(topics, place->topic, place->partition);
    bool told = part && part->start.state == SURVEY_KNOWN && part->stable.state == SURVEY_KNOWN;
    bool usable = told && ((group->answered && is_held(place)) || place->forgotten);
    if (usable)
        add_sample(place, part, cycle->now_ms);
    const struct window_facts facts = {
        .members = place->forgotten ? figure_of(0) : group->members,
        .forgotten = place->forgotten,
        .oldest_unread_ms = told ? oldest_unread(place, part) : (struct figure){0},
        .retention_ms = observe_topics_retention(topics, place->topic),
        .answered = usable,
        .permitted = group->permitted || place->forgotten,
    };
    window_judge(&place->window, &facts, cycle->now_ms, &cycle->health->arena, out);
    enum verdict verdict = out->finding.verdict;
    bool stands = verdict == VERDICT_READER_STOPPED || verdict == VERDICT_READER_STALLED;
    if (stands && facts.oldest_unread_ms.state == FIGURE_KNOWN)
        out->finding.since_ms = facts.oldest_unread_ms.value; // since when the force has not had what it should
    out->topic = words_copy(&cycle->health->arena, place->topic);
    out->partition = place->partition;
}

static struct figure add_figures(struct figure sum, struct figure one)
{
    if (one.state != FIGURE_KNOWN || sum.state != FIGURE_KNOWN)
        return sum.state == FIGURE_NOT_PERMITTED ? sum : one.state != FIGURE_KNOWN ? one : sum;
    return figure_of(sum.value + one.value);
}

static struct figure greatest_figure(struct figure most, struct figure one)
{
    if (one.state != FIGURE_KNOWN || most.state != FIGURE_KNOWN)
        return most.state == FIGURE_NOT_PERMITTED ? most : one.state != FIGURE_KNOWN ? one : most;
    return one.value > most.value ? one : most;
}

static int trend_of(const struct group_seen *group)
{
    int64_t older = 0, newer = 0;
    for (size_t i = 0; i < group->n_places; i++) {
        int64_t before, after;
        window_halves(&group->places[i].window, &before, &after);
        older += before;
        newer += after;
    }
    return window_trend(older, newer);
}

static void sum_up(struct group_health *out)
{
    out->lag = out->lag_ms = out->per_minute = figure_of(0);
    out->finding = out->partitions[0].finding;
    for (size_t i = 0; i < out->n_partitions; i++) {
        const struct group_partition *part = &out->partitions[i];
        out->lag = add_figures(out->lag, part->lag);
        out->lag_ms = greatest_figure(out->lag_ms, part->lag_ms);
        out->per_minute = add_figures(out->per_minute, part->per_minute);
        if (verdict_worse(out->finding.verdict, part->finding.verdict) != out->finding.verdict)
            out->finding = part->finding;
    }
}

static const char *force_of(const struct group_health *out)
{
    const char *force = observe_topics_owner(out->partitions[0].topic);
    for (size_t i = 1; i < out->n_partitions; i++)
        if (strcmp(force, observe_topics_owner(out->partitions[i].topic)) != 0)
            return "";
    return force;
}

static int by_place(const void *a, const void *b)
{
    const struct group_partition *x = a, *y = b;
    int order = strcmp(x->topic, y->topic);
    return order ? order : (x->partition > y->partition) - (x->partition < y->partition);
}

static bool report_group(struct group_seen *group, const char *name, const struct observe_topics *topics,
    struct cycle *cycle, struct group_health *out)
{
    struct arena *arena = &cycle->health->arena;
    *out = (struct group_health){.name = words_copy(arena, name),
        .members = group->told ? group->members : figure_of(0),
        .state = group->state ? group->state : ""};
    out->partitions = arena_alloc(arena, (group->n_places + 1) * sizeof *out->partitions);
    for (size_t i = 0; out->partitions && i < group->n_places; i++)
        report_place(group, &group->places[i], topics, cycle, &out->partitions[out->n_partitions++]);
    if (out->n_partitions == 0)
        return false;
    qsort(out->partitions, out->n_partitions, sizeof *out->partitions, by_place);
    sum_up(out);
    out->force = force_of(out);
    out->trend = trend_of(group);
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct group_health *)a)->name, ((const struct group_health *)b)->name);
}

void observe_groups_report(struct observe_groups *groups, const struct observe_topics *topics, struct cycle *cycle)
{
    struct health *health = cycle->health;
    health->groups = arena_alloc(&health->arena, (groups->feeds.n + 1) * sizeof *health->groups);
    for (size_t i = 0; health->groups && i < groups->feeds.n; i++)
        health->n_groups += report_group(
            groups->feeds.rows[i].thing, groups->feeds.rows[i].name, topics, cycle, &health->groups[health->n_groups]);
    if (health->n_groups)
        qsort(health->groups, health->n_groups, sizeof *health->groups, by_name);
}
