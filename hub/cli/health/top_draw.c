// SPDX-License-Identifier: Apache-2.0
// One screen, top to bottom: verdict and age, tabs, headings, the list, what to do about the selected line, keys. The
// age stands at the right end of the first line on every page, and nothing may push it off.
#include "hub/base/display.h"
#include "hub/base/duration.h"
#include "hub/cli/health/columns.h"
#include "hub/cli/health/top.h"
#include <string.h>

#define HEAD_ROWS   3   // verdict, tabs, headings
#define HINT_ROWS   4   // what to do about the selected line
#define HINTS_FROM  18  // rows of a screen that has room for them
#define EFFECT_FROM 140 // columns of a screen that has room for title and effect

static bool has_hints(size_t rows)
{
    return rows >= HINTS_FROM;
}

size_t top_list_rows(size_t rows)
{
    size_t taken = HEAD_ROWS + 1 + (has_hints(rows) ? HINT_ROWS : 0);
    return rows > taken ? rows - taken : 1;
}

static int64_t hub_now(const struct top *top)
{
    return top->now_ms + (top->health ? top->health->clock_ms : 0);
}

static void print_age(const struct top *top, char *text, size_t size)
{
    char age[DURATION_BYTES];
    const char *paused = top->paused ? "PAUSED, " : "";
    if (!top->health)
        snprintf(text, size, "%sno data yet", paused);
    else if (top->health->at_ms == 0)
        snprintf(text, size, "%snothing collected yet", paused);
    else
        snprintf(text, size, "%sdata %s old%s", paused,
            duration_text(health_view_age_ms(top->health, top->now_ms), age),
            health_view_is_stale(top->health, top->now_ms) ? ": STALE" : "");
}

static void draw_verdict(const struct top *top, struct styled_text *styled)
{
    char age[96], counts[128] = "";
    print_age(top, age, sizeof age);
    size_t age_columns = display_columns(age);
    enum severity severity = top->health ? health_view_severity(top->health, top->now_ms) : SEVERITY_UNKNOWN;
    char state[16];
    snprintf(state, sizeof state, "%s", severity_name(severity));
    for (char *c = state; *c; c++)
        *c = (char)(*c - 'a' + 'A');
    if (top->health)
        report_counts(top->health, counts, sizeof counts);
    size_t left = styled->width > age_columns + 1 ? styled->width - age_columns - 1 : 0;
    styled_text_line(styled);
    char verdict[64];
    snprintf(verdict, sizeof verdict, "%s %s  ", styled_text_shape(styled, severity), state);
    size_t taken = display_columns(verdict) < left ? display_columns(verdict) : left;
    styled_text_cell(styled, styled_text_style_of(severity), verdict, taken, false);
    char rest[700];
    const char *host = strstr(top->at, "://");
    snprintf(rest, sizeof rest, "%s  %.400s", counts, host ? host + 3 : top->at);
    styled_text_cell(styled, STYLED_TEXT_PLAIN, rest, left - taken, false);
    styled_text_put(styled, STYLED_TEXT_PLAIN, " ");
    styled_text_put(styled,
        top->health && health_view_is_stale(top->health, top->now_ms) ? STYLED_TEXT_UNKNOWN : STYLED_TEXT_BOLD, age);
}

// How many of a view are not well: what a tab warns of.
static size_t count_wrong(const struct top *top, enum top_view view)
{
    size_t n = 0;
    if (!top->health)
        return 0;
    if (view == TOP_NOW)
        return json_array_size(json_object_get(top->health->json, "troubles"));
    for (size_t i = 0; i < top->health->n_things; i++)
        n += top_is_of_view(view, top->health->things[i].of) && top->health->things[i].severity != SEVERITY_OK;
    return n;
}

static void draw_tabs(const struct top *top, struct styled_text *styled)
{
    styled_text_line(styled);
    for (enum top_view view = 0; view < TOP_VIEWS; view++) {
        size_t wrong = count_wrong(top, view);
        bool chosen = view == top->view;
        char text[64], count[24] = "";
        if (wrong)
            snprintf(count, sizeof count, " %zu!", wrong);
        snprintf(text, sizeof text, "%s%u %s%s%s", chosen ? "[" : "", (unsigned)view + 1, top_view_title(view), count,
            chosen ? "]" : "");
        styled_text_put(styled, chosen ? STYLED_TEXT_BAR : STYLED_TEXT_PLAIN, text);
        styled_text_put(styled, STYLED_TEXT_PLAIN, view + 1 < TOP_VIEWS ? styled->width < 90 ? " " : "  " : "");
    }
}

