// SPDX-License-Identifier: Apache-2.0
// Two lists of (name, verdict), sorted by name and merged.
#include "hub/console/server/health_changes.h"
#include "hub/observe/things.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct mark {
    const char *name;
    enum verdict verdict;
};
struct marks {
    struct arena *arena;
    struct mark *items;
    size_t n, room;
};

static void add(void *context, const struct thing_place *place)
{
    struct marks *marks = context;
    if (marks->n == marks->room) {
        marks->room = marks->room ? 2 * marks->room : 1024;
        marks->items = realloc(marks->items, marks->room * sizeof *marks->items);
    }
    char *name = arena_text(marks->arena, slice_text(place->name));
    if (!marks->items || !name)
        abort();
    marks->items[marks->n++] = (struct mark){name, place->finding->verdict};
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct mark *)a)->name, ((const struct mark *)b)->name);
}

static struct marks marks_of(const struct health *health, struct arena *arena)
{
    struct marks marks = {.arena = arena};
    things_each(health, add, &marks);
    if (marks.n)
        qsort(marks.items, marks.n, sizeof *marks.items, by_name);
    return marks;
}

// Those that differ, as an array of names.
static json_t *changed(const struct health *before, const struct health *now)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct marks old = marks_of(before, &arena), new = marks_of(now, &arena);
    json_t *names = json_array();
    for (size_t i = 0, j = 0; i < old.n || j < new.n;) {
        int order = i == old.n ? 1 : j == new.n ? -1 : by_name(&old.items[i], &new.items[j]);
        if (order != 0 || old.items[i].verdict != new.items[j].verdict)
            json_array_append_new(names, json_string(order < 0 ? old.items[i].name : new.items[j].name));
        i += order <= 0;
        j += order >= 0;
    }
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
    json_t *whole = json_pack("{s:I, s:I, s:s, s:{s:i, s:i, s:i}, s:o}", "number", (json_int_t)now->number, "at_ms",
        (json_int_t)now->at_ms, "severity", severity_name(now->severity), "troubles", "critical",
        counts[SEVERITY_CRITICAL], "warning", counts[SEVERITY_WARNING], "unknown", counts[SEVERITY_UNKNOWN], "changed",
        before ? changed(before, now) : json_null());
    char *text = whole ? json_dumps(whole, JSON_COMPACT) : NULL;
    json_decref(whole);
    return text;
}
