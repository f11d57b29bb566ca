// SPDX-License-Identifier: Apache-2.0
// What a topic is follows from its name in topics.def; that it should be there, from the plan with the registry in
// force.
#include "hub/observe/collect/observe_topics.h"
#include "hub/control/topics.h"
#include "hub/base/list.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/collect/observe_control.h"
#include "hub/observe/judge/judge.h"
#include "hub/observe/words.h"
#include <stdlib.h>

#define RETENTION_MS 600000 // between two questions

// --- names ----------------------------------------------------------------------------------------------------------

static enum topic_id id_of(const char *name)
{
    for (enum topic_id id = 0; id < TOPIC_IDS; id++) {
        const char *known = topic_name(id);
        size_t len = strlen(known);
        if (topic_owned(id) ? strncmp(name, known, len) == 0 && name[len] : strcmp(name, known) == 0)
            return id;
    }
    return TOPIC_IDS;
}

bool observe_topics_wanted(const char *name)
{
    return id_of(name) != TOPIC_IDS;
}

const char *observe_topics_owner(const char *name)
{
    enum topic_id id = id_of(name);
    return id != TOPIC_IDS && topic_owned(id) ? name + strlen(topic_name(id)) : "";
}

static enum topic_part part_of(enum topic_id id)
{
    switch (id) {
    case TOPIC_IN:
        return TOPIC_PART_INBOUND;
    case TOPIC_FEED:
        return TOPIC_PART_FEED;
    case TOPIC_RECEIPT:
        return TOPIC_PART_RECEIPT;
    case TOPIC_REGISTRY:
    case TOPIC_POLICY:
    case TOPIC_SUBSCRIPTIONS:
        return TOPIC_PART_CONTROL;
    default:
        return TOPIC_PART_INTERNAL;
    }
}

// --- taking ---------------------------------------------------------------------------------------------------------

static void free_seen(void *thing)
{
    free(((struct topic_seen *)thing)->past);
}

void observe_topics_deinit(struct observe_topics *topics)
{
    thing_table_deinit(&topics->seen, free_seen);
}

// NULL without memory.
static struct topic_seen *seen_of(struct observe_topics *topics, const char *name)
{
    struct topic_seen *seen = thing_table_thing(&topics->seen, name, sizeof *seen);
    if (seen)
        seen->part = part_of(id_of(name));
    return seen;
}

static bool take_partitions(struct topic_seen *seen, const struct survey_topic *told, int64_t now_ms)
{
    if (!list_room(&seen->past, &seen->past_room, told->n_partitions, sizeof *seen->past))
        return false;
    for (; seen->n_past < told->n_partitions; seen->n_past++)
        seen->past[seen->n_past] = (struct topic_past){0};
    bool leaderless = false;
    for (size_t i = 0; i < told->n_partitions; i++) {
        const struct survey_partition *part = &told->partitions[i];
        leaderless |= part->leader.state != SURVEY_KNOWN;
        if (part->end.state == SURVEY_KNOWN && part->stable.state == SURVEY_KNOWN)
            topic_past_add(&seen->past[i], now_ms, part->stable.value, part->end.value);
    }
    seen->leaderless_ms = !leaderless ? 0 : seen->leaderless_ms ? seen->leaderless_ms : now_ms;
    return true;
}

static void take_told(struct observe_topics *topics, struct cycle *cycle)
{
    for (size_t i = 0; i < cycle->topics.n; i++) {
        const struct survey_topic *told = &cycle->topics.rows[i];
        struct topic_seen *seen = seen_of(topics, told->name);
        if (!seen || !take_partitions(seen, told, cycle->now_ms)) {
            cycle_fail(cycle);
            return;
        }
        seen->told = seen->permitted = true;
        seen->now = told;
    }
}

// Before the registry is known nothing can be missing but what every deployment has.
static void take_expected(struct observe_topics *topics, const struct observe_control *control, struct cycle *cycle)
{
    const struct topics_for what = {
        .lanes = 1, .replication = -1, .registry = control->documents ? documents_registry(control->documents) : NULL};
    struct topic_plan plan = topic_plan_of(&what);
    if (!plan.rows)
        cycle_fail(cycle);
    for (size_t i = 0; i < plan.n; i++) {
        struct topic_seen *seen = seen_of(topics, plan.rows[i].name);
        if (seen)
            seen->expected = true;
        else
            cycle_fail(cycle);
    }
    topic_plan_deinit(&plan);
}

