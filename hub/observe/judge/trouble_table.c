// SPDX-License-Identifier: Apache-2.0
// The rows of troubles.def, and the things of a snapshot as the parts of troubles_find go through them.
#include "hub/observe/judge/trouble_table.h"
#include "hub/observe/words.h"

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

static void take_thing(void *context, const struct thing_place *place)
{
    struct filling *filling = context;
    size_t i = filling->n++;
    if (!filling->items)
        return;
    const char *name = words_copy(filling->arena, place->name);
    filling->items[i] = (struct item){
        .of = place->of, .index = place->index, .name = name, .finding = (struct finding *)place->finding, .cause = i};
}

struct item *trouble_items(const struct health *health, struct arena *arena, size_t *n)
{
    struct filling filling = {.arena = arena};
    things_each(health, take_thing, &filling);
    filling.items = arena_alloc(arena, filling.n * sizeof *filling.items);
    if (!filling.items)
        return NULL;
    filling.n = 0;
    things_each(health, take_thing, &filling);
    *n = filling.n;
    return filling.items;
}
