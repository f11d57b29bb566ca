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
    return top->now_ms + (top->outlook ? top->outlook->clock_ms : 0);
}

static void print_age(const struct top *top, char *text, size_t size)
{
    char age[DURATION_BYTES];
    const char *paused = top->paused ? "PAUSED, " : "";
    if (!top->outlook)
        snprintf(text, size, "%sno data yet", paused);
    else if (top->outlook->at_ms == 0)
        snprintf(text, size, "%snothing collected yet", paused);
    else
        snprintf(text, size, "%sdata %s old%s", paused, duration_text(outlook_age_ms(top->outlook, top->now_ms), age),
            outlook_is_stale(top->outlook, top->now_ms) ? ": STALE" : "");
}

static void draw_verdict(const struct top *top, struct sheet *sheet)
{
    char age[96], counts[128] = "";
    print_age(top, age, sizeof age);
    size_t age_columns = display_columns(age);
    enum severity severity = top->outlook ? outlook_severity(top->outlook, top->now_ms) : SEVERITY_UNKNOWN;
    char state[16];
    snprintf(state, sizeof state, "%s", severity_name(severity));
    for (char *c = state; *c; c++)
        *c = (char)(*c - 'a' + 'A');
    if (top->outlook)
        report_counts(top->outlook, counts, sizeof counts);
    size_t left = sheet->width > age_columns + 1 ? sheet->width - age_columns - 1 : 0;
    sheet_line(sheet);
    char verdict[64];
    snprintf(verdict, sizeof verdict, "%s %s  ", sheet_shape(sheet, severity), state);
    size_t taken = display_columns(verdict) < left ? display_columns(verdict) : left;
    sheet_cell(sheet, sheet_style_of(severity), verdict, taken, false);
    char rest[700];
    const char *host = strstr(top->at, "://");
    snprintf(rest, sizeof rest, "%s  %.400s", counts, host ? host + 3 : top->at);
    sheet_cell(sheet, SHEET_PLAIN, rest, left - taken, false);
    sheet_put(sheet, SHEET_PLAIN, " ");
    sheet_put(sheet, top->outlook && outlook_is_stale(top->outlook, top->now_ms) ? SHEET_UNKNOWN : SHEET_BOLD, age);
}

// How many of a view are not well: what a tab warns of.
static size_t count_wrong(const struct top *top, enum top_view view)
{
    size_t n = 0;
    if (!top->outlook)
        return 0;
    if (view == TOP_NOW)
        return json_array_size(json_object_get(top->outlook->json, "troubles"));
    for (size_t i = 0; i < top->outlook->n_things; i++)
        n += top_is_of_view(view, top->outlook->things[i].of) && top->outlook->things[i].severity != SEVERITY_OK;
    return n;
}

static void draw_tabs(const struct top *top, struct sheet *sheet)
{
    sheet_line(sheet);
    for (enum top_view view = 0; view < TOP_VIEWS; view++) {
        size_t wrong = count_wrong(top, view);
        bool chosen = view == top->view;
        char text[64], count[24] = "";
        if (wrong)
            snprintf(count, sizeof count, " %zu!", wrong);
        snprintf(text, sizeof text, "%s%u %s%s%s", chosen ? "[" : "", view + 1, top_view_title(view), count,
            chosen ? "]" : "");
        sheet_put(sheet, chosen ? SHEET_BAR : SHEET_PLAIN, text);
        sheet_put(sheet, SHEET_PLAIN, view + 1 < TOP_VIEWS ? sheet->width < 90 ? " " : "  " : "");
    }
}

static size_t name_width(const struct sheet *sheet)
{
    size_t quarter = sheet->width / 4;
    return quarter < 20 ? 20 : quarter > 40 ? 40 : quarter;
}

static void draw_trouble(const struct top *top, const struct top_item *item, struct sheet *sheet)
{
    char text[DURATION_BYTES];
    int64_t since = outlook_figure(item->trouble, item->cleared ? "cleared_ms" : "since_ms").value;
    enum sheet_style style = item->cleared ? SHEET_DIM : sheet_style_of(item->severity);
    sheet_line(sheet);
    sheet_put(sheet, style, sheet_shape(sheet, item->severity));
    sheet_put(sheet, SHEET_PLAIN, " ");
    sheet_cell(sheet, style, item->cleared ? "cleared" : severity_name(item->severity), 8, false);
    sheet_cell(sheet, SHEET_PLAIN, since ? duration_text(hub_now(top) - since, text) : "", COLUMNS_SINCE, true);
    sheet_put(sheet, SHEET_PLAIN, " ");
    sheet_cell(sheet, item->cleared ? SHEET_DIM : SHEET_PLAIN, item->name, name_width(sheet), false);
    sheet_put(sheet, SHEET_PLAIN, " ");
    style = item->cleared ? SHEET_DIM : SHEET_PLAIN;
    sheet_put(sheet, style, outlook_text(item->trouble, "title"));
    if (sheet->width >= EFFECT_FROM)
        sheet_print(sheet, style, ": %s", outlook_text(item->trouble, "effect"));
}

static void draw_headings(const struct top *top, const struct columns *columns, struct sheet *sheet)
{
    if (top->view != TOP_NOW) {
        columns_heading(columns, sheet);
        return;
    }
    sheet_line(sheet);
    sheet_cell(sheet, SHEET_BOLD, "  STATE", 10, false);
    sheet_cell(sheet, SHEET_BOLD, "FOR", COLUMNS_SINCE, true);
    sheet_put(sheet, SHEET_PLAIN, " ");
    sheet_cell(sheet, SHEET_BOLD, "THING", name_width(sheet), false);
    sheet_put(sheet, SHEET_PLAIN, " ");
    sheet_put(sheet, SHEET_BOLD, "WHAT");
}