// A broker leaves out of its list what we may not see, so whatever is missing there is asked for by name.
static void take_missing(struct observe_topics *topics, struct cycle *cycle)
{
    size_t n = 0;
    const char **names = arena_alloc(cycle->arena, (topics->seen.n + 1) * sizeof *names);
    enum survey_state *states = arena_alloc(cycle->arena, (topics->seen.n + 1) * sizeof *states);
    struct topic_seen **missing = arena_alloc(cycle->arena, (topics->seen.n + 1) * sizeof *missing);
    for (size_t i = 0; names && states && missing && i < topics->seen.n; i++) {
        struct topic_seen *seen = topics->seen.rows[i].thing;
        if (seen->told || !seen->expected)
            continue;
        missing[n] = seen;
        names[n++] = topics->seen.rows[i].name;
    }
    if (n)
        survey_topic_states(cycle->survey, names, n, cycle_left(cycle, SURVEY_MS), states);
    for (size_t i = 0; i < n; i++)
        missing[i]->permitted = states[i] != SURVEY_NOT_PERMITTED;
}

struct figure observe_topics_inbound(const struct observe_topics *topics)
{
    for (size_t i = 0; i < topics->seen.n; i++) {
        const struct topic_seen *seen = topics->seen.rows[i].thing;
        bool inbound = seen->part == TOPIC_PART_INBOUND || strcmp(topics->seen.rows[i].name, "relane") == 0;
        if (inbound && !seen->told && !seen->permitted)
            return (struct figure){.state = FIGURE_NOT_PERMITTED};
    }
    return figure_of(0);
}

static void take_retention(struct observe_topics *topics, struct cycle *cycle)
{
    if (cycle->topics.n == topics->retention_n && cycle->now_ms - topics->retention_ms < RETENTION_MS)
        return;
    struct survey_number *numbers = arena_alloc(cycle->arena, (cycle->topics.n + 1) * sizeof *numbers);
    if (!numbers)
        return;
    survey_retention(cycle->survey, &cycle->topics, cycle_left(cycle, SURVEY_MS), numbers);
    for (size_t i = 0; i < cycle->topics.n; i++) {
        struct topic_seen *seen = thing_table_find(&topics->seen, cycle->topics.rows[i].name);
        if (seen)
            seen->retention_ms = observe_figure(numbers[i]);
    }
    topics->retention_ms = cycle->now_ms;
    topics->retention_n = cycle->topics.n;
}

static bool is_there(const void *thing, void *context)
{
    (void)context;
    const struct topic_seen *seen = thing;
    return seen->told || seen->expected;
}

void observe_topics_tell(struct observe_topics *topics, const struct observe_control *control, struct cycle *cycle)
{
    for (size_t i = 0; i < topics->seen.n; i++) {
        struct topic_seen *seen = topics->seen.rows[i].thing;
        seen->now = NULL;
        if (cycle->answered)
            seen->told = seen->expected = false;
    }
    if (!cycle->answered)
        return;
    take_told(topics, cycle);
    take_expected(topics, control, cycle);
    if (cycle_is_whole(cycle))
        thing_table_sweep(&topics->seen, is_there, NULL, free_seen);
}

void observe_topics_take(struct observe_topics *topics, const struct observe_control *control, struct cycle *cycle)
{
    observe_topics_tell(topics, control, cycle);
    if (!cycle->answered || !cycle_is_whole(cycle))
        return;
    take_missing(topics, cycle);
    take_retention(topics, cycle);
}

// --- reporting ------------------------------------------------------------------------------------------------------

static void find_signs(const struct topic_seen *seen, int64_t now_ms, struct topic_signs *signs)
{
    int64_t span = 0;
    for (size_t i = 0; seen->now && i < seen->now->n_partitions; i++) {
        const struct survey_partition *part = &seen->now->partitions[i];
        const struct topic_past *past = &seen->past[i];
        signs->told &= part->end.state == SURVEY_KNOWN || part->leader.state != SURVEY_KNOWN;
        if (part->leader.state != SURVEY_KNOWN)
            signs->no_leader = part->partition;
        if (part->in_sync.value < part->replicas.value)
            signs->out_of_step = part->partition;
        if (past->back_ms) {
            signs->went_back = part->partition;
            signs->was = past->was;
            signs->is = past->is;
        }
        if (past->stands_since_ms && now_ms - past->stands_since_ms > signs->stuck_ms) {
            signs->stuck = part->partition;
            signs->stuck_ms = now_ms - past->stands_since_ms;
        }
        if (past->n > 1) {
            signs->moved += past->ends[past->n - 1] - past->ends[0];
            span = past->at_ms[past->n - 1] - past->at_ms[0];
        }
    }
    signs->window_ms = span;
}

