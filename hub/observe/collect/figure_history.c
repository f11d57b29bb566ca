// SPDX-License-Identifier: Apache-2.0
// Only figures that were ever known take room, and things that are gone give it back.
#include "hub/observe/collect/figure_history.h"
#include "hub/observe/things.h"
#include <stdlib.h>
#include <string.h>

#define UNKNOWN     INT64_MIN
#define STEP_MAX_MS 60000

static void free_seen(void *thing)
{
    struct trail_seen *seen = thing;
    for (size_t i = 0; i < TRAIL_FIGURES; i++)
        free(seen->values[i]);
}

void figure_history_deinit(struct figure_history *history)
{
    thing_table_deinit(&history->things, free_seen);
}

// --- the line -------------------------------------------------------------------------------------------------------

static void thin_values(int64_t *values)
{
    for (size_t i = 0; i < TRAIL_POINTS / 2; i++)
        values[i] = values[2 * i];
}

static void shift_values(int64_t *values)
{
    memmove(values, values + 1, (TRAIL_POINTS - 1) * sizeof *values);
}

static void each_line(struct figure_history *history, void (*change)(int64_t *values))
{
    change(history->at_ms);
    for (size_t i = 0; i < history->things.n; i++) {
        struct trail_seen *seen = history->things.rows[i].thing;
        for (size_t k = 0; k < TRAIL_FIGURES; k++)
            if (seen->values[k])
                change(seen->values[k]);
    }
}

static void make_room(struct figure_history *history)
{
    if (history->n < TRAIL_POINTS)
        return;
    if (history->step_ms >= STEP_MAX_MS) {
        each_line(history, shift_values);
        history->n--;
        return;
    }
    each_line(history, thin_values);
    history->n = TRAIL_POINTS / 2;
    history->step_ms = history->step_ms * 2 < STEP_MAX_MS ? history->step_ms * 2 : STEP_MAX_MS;
}

// --- points ---------------------------------------------------------------------------------------------------------

static bool new_values(int64_t **values)
{
    *values = malloc(TRAIL_POINTS * sizeof **values);
    for (size_t i = 0; *values && i < TRAIL_POINTS; i++)
        (*values)[i] = UNKNOWN;
    return *values != NULL;
}

static void put_figure(
    const struct figure_history *history, struct trail_seen *seen, enum trail_figure figure, struct figure value)
{
    if (seen->values[figure] && value.state == FIGURE_KNOWN)
        seen->values[figure][history->n - 1] = value.value;
}

struct point {
    struct figure figures[TRAIL_FIGURES];
};

// What goes in or out by a topic of one's own.
static struct figure rate_of(const struct health *health, enum topic_part part, const char *owner)
{
    for (size_t i = 0; i < health->n_topics; i++)
        if (health->topics[i].part == part && strcmp(health->topics[i].owner, owner) == 0)
            return health->topics[i].per_minute;
    return (struct figure){0};
}

static bool point_of(const struct health *health, const struct thing_place *place, struct point *point)
{
    *point = (struct point){0};
    switch (place->of) {
    case THING_GROUP:
        point->figures[TRAIL_LAG] = health->groups[place->index].lag;
        point->figures[TRAIL_LAG_MS] = health->groups[place->index].lag_ms;
        point->figures[TRAIL_PER_MINUTE] = health->groups[place->index].per_minute;
        return true;
    case THING_TOPIC:
        point->figures[TRAIL_PER_MINUTE] = health->topics[place->index].per_minute;
        return true;
    case THING_FORCE:
        point->figures[TRAIL_LAG] = health->forces[place->index].lag;
        point->figures[TRAIL_LAG_MS] = health->forces[place->index].lag_ms;
        point->figures[TRAIL_PER_MINUTE] = rate_of(health, TOPIC_PART_FEED, health->forces[place->index].id);
        point->figures[TRAIL_HUB_MS] = health->forces[place->index].delays.hub_p50_ms;
        return true;
    case THING_SOURCE:
        point->figures[TRAIL_LAG] = health->sources[place->index].waiting;
        point->figures[TRAIL_PER_MINUTE] = rate_of(health, TOPIC_PART_INBOUND, health->sources[place->index].agency);
        point->figures[TRAIL_HUB_MS] = health->sources[place->index].delays.hub_p50_ms;
        return true;
    case THING_LANE:
        point->figures[TRAIL_LAG] = health->lanes[place->index].waiting;
        point->figures[TRAIL_LAG_MS] = health->lanes[place->index].waiting_ms;
        return true;
    case THING_CANARY:
        point->figures[TRAIL_HUB_MS] = health->canaries[place->index].last_ms;
        return true;
    default:
        return false;
    }
}

