// SPDX-License-Identifier: Apache-2.0
// From findings to the list of what is wrong: when each began, what only follows from something else, what it makes of
// the forces, and words for what remains.
#include "hub/observe/judge/troubles_parts.h"
#include <stdlib.h>

static const struct trouble_row rows[VERDICT_COUNT] = {
#define EACH false
#define ALL  true
#define TROUBLE(verdict, together, force, title, effect, cause, command)                                               \
    [VERDICT_##verdict] = {together, VERDICT_FORCE_##force, title, effect, cause, command},
#include "hub/observe/judge/troubles.def"
#undef TROUBLE
#undef ALL
#undef EACH
};

const struct trouble_row *trouble_row(enum verdict verdict)
{
    return &rows[verdict_row(verdict) ? verdict : 0];
}

struct filling {
    struct arena *arena;
    struct item *items; // NULL: only count
    size_t n;
};

static void take(void *context, const struct thing_place *place)
{
    struct filling *filling = context;
    size_t i = filling->n++;
    if (!filling->items)
        return;
    const char *name = arena_text(filling->arena, slice_text(place->name));
    if (!name)
        abort();
    filling->items[i] = (struct item){
        .of = place->of, .index = place->index, .name = name, .finding = (struct finding *)place->finding, .cause = i};
}

struct item *items_of(const struct health *health, struct arena *arena, size_t *n)
{
    struct filling filling = {.arena = arena};
    things_each(health, take, &filling);
    filling.items = arena_alloc(arena, filling.n * sizeof *filling.items);
    if (!filling.items)
        abort();
    filling.n = 0;
    things_each(health, take, &filling);
    *n = filling.n;
    return filling.items;
}

// The items that one trouble tells of: the one at i, or all with its verdict. None if an earlier one has told of it.
static size_t members_of(const struct inquiry *inquiry, size_t i, const struct item **members)
{
    const struct item *items = inquiry->items;
    enum verdict verdict = items[i].finding->verdict;
    bool together = trouble_row(verdict)->together;
    size_t n = 0;
    for (size_t k = together ? 0 : i; k < (together ? inquiry->n_items : i + 1); k++)
        if (items[k].told && items[k].finding->verdict == verdict)
            members[n++] = &items[k];
    return n && members[0] == &items[i] ? n : 0;
}

// How bad it is, then how many forces it hurts, then how long it has lasted.
static int by_pain(const void *a, const void *b)
{
    const struct trouble *x = a, *y = b;
    int pain_x = severity_pain(verdict_severity(x->verdict)), pain_y = severity_pain(verdict_severity(y->verdict));
    if (pain_x != pain_y)
        return pain_y - pain_x;
    if (x->n_forces != y->n_forces)
        return x->n_forces > y->n_forces ? -1 : 1;
    if (x->since_ms != y->since_ms)
        return x->since_ms < y->since_ms ? -1 : 1;
    return strcmp(x->thing, y->thing);
}

static void tell(struct inquiry *inquiry)
{
    struct health *health = inquiry->health;
    const struct item **members = arena_alloc(&inquiry->scratch, inquiry->n_items * sizeof *members);
    size_t told = 0;
    for (size_t i = 0; i < inquiry->n_items; i++)
        told += inquiry->items[i].told;
    health->troubles = arena_alloc(&health->arena, told * sizeof *health->troubles);
    health->n_troubles = 0;
    if (!members || !health->troubles)
        abort();
    for (size_t i = 0; i < inquiry->n_items; i++) {
        size_t n = inquiry->items[i].told ? members_of(inquiry, i, members) : 0;
        if (n)
            health->troubles[health->n_troubles++] = troubles_word(inquiry, members, n);
    }
    if (health->n_troubles)
        qsort(health->troubles, health->n_troubles, sizeof *health->troubles, by_pain);
}

// A list that is empty because nothing has been heard yet does not mean that all is well.
static enum severity severity_of(const struct health *health)
{
    if (health->n_troubles)
        return verdict_severity(health->troubles[0].verdict);
    bool heard = health->broker.verdict != VERDICT_BROKER_UNKNOWN && health->control.verdict != VERDICT_CONTROL_UNKNOWN;
    return !heard ? SEVERITY_UNKNOWN : SEVERITY_OK;
}

void troubles_find(struct health *health, const struct health *before)
{
    struct inquiry inquiry = {.health = health, .before = before};
    arena_init(&inquiry.scratch, 0);
    inquiry.items = items_of(health, &inquiry.scratch, &inquiry.n_items);
    troubles_since(&inquiry, false);
    troubles_fold(&inquiry);
    troubles_forces(&inquiry);
    troubles_since(&inquiry, true);
    tell(&inquiry);
    troubles_clear(&inquiry);
    health->severity = severity_of(health);
    arena_deinit(&inquiry.scratch);
}