static void report_partitions(const struct survey_topic *now, struct arena *arena, struct topic_health *out)
{
    out->partitions = now ? arena_alloc(arena, (now->n_partitions + 1) * sizeof *out->partitions) : NULL;
    out->n_partitions = out->partitions ? now->n_partitions : 0;
    for (size_t i = 0; i < out->n_partitions; i++) {
        const struct survey_partition *part = &now->partitions[i];
        out->partitions[i] = (struct partition_health){
            .partition = part->partition,
            .start = observe_figure(part->start),
            .stable = observe_figure(part->stable),
            .end = observe_figure(part->end),
            .leader = observe_figure(part->leader),
            .preferred = observe_figure(part->preferred),
            .replicas = observe_figure(part->replicas),
            .in_sync = observe_figure(part->in_sync),
        };
    }
}

static struct figure rate_of(const struct topic_seen *seen)
{
    struct figure sum = figure_of(0);
    for (size_t i = 0; seen->now && i < seen->now->n_partitions; i++) {
        struct figure rate = topic_past_per_minute(&seen->past[i]);
        if (rate.state != FIGURE_KNOWN)
            return rate;
        sum.value += rate.value;
    }
    return seen->now ? sum : (struct figure){0};
}

static void report_topic(const struct topic_seen *seen, const char *name, struct cycle *cycle, struct topic_health *out)
{
    struct arena *arena = &cycle->health->arena;
    struct topic_signs signs = {
        .told = seen->now != NULL,
        .permitted = seen->permitted || seen->told || !cycle->answered,
        .missing = cycle->answered && !seen->told,
        .no_leader = -1,
        .went_back = -1,
        .stuck = -1,
        .out_of_step = -1,
        .stuck_after_ms = cycle->settings->transaction_ms * INT64_C(3) / 2,
    };
    signs.no_leader_ms = seen->leaderless_ms ? cycle->now_ms - seen->leaderless_ms : 0;
    find_signs(seen, cycle->now_ms, &signs);
    out->name = words_copy(arena, name);
    out->part = seen->part;
    out->owner = observe_topics_owner(out->name);
    out->retention_ms = seen->retention_ms;
    out->per_minute = rate_of(seen);
    report_partitions(seen->now, arena, out);
    judge_topic(&signs, arena, &out->finding);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct topic_health *)a)->name, ((const struct topic_health *)b)->name);
}

void observe_topics_report(struct observe_topics *topics, struct cycle *cycle)
{
    struct health *health = cycle->health;
    health->topics = arena_alloc(&health->arena, (topics->seen.n + 1) * sizeof *health->topics);
    for (size_t i = 0; health->topics && i < topics->seen.n; i++)
        report_topic(topics->seen.rows[i].thing, topics->seen.rows[i].name, cycle, &health->topics[health->n_topics++]);
    if (health->n_topics)
        qsort(health->topics, health->n_topics, sizeof *health->topics, by_name);
}

const struct survey_partition *observe_topics_partition(
    const struct observe_topics *topics, const char *name, int32_t partition)
{
    const struct topic_seen *seen = thing_table_find(&topics->seen, name);
    for (size_t i = 0; seen && seen->now && i < seen->now->n_partitions; i++)
        if (seen->now->partitions[i].partition == partition)
            return &seen->now->partitions[i];
    return NULL;
}

int64_t observe_topics_moved_ms(const struct observe_topics *topics, const char *name)
{
    const struct topic_seen *seen = thing_table_find(&topics->seen, name);
    int64_t moved_ms = 0;
    for (size_t i = 0; seen && i < seen->n_past; i++)
        if (seen->past[i].moved_ms > moved_ms)
            moved_ms = seen->past[i].moved_ms;
    return moved_ms;
}

struct figure observe_topics_retention(const struct observe_topics *topics, const char *name)
{
    const struct topic_seen *seen = thing_table_find(&topics->seen, name);
    return seen ? seen->retention_ms : (struct figure){0};
}
