// SPDX-License-Identifier: Apache-2.0
// What was told before and is well now. Something that is wrong in another way, or that nobody can see any more, has
// not cleared.
#include "hub/observe/judge/troubles_parts.h"
#include "hub/observe/words.h"
#include <stdlib.h>

#define CLEARED_MOST 50

// The snapshot before dies before this one.
static struct trouble copy_trouble(struct arena *arena, const struct trouble *trouble)
{
    struct trouble own = *trouble;
    own.thing = words_copy(arena, trouble->thing);
    own.title = words_copy(arena, trouble->title);
    own.effect = words_copy(arena, trouble->effect);
    own.cause = words_copy(arena, trouble->cause);
    own.next = words_copy(arena, trouble->next);
    own.command = words_copy(arena, trouble->command);
    own.rule = words_copy(arena, trouble->rule);
    own.numbers = words_copy(arena, trouble->numbers);
    for (size_t i = 0; i < sizeof own.forces / sizeof *own.forces; i++)
        own.forces[i] = trouble->forces[i] ? words_copy(arena, trouble->forces[i]) : NULL;
    return own;
}

static bool goes_on(const struct inquiry *inquiry, const struct trouble *trouble)
{
    const struct health *health = inquiry->health;
    bool together = trouble_row(trouble->verdict)->together;
    for (size_t i = 0; i < health->n_troubles; i++)
        if (health->troubles[i].verdict == trouble->verdict &&
            (together || strcmp(health->troubles[i].thing, trouble->thing) == 0))
            return true;
    for (size_t i = 0; i < inquiry->n_items; i++)
        if (strcmp(inquiry->items[i].name, trouble->thing) == 0)
            return verdict_severity(inquiry->items[i].finding->verdict) != SEVERITY_OK;
    return false;
}

void troubles_clear(struct inquiry *inquiry)
{
    const struct health *before = inquiry->before;
    struct health *health = inquiry->health;
    health->n_cleared = 0;
    health->cleared = arena_alloc(&health->arena, CLEARED_MOST * sizeof *health->cleared);
    if (!health->cleared)
        return;
    for (size_t i = 0; before && i < before->n_troubles && health->n_cleared < CLEARED_MOST; i++)
        if (!goes_on(inquiry, &before->troubles[i])) {
            struct trouble *cleared = &health->cleared[health->n_cleared++];
            *cleared = copy_trouble(&health->arena, &before->troubles[i]);
            cleared->cleared_ms = health->at_ms;
        }
    for (size_t i = 0; before && i < before->n_cleared && health->n_cleared < CLEARED_MOST; i++)
        health->cleared[health->n_cleared++] = copy_trouble(&health->arena, &before->cleared[i]);
}
