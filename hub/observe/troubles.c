// SPDX-License-Identifier: Apache-2.0
// From findings to the list of what is wrong.
#include "hub/observe/troubles.h"
#include "hub/observe/things.h"
#include <stdlib.h>

struct list {
    struct health *health;
    size_t room;
};

static void take(void *context, const struct thing_place *place)
{
    struct list *list = context;
    struct health *health = list->health;
    const struct verdict_row *row = verdict_row(place->finding->verdict);
    if (row->severity == SEVERITY_OK)
        return;
    struct arena *arena = &health->arena;
    if (health->n_troubles == list->room) {
        size_t room = list->room ? list->room * 2 : 16;
        struct trouble *more = arena_alloc(arena, room * sizeof *more);
        if (!more)
            return;
        if (health->n_troubles)
            memcpy(more, health->troubles, health->n_troubles * sizeof *more);
        health->troubles = more;
        list->room = room;
    }
    health->troubles[health->n_troubles++] = (struct trouble){
        .verdict = place->finding->verdict,
        .thing = arena_printf(arena, "%s", place->name),
        .title = arena_printf(arena, "%s is %s", place->name, row->word),
        .effect = place->finding->detail,
        .cause = row->meaning,
        .next = row->remedy,
        .command = arena_printf(arena, "signalbox status %s", place->name),
        .rule = place->finding->rule,
        .numbers = place->finding->numbers,
        .since_ms = place->finding->since_ms,
    };
}

static int by_pain(const void *a, const void *b)
{
    const struct trouble *x = a, *y = b;
    int pain_x = severity_pain(verdict_severity(x->verdict)), pain_y = severity_pain(verdict_severity(y->verdict));
    if (pain_x != pain_y)
        return pain_y - pain_x;
    return (x->since_ms > y->since_ms) - (x->since_ms < y->since_ms);
}

void troubles_find(struct health *health, const struct health *before)
{
    struct list list = {.health = health};
    (void)before;
    health->troubles = NULL;
    health->n_troubles = 0;
    things_each(health, take, &list);
    if (health->n_troubles)
        qsort(health->troubles, health->n_troubles, sizeof *health->troubles, by_pain);
    health->severity = health->n_troubles ? verdict_severity(health->troubles[0].verdict) : SEVERITY_OK;
}
