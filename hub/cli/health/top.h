// SPDX-License-Identifier: Apache-2.0
// `signalbox top` without its terminal: what is listed, in what order, what a key does, and one screen as styled text.
// Pure.
#pragma once
#include "hub/cli/health/report.h"

// In the order of the tabs.
enum top_view { TOP_NOW, TOP_FORCES, TOP_READERS, TOP_SOURCES, TOP_TOPICS, TOP_HUB, TOP_VIEWS };

enum top_sort { TOP_BY_PAIN, TOP_BY_DELAY, TOP_BY_NAME, TOP_SORTS };
enum top_page { TOP_LIST, TOP_DETAIL, TOP_HELP };

// Keys beside the characters themselves.
enum top_key {
    TOP_KEY_UP = 0x110000,
    TOP_KEY_DOWN,
    TOP_KEY_PAGE_UP,
    TOP_KEY_PAGE_DOWN,
    TOP_KEY_HOME,
    TOP_KEY_END,
    TOP_KEY_BACK,
    TOP_KEY_ENTER,
    TOP_KEY_ESCAPE,
    TOP_KEY_TAB,
    TOP_KEY_BACK_TAB,
    TOP_KEY_ERASE
};

#define TOP_FILTER_BYTES 64
#define TOP_NAME_BYTES   640

struct top_item {
    const char *name; // of the thing
    enum severity severity;
    const struct health_view_thing *thing; // NULL if the snapshot has no such thing
    const json_t *trouble;                 // NULL unless the view is of troubles
    bool cleared;
    size_t place; // in the snapshot's own order
};

struct top {
    const struct health_view *health; // borrowed; NULL before the first answer
    const char *at;
    bool elsewhere; // as in struct report
    int64_t now_ms;
    char problem[ERROR_BYTES]; // why nothing newer comes, or empty
    bool ascii, paused, typing, quit;
    enum top_view view;
    enum top_sort sort;
    enum top_page page;
    char filter[TOP_FILTER_BYTES];
    struct top_item *items;
    size_t n_items;
    size_t selected, first;             // in items; first is the top line of the list
    char selected_name[TOP_NAME_BYTES]; // the selection stays with its thing when the order changes
    char detail_name[TOP_NAME_BYTES];
    size_t scroll; // of the detail and help pages
};

void top_init(struct top *top, const char *at, bool elsewhere, bool ascii);
void top_deinit(struct top *top);

// Another snapshot, or NULL. What the old one held is forgotten before this returns.
void top_set_health(struct top *top, const struct health_view *health);
// A key: a character or an enum top_key.
void top_press(struct top *top, uint32_t key, size_t rows);
// Draws exactly rows lines into empty styled text. At least 8 rows.
void top_draw(struct top *top, struct styled_text *styled, size_t rows);

// For those that draw: lists and orders items anew.
void top_arrange(struct top *top);
bool top_is_of_view(enum top_view view, enum thing of);
const char *top_view_title(enum top_view view);
struct report top_report(const struct top *top);
const char *top_sort_name(enum top_sort sort);
size_t top_list_rows(size_t rows); // lines of the list on a screen of so many rows
// The pages that are not lists, of any length.
void top_write_help(struct styled_text *styled);
void top_write_detail(const struct top *top, struct styled_text *styled);