struct taking {
    struct figure_history *history;
    const struct health *health;
    bool failed; // for want of memory
};

// Makes room for the figures of a thing that were never known before.
static void prepare_thing(void *context, const struct thing_place *place)
{
    struct taking *taking = context;
    struct figure_history *history = taking->history;
    struct point point;
    if (!point_of(taking->health, place, &point) ||
        (history->things.n >= FIGURE_HISTORY_MAX && !thing_table_find(&history->things, place->name)))
        return;
    struct trail_seen *seen = thing_table_thing(&history->things, place->name, sizeof *seen);
    taking->failed |= !seen;
    for (size_t i = 0; seen && i < TRAIL_FIGURES; i++)
        if (point.figures[i].state == FIGURE_KNOWN && !seen->values[i] && !new_values(&seen->values[i]))
            taking->failed = true;
}

static void take_thing(void *context, const struct thing_place *place)
{
    const struct taking *taking = context;
    struct trail_seen *seen = thing_table_find(&taking->history->things, place->name);
    struct point point;
    if (!seen || !point_of(taking->health, place, &point))
        return;
    for (size_t i = 0; i < TRAIL_FIGURES; i++)
        put_figure(taking->history, seen, (enum trail_figure)i, point.figures[i]);
}

static void begin_point(struct figure_history *history, int64_t at_ms)
{
    make_room(history);
    history->at_ms[history->n++] = at_ms;
    for (size_t i = 0; i < history->things.n; i++) {
        struct trail_seen *seen = history->things.rows[i].thing;
        for (size_t k = 0; k < TRAIL_FIGURES; k++)
            if (seen->values[k])
                seen->values[k][history->n - 1] = UNKNOWN;
    }
}

static bool has_points(const void *thing, void *context)
{
    const struct trail_seen *seen = thing;
    const struct figure_history *history = context;
    for (size_t k = 0; k < TRAIL_FIGURES; k++)
        for (size_t i = 0; seen->values[k] && i < history->n; i++)
            if (seen->values[k][i] != UNKNOWN)
                return true;
    return false;
}

bool figure_history_take(struct figure_history *history, const struct health *health)
{
    if (history->step_ms == 0)
        history->step_ms = health->every_ms;
    if (history->n && health->at_ms - history->at_ms[history->n - 1] < history->step_ms - (int64_t)health->every_ms / 2)
        return true;
    struct taking taking = {history, health, false};
    things_each(health, prepare_thing, &taking);
    if (taking.failed)
        return false;
    begin_point(history, health->at_ms);
    things_each(health, take_thing, &taking);
    if (history->n % 60 == 0)
        thing_table_sweep(&history->things, has_points, history, free_seen);
    return true;
}

bool figure_history_read(
    const struct figure_history *history, const char *thing, enum trail_figure figure, struct trail *trail)
{
    *trail = (struct trail){0};
    const struct trail_seen *seen = thing_table_find(&history->things, thing);
    if (!seen || (unsigned)figure >= TRAIL_FIGURES)
        return false;
    trail->n = history->n;
    memcpy(trail->at_ms, history->at_ms, history->n * sizeof *history->at_ms);
    const int64_t *values = seen->values[figure];
    for (size_t i = 0; values && i < history->n; i++)
        if (values[i] != UNKNOWN)
            trail->values[i] = figure_of(values[i]);
    return true;
}