static size_t name_width(const struct styled_text *styled)
{
    size_t quarter = styled->width / 4;
    return quarter < 20 ? 20 : quarter > 40 ? 40 : quarter;
}

static void draw_trouble(const struct top *top, const struct top_item *item, struct styled_text *styled)
{
    char text[DURATION_BYTES];
    int64_t since = health_view_figure(item->trouble, item->cleared ? "cleared_ms" : "since_ms").value;
    enum styled_text_style style = item->cleared ? STYLED_TEXT_DIM : styled_text_style_of(item->severity);
    styled_text_line(styled);
    styled_text_put(styled, style, styled_text_shape(styled, item->severity));
    styled_text_put(styled, STYLED_TEXT_PLAIN, " ");
    styled_text_cell(styled, style, item->cleared ? "cleared" : severity_name(item->severity), 8, false);
    styled_text_cell(
        styled, STYLED_TEXT_PLAIN, since ? duration_text(hub_now(top) - since, text) : "", COLUMNS_SINCE, true);
    styled_text_put(styled, STYLED_TEXT_PLAIN, " ");
    styled_text_cell(
        styled, item->cleared ? STYLED_TEXT_DIM : STYLED_TEXT_PLAIN, item->name, name_width(styled), false);
    styled_text_put(styled, STYLED_TEXT_PLAIN, " ");
    style = item->cleared ? STYLED_TEXT_DIM : STYLED_TEXT_PLAIN;
    styled_text_put(styled, style, health_view_text(item->trouble, "title"));
    if (styled->width >= EFFECT_FROM)
        styled_text_print(styled, style, ": %s", health_view_text(item->trouble, "effect"));
}

static void draw_headings(const struct top *top, const struct columns *columns, struct styled_text *styled)
{
    if (top->view != TOP_NOW) {
        columns_heading(columns, styled);
        return;
    }
    styled_text_line(styled);
    styled_text_cell(styled, STYLED_TEXT_BOLD, "  STATE", 10, false);
    styled_text_cell(styled, STYLED_TEXT_BOLD, "FOR", COLUMNS_SINCE, true);
    styled_text_put(styled, STYLED_TEXT_PLAIN, " ");
    styled_text_cell(styled, STYLED_TEXT_BOLD, "THING", name_width(styled), false);
    styled_text_put(styled, STYLED_TEXT_PLAIN, " ");
    styled_text_put(styled, STYLED_TEXT_BOLD, "WHAT");
}

static void draw_nothing(const struct top *top, struct styled_text *styled)
{
    styled_text_line(styled);
    styled_text_line(styled);
    if (!top->health)
        styled_text_put(styled, STYLED_TEXT_PLAIN, "  Asking ...");
    else if (*top->filter)
        styled_text_print(
            styled, STYLED_TEXT_PLAIN, "  Nothing here has \"%s\" in its name or state. Esc shows all.", top->filter);
    else if (top->view == TOP_NOW)
        styled_text_put(styled, STYLED_TEXT_PLAIN,
            top->health->severity == SEVERITY_OK ? "  Nothing is wrong."
                                                 : "  No trouble is known, but not all is known.");
    else
        styled_text_put(styled, STYLED_TEXT_PLAIN, "  There are none.");
}

static void draw_list(struct top *top, struct styled_text *styled, size_t rows)
{
    static const enum thing kinds[] = {THING_COUNT, THING_FORCE, THING_GROUP, THING_SOURCE, THING_TOPIC, THING_COUNT};
    struct columns columns = columns_fit(kinds[top->view], styled->width, hub_now(top));
    size_t room = top_list_rows(rows);
    draw_headings(top, &columns, styled);
    if (top->selected < top->first)
        top->first = top->selected;
    if (top->selected >= top->first + room)
        top->first = top->selected - room + 1;
    if (top->first + room > top->n_items)
        top->first = top->n_items > room ? top->n_items - room : 0;
    for (size_t i = top->first; i < top->n_items && i < top->first + room; i++) {
        if (top->items[i].trouble)
            draw_trouble(top, &top->items[i], styled);
        else
            columns_row(&columns, top->items[i].thing, styled);
        styled->lines[styled->n - 1].selected = i == top->selected;
    }
    if (!top->n_items)
        draw_nothing(top, styled);
}

