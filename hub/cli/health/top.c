// SPDX-License-Identifier: Apache-2.0
// The state of the screen and what keys do to it.
#include "hub/cli/health/top.h"
#include <stdlib.h>
#include <string.h>

static const struct {
    uint32_t key;
    const char *title;
} views[] = {
    [TOP_NOW] = {'1', "Now"},
    [TOP_FORCES] = {'2', "Forces"},
    [TOP_READERS] = {'3', "Readers"},
    [TOP_SOURCES] = {'4', "Sources"},
    [TOP_TOPICS] = {'5', "Topics"},
    [TOP_HUB] = {'6', "Hub"},
};

const char *top_view_title(enum top_view view)
{
    return views[view].title;
}

const char *top_sort_name(enum top_sort sort)
{
    static const char *const names[] = {"pain", "delay", "name"};
    return names[sort];
}

bool top_is_of_view(enum top_view view, enum thing of)
{
    static const enum thing own[] = {[TOP_FORCES] = THING_FORCE,
        [TOP_READERS] = THING_GROUP,
        [TOP_SOURCES] = THING_SOURCE,
        [TOP_TOPICS] = THING_TOPIC};
    if (view == TOP_HUB)
        return of != THING_FORCE && of != THING_GROUP && of != THING_SOURCE && of != THING_TOPIC;
    return view != TOP_NOW && own[view] == of;
}

void top_init(struct top *top, const char *at, bool elsewhere, bool ascii)
{
    *top = (struct top){.at = at, .elsewhere = elsewhere, .ascii = ascii};
}

struct report top_report(const struct top *top)
{
    return (struct report){.view = top->health, .now_ms = top->now_ms, .at = top->at, .elsewhere = top->elsewhere};
}

void top_deinit(struct top *top)
{
    free(top->items);
}

static void remember_selection(struct top *top)
{
    snprintf(top->selected_name, sizeof top->selected_name, "%s", top->n_items ? top->items[top->selected].name : "");
}

void top_set_health(struct top *top, const struct health_view *health)
{
    top->health = health;
    top_arrange(top);
}

static void choose_view(struct top *top, size_t view)
{
    top->view = (enum top_view)(view % TOP_VIEWS);
    top->page = TOP_LIST;
    top->selected = top->first = 0;
    top->selected_name[0] = 0;
    top_arrange(top);
}

static size_t moved_place(size_t at, uint32_t key, size_t page, size_t most)
{
    switch (key) {
    case TOP_KEY_UP:
    case 'k':
        return at ? at - 1 : 0;
    case TOP_KEY_DOWN:
    case 'j':
        return at < most ? at + 1 : most;
    case TOP_KEY_PAGE_UP:
        return at > page ? at - page : 0;
    case TOP_KEY_PAGE_DOWN:
    case ' ':
        return at + page < most ? at + page : most;
    case TOP_KEY_HOME:
    case 'g':
        return 0;
    case TOP_KEY_END:
    case 'G':
        return most;
    default:
        return at;
    }
}

static void type_filter(struct top *top, uint32_t key)
{
    size_t len = strlen(top->filter);
    if (key == TOP_KEY_ENTER || key == TOP_KEY_ESCAPE)
        top->typing = false;
    if (key == TOP_KEY_ESCAPE)
        top->filter[0] = 0;
    else if (key == TOP_KEY_ERASE && len)
        top->filter[len - 1] = 0;
    else if (key > 0x1f && key < 0x7f && len + 1 < sizeof top->filter) {
        top->filter[len] = (char)key;
        top->filter[len + 1] = 0;
    }
    top_arrange(top);
    remember_selection(top);
}

static void open_detail(struct top *top)
{
    if (!top->n_items)
        return;
    snprintf(top->detail_name, sizeof top->detail_name, "%s", top->items[top->selected].name);
    top->page = TOP_DETAIL;
    top->scroll = 0;
}

static bool press_anywhere(struct top *top, uint32_t key)
{
    for (size_t i = 0; i < TOP_VIEWS; i++)
        if (key == views[i].key) {
            choose_view(top, i);
            return true;
        }
    if (key == 'q')
        top->quit = true;
    else if (key == 'p')
        top->paused = !top->paused;
    else if (key == '?') {
        top->page = top->page == TOP_HELP ? TOP_LIST : TOP_HELP;
        top->scroll = 0;
    } else if (key == TOP_KEY_TAB)
        choose_view(top, top->view + 1);
    else if (key == TOP_KEY_BACK_TAB)
        choose_view(top, top->view + TOP_VIEWS - 1);
    else
        return false;
    return true;
}

static void press_list(struct top *top, uint32_t key, size_t rows)
{
    if (key == '/')
        top->typing = true;
    else if (key == 's') {
        top->sort = (top->sort + 1) % TOP_SORTS;
        top_arrange(top);
    } else if (key == TOP_KEY_ENTER)
        open_detail(top);
    else if (key == TOP_KEY_ESCAPE && *top->filter) {
        top->filter[0] = 0;
        top_arrange(top);
    } else if (top->n_items) {
        top->selected = moved_place(top->selected, key, top_list_rows(rows), top->n_items - 1);
        remember_selection(top);
    }
}

void top_press(struct top *top, uint32_t key, size_t rows)
{
    if (top->typing)
        type_filter(top, key);
    else if (press_anywhere(top, key))
        return;
    else if (top->page == TOP_LIST)
        press_list(top, key, rows);
    else if (key == TOP_KEY_ESCAPE || key == TOP_KEY_BACK || key == TOP_KEY_ERASE || key == TOP_KEY_ENTER)
        top->page = TOP_LIST;
    else
        top->scroll = moved_place(top->scroll, key, rows - 4, SIZE_MAX / 2);
}
