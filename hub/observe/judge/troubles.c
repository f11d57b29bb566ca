// SPDX-License-Identifier: Apache-2.0
// From findings to the list of what is wrong: when each began, what only follows from something else, what it makes of
// the forces, and words for what remains.
#include "hub/observe/judge/troubles.h"
#include "hub/observe/judge/troubles_parts.h"
#include <stdlib.h>

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

static void tell_troubles(struct inquiry *inquiry)
{
    struct health *health = inquiry->health;
    const struct item **members = arena_alloc(&inquiry->scratch, inquiry->n_items * sizeof *members);
    size_t told = 0;
    for (size_t i = 0; i < inquiry->n_items; i++)
        told += inquiry->items[i].told;
    health->troubles = arena_alloc(&health->arena, told * sizeof *health->troubles);
    health->n_troubles = 0;
    if (!members || !health->troubles)
        return;
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

// What lacks memory leaves a gap and goes on; that there is one shows in the arenas.
static bool find_all(struct inquiry *inquiry)
{
    struct health *health = inquiry->health;
    inquiry->items = trouble_items(health, &inquiry->scratch, &inquiry->n_items);
    if (!inquiry->items)
        return false;
    troubles_since(inquiry, false);
    troubles_fold(inquiry);
    troubles_forces(inquiry);
    troubles_since(inquiry, true);
    tell_troubles(inquiry);
    troubles_clear(inquiry);
    health->severity = severity_of(health);
    return !inquiry->scratch.failed && !health->arena.failed;
}

bool troubles_find(struct health *health, const struct health *before)
{
    struct inquiry inquiry = {.health = health, .before = before};
    arena_init(&inquiry.scratch, 0);
    bool whole = find_all(&inquiry);
    arena_deinit(&inquiry.scratch);
    return whole;
}