static void draw_hint(struct styled_text *styled, const char *label, const char *text)
{
    styled_text_line(styled);
    styled_text_cell(styled, STYLED_TEXT_DIM, label, 8, false);
    styled_text_put(styled, STYLED_TEXT_PLAIN, text);
}

// The reason and the next step of the selected line.
static void draw_hints(const struct top *top, struct styled_text *styled)
{
    const struct top_item *item = top->n_items ? &top->items[top->selected] : NULL;
    char where[96], command[TOP_NAME_BYTES + 32] = "";
    snprintf(where, sizeof where, "%zu of %zu", item ? top->selected + 1 : 0, top->n_items);
    styled_text_line(styled);
    styled_text_cell(styled, STYLED_TEXT_DIM, where, 16, false);
    styled_text_put(styled, STYLED_TEXT_BOLD, item ? item->name : "");
    const json_t *trouble = item ? item->trouble : NULL, *finding = item && item->thing ? item->thing->finding : NULL;
    draw_hint(styled, "What", trouble ? health_view_text(trouble, "effect") : health_view_text(finding, "meaning"));
    draw_hint(styled, "Next", trouble ? health_view_text(trouble, "next") : health_view_text(finding, "remedy"));
    if (item)
        snprintf(command, sizeof command, "signalbox status %s", item->name);
    struct report report = top_report(top);
    const char *own = health_view_text(trouble, "command");
    draw_hint(styled, "$", report_command(&report, *own ? own : command, styled));
}

static void draw_keys(const struct top *top, struct styled_text *styled)
{
    styled_text_line(styled);
    if (top->typing)
        styled_text_print(styled, STYLED_TEXT_BOLD, "Filter: %s_   (Enter keeps it, Esc shows all)", top->filter);
    else if (*top->problem)
        styled_text_print(styled, STYLED_TEXT_BAR, "%s", top->problem);
    else if (top->page != TOP_LIST)
        styled_text_put(styled, STYLED_TEXT_DIM, "Esc back  up, down, PgUp, PgDn scroll  1-6 lists  ? help  q quit");
    else
        styled_text_print(styled, STYLED_TEXT_DIM,
            "1-6 lists  / filter%s%s  Enter all about it  s sort: %s  p pause  ? help  q quit",
            *top->filter ? ": " : "", top->filter, top_sort_name(top->sort));
}

// Keeps lines from .. from + room of what was written behind the head.
static void scroll_lines(struct top *top, struct styled_text *styled, size_t head, size_t room)
{
    size_t body = styled->n - head, most = body > room ? body - room : 0;
    top->scroll = top->scroll < most ? top->scroll : most;
    memmove(&styled->lines[head], &styled->lines[head + top->scroll], (body - top->scroll) * sizeof *styled->lines);
    styled->n = head + (body - top->scroll < room ? body - top->scroll : room);
}

static void fill_to(struct styled_text *styled, size_t rows)
{
    while (styled->n < rows)
        styled_text_line(styled);
    styled->n = rows;
}

void top_draw(struct top *top, struct styled_text *styled, size_t rows)
{
    draw_verdict(top, styled);
    draw_tabs(top, styled);
    if (top->page == TOP_LIST) {
        draw_list(top, styled, rows);
        fill_to(styled, HEAD_ROWS + top_list_rows(rows));
        if (has_hints(rows))
            draw_hints(top, styled);
    } else {
        size_t head = styled->n;
        if (top->page == TOP_HELP)
            top_write_help(styled);
        else
            top_write_detail(top, styled);
        scroll_lines(top, styled, head, rows - head - 1);
    }
    fill_to(styled, rows - 1);
    draw_keys(top, styled);
}
