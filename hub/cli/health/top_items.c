// SPDX-License-Identifier: Apache-2.0
// What the list of top holds, in its order. Listed anew from the snapshot whenever something changes: some thousand
// rows cost nothing, and nothing can be left over from the snapshot before.
#include "hub/cli/health/top.h"
#include "hub/cli/frame/memory.h"
#include <stdlib.h>
#include <string.h>

static bool matches_filter(const struct top *top, const struct top_item *item)
{
    const char *texts[] = {item->name, item->thing ? item->thing->word : "",
        item->thing ? health_view_text(item->thing->object, "name") : "", health_view_text(item->trouble, "title"),
        health_view_text(item->trouble, "word")};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcasestr(texts[i], top->filter))
            return true;
    return false;
}

static void add_item(struct top *top, struct top_item item)
{
    item.place = top->n_items;
    if (matches_filter(top, &item))
        top->items[top->n_items++] = item;
}

static void add_troubles(struct top *top, const char *list, bool cleared)
{
    size_t i;
    json_t *trouble;
    json_array_foreach(json_object_get(top->health->json, list), i, trouble)
    {
        const char *name = health_view_text(trouble, "thing");
        enum severity severity = cleared ? SEVERITY_OK : health_view_severity_of(trouble);
        add_item(top, (struct top_item){.name = name,
                          .severity = severity,
                          .thing = health_view_find(top->health, name),
                          .trouble = trouble,
                          .cleared = cleared});
    }
}

// How long something waits, or has been silent, for the order.
static int64_t delay_of(const struct top_item *item)
{
    static const char *const keys[] = {"lag_ms", "waiting_ms", "lag", "waiting"};
    for (size_t i = 0; item->thing && i < sizeof keys / sizeof *keys; i++) {
        struct figure figure = health_view_figure(item->thing->object, keys[i]);
        if (figure.state == FIGURE_KNOWN && figure.value)
            return figure.value;
    }
    return 0;
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_pain(const void *x, const void *y)
{
    const struct top_item *a = x, *b = y;
    int pain = severity_pain(b->severity) - severity_pain(a->severity);
    if (pain)
        return pain;
    int delay = a->trouble ? 0 : compare_numbers(delay_of(b), delay_of(a));
    return delay ? delay : compare_numbers((int64_t)a->place, (int64_t)b->place);
}

static int by_delay(const void *x, const void *y)
{
    const struct top_item *a = x, *b = y;
    int delay = compare_numbers(delay_of(b), delay_of(a));
    return delay ? delay : by_pain(x, y);
}

static int by_name(const void *x, const void *y)
{
    const struct top_item *a = x, *b = y;
    int name = strcmp(a->name, b->name);
    return name ? name : compare_numbers((int64_t)a->place, (int64_t)b->place);
}

static void list_items(struct top *top)
{
    const json_t *json = top->health->json;
    size_t most = top->health->n_things + json_array_size(json_object_get(json, "troubles")) +
                  json_array_size(json_object_get(json, "cleared")) + 1;
    top->items = memory_need(calloc(most, sizeof *top->items));
    if (top->view == TOP_NOW) {
        add_troubles(top, "troubles", false);
        add_troubles(top, "cleared", true);
    }
    for (size_t i = 0; i < top->health->n_things; i++) {
        const struct health_view_thing *thing = &top->health->things[i];
        if (top_is_of_view(top->view, thing->of))
            add_item(top, (struct top_item){.name = thing->name, .severity = thing->severity, .thing = thing});
    }
}

static bool has_selected_name(const struct top *top, size_t i)
{
    return i < top->n_items && strcmp(top->items[i].name, top->selected_name) == 0;
}

static void keep_selection(struct top *top)
{
    if (*top->selected_name && !has_selected_name(top, top->selected))
        for (size_t i = 0; i < top->n_items; i++)
            if (has_selected_name(top, i)) {
                top->selected = i;
                break;
            }
    if (top->selected >= top->n_items)
        top->selected = top->n_items ? top->n_items - 1 : 0;
}

void top_arrange(struct top *top)
{
    static int (*const orders[])(const void *, const void *) = {by_pain, by_delay, by_name};
    free(top->items);
    top->items = NULL;
    top->n_items = 0;
    if (!top->health)
        return;
    list_items(top);
    qsort(top->items, top->n_items, sizeof *top->items, orders[top->sort]);
    keep_selection(top);
}