static void draw_nothing(const struct top *top, struct sheet *sheet)
{
    sheet_line(sheet);
    sheet_line(sheet);
    if (!top->outlook)
        sheet_put(sheet, SHEET_PLAIN, "  Asking ...");
    else if (*top->filter)
        sheet_print(sheet, SHEET_PLAIN, "  Nothing here has \"%s\" in its name or state. Esc shows all.", top->filter);
    else if (top->view == TOP_NOW)
        sheet_put(sheet, SHEET_PLAIN,
            top->outlook->severity == SEVERITY_OK ? "  Nothing is wrong."
                                                  : "  No trouble is known, but not all is known.");
    else
        sheet_put(sheet, SHEET_PLAIN, "  There are none.");
}

static void draw_list(struct top *top, struct sheet *sheet, size_t rows)
{
    static const enum thing kinds[] = {THING_COUNT, THING_FORCE, THING_GROUP, THING_SOURCE, THING_TOPIC, THING_COUNT};
    struct columns columns = columns_fit(kinds[top->view], sheet->width, hub_now(top));
    size_t room = top_list_rows(rows);
    draw_headings(top, &columns, sheet);
    if (top->selected < top->first)
        top->first = top->selected;
    if (top->selected >= top->first + room)
        top->first = top->selected - room + 1;
    if (top->first + room > top->n_items)
        top->first = top->n_items > room ? top->n_items - room : 0;
    for (size_t i = top->first; i < top->n_items && i < top->first + room; i++) {
        if (top->items[i].trouble)
            draw_trouble(top, &top->items[i], sheet);
        else
            columns_row(&columns, top->items[i].thing, sheet);
        sheet->lines[sheet->n - 1].selected = i == top->selected;
    }
    if (!top->n_items)
        draw_nothing(top, sheet);
}

static void draw_hint(struct sheet *sheet, const char *label, const char *text)
{
    sheet_line(sheet);
    sheet_cell(sheet, SHEET_DIM, label, 8, false);
    sheet_put(sheet, SHEET_PLAIN, text);
}

// The reason and the next step of the selected line.
static void draw_hints(const struct top *top, struct sheet *sheet)
{
    const struct top_item *item = top->n_items ? &top->items[top->selected] : NULL;
    char where[96], command[TOP_NAME_BYTES + 32] = "";
    snprintf(where, sizeof where, "%zu of %zu", item ? top->selected + 1 : 0, top->n_items);
    sheet_line(sheet);
    sheet_cell(sheet, SHEET_DIM, where, 16, false);
    sheet_put(sheet, SHEET_BOLD, item ? item->name : "");
    const json_t *trouble = item ? item->trouble : NULL, *finding = item && item->thing ? item->thing->finding : NULL;
    draw_hint(sheet, "What", trouble ? outlook_text(trouble, "effect") : outlook_text(finding, "meaning"));
    draw_hint(sheet, "Next", trouble ? outlook_text(trouble, "next") : outlook_text(finding, "remedy"));
    if (item)
        snprintf(command, sizeof command, "signalbox status %s", item->name);
    struct report report = top_report(top);
    const char *own = outlook_text(trouble, "command");
    draw_hint(sheet, "$", report_command(&report, *own ? own : command, sheet));
}

static void draw_keys(const struct top *top, struct sheet *sheet)
{
    sheet_line(sheet);
    if (top->typing)
        sheet_print(sheet, SHEET_BOLD, "Filter: %s_   (Enter keeps it, Esc shows all)", top->filter);
    else if (*top->problem)
        sheet_print(sheet, SHEET_BAR, "%s", top->problem);
    else if (top->page != TOP_LIST)
        sheet_put(sheet, SHEET_DIM, "Esc back  up, down, PgUp, PgDn scroll  1-6 lists  ? help  q quit");
    else
        sheet_print(sheet, SHEET_DIM,
            "1-6 lists  / filter%s%s  Enter all about it  s sort: %s  p pause  ? help  q quit",
            *top->filter ? ": " : "", top->filter, top_sort_name(top->sort));
}

// Keeps lines from .. from + room of what was written behind the head.
static void scroll_lines(struct top *top, struct sheet *sheet, size_t head, size_t room)
{
    size_t body = sheet->n - head, most = body > room ? body - room : 0;
    top->scroll = top->scroll < most ? top->scroll : most;
    memmove(&sheet->lines[head], &sheet->lines[head + top->scroll], (body - top->scroll) * sizeof *sheet->lines);
    sheet->n = head + (body - top->scroll < room ? body - top->scroll : room);
}

static void fill_to(struct sheet *sheet, size_t rows)
{
    while (sheet->n < rows)
        sheet_line(sheet);
    sheet->n = rows;
}

void top_draw(struct top *top, struct sheet *sheet, size_t rows)
{
    draw_verdict(top, sheet);
    draw_tabs(top, sheet);
    if (top->page == TOP_LIST) {
        draw_list(top, sheet, rows);
        fill_to(sheet, HEAD_ROWS + top_list_rows(rows));
        if (has_hints(rows))
            draw_hints(top, sheet);
    } else {
        size_t head = sheet->n;
        if (top->page == TOP_HELP)
            top_write_help(sheet);
        else
            top_write_detail(top, sheet);
        scroll_lines(top, sheet, head, rows - head - 1);
    }
    fill_to(sheet, rows - 1);
    draw_keys(top, sheet);
}
