// SPDX-License-Identifier: Apache-2.0
// Two lists of (name, verdict), sorted by name and merged.
#include "hub/console/server/health_changes.h"
#include "hub/base/arena.h"
#include "hub/base/list.h"
#include "hub/console/server/json_text.h"
#include "hub/observe/things.h"
#include <stdlib.h>
#include <string.h>

struct mark {
    const char *name;
    enum verdict verdict;
};
struct marks {
    struct arena *arena; // of the names; marks are missing if it failed
    struct mark *items;
    size_t n, room;
};

static void add_mark(void *context, const struct thing_place *place)
{
    struct marks *marks = context;
    char *name = arena_text(marks->arena, slice_text(place->name));
    if (!name || !list_room(&marks->items, &marks->room, marks->n + 1, sizeof *marks->items))
        marks->arena->failed = true;
    else
        marks->items[marks->n++] = (struct mark){name, place->finding->verdict};
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct mark *)a)->name, ((const struct mark *)b)->name);
}

static struct marks marks_of(const struct health *health, struct arena *arena)
{
    struct marks marks = {.arena = arena};
    things_each(health, add_mark, &marks);
    if (marks.n)
        qsort(marks.items, marks.n, sizeof *marks.items, by_name);
    return marks;
}

// The names of those that differ. NULL without memory.
static json_t *names_between(const struct marks *old, const struct marks *new)
{
    json_t *names = json_array();
    bool whole = names != NULL;
    for (size_t i = 0, j = 0; whole && (i < old->n || j < new->n);) {
        int order = i == old->n ? 1 : j == new->n ? -1 : by_name(&old->items[i], &new->items[j]);
        if (order != 0 || old->items[i].verdict != new->items[j].verdict)
            whole = json_array_append_new(names, json_string(order < 0 ? old->items[i].name : new->items[j].name)) == 0;
        i += order <= 0;
        j += order >= 0;
    }
    if (whole)
        return names;
    json_decref(names);
    return NULL;
}

static json_t *names_of_changed(const struct health *before, const struct health *now)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct marks old = marks_of(before, &arena), new = marks_of(now, &arena);
    json_t *names = arena.failed ? NULL : names_between(&old, &new);
    free(old.items);
    free(new.items);
    arena_deinit(&arena);
    return names;
}

char *health_changes_text(const struct health *before, const struct health *now)
{
    int counts[4] = {0};
    for (size_t i = 0; i < now->n_troubles; i++)
        counts[verdict_severity(now->troubles[i].verdict)]++;
    json_t *names = before ? names_of_changed(before, now) : json_null();
    json_t *whole = names ? json_pack("{s:I, s:I, s:s, s:{s:i, s:i, s:i}, s:O}", "number", (json_int_t)now->number,
                                "at_ms", (json_int_t)now->at_ms, "severity", severity_name(now->severity), "troubles",
                                "critical", counts[SEVERITY_CRITICAL], "warning", counts[SEVERITY_WARNING], "unknown",
                                counts[SEVERITY_UNKNOWN], "changed", names)
                          : NULL;
    char *text = json_text(whole);
    json_decref(names);
    json_decref(whole);
    return text;
}

void health_changes_init(struct health_changes *changes)
{
    *changes = (struct health_changes){0};
    pthread_mutex_init(&changes->mutex, NULL);
}

void health_changes_deinit(struct health_changes *changes)
{
    health_drop(changes->last);
    free(changes->text);
    pthread_mutex_destroy(&changes->mutex);
}

// With the mutex held.
static void take_newer(struct health_changes *changes, const struct health *health)
{
    bool next = changes->last && changes->last->number + 1 == health->number;
    free(changes->text);
    changes->text = health_changes_text(next ? changes->last : NULL, health);
    health_drop(changes->last);
    changes->last = health_hold(health);
}

char *health_changes_event(struct health_changes *changes, const struct health *health, uint64_t seen)
{
    char *event = NULL;
    pthread_mutex_lock(&changes->mutex);
    if (!changes->last || changes->last->number < health->number)
        take_newer(changes, health);
    if (changes->text && changes->last->number == health->number && seen + 1 == health->number)
        event = strdup(changes->text);
    pthread_mutex_unlock(&changes->mutex);
    return event ? event : health_changes_text(NULL, health);
}
