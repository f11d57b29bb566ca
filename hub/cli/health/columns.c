// SPDX-License-Identifier: Apache-2.0
// Every row begins with shape, word and time; then come the columns of its kind. A table that does not fit loses whole
// columns, the least needed ones first, rather than parts of all.
#include "hub/cli/health/columns.h"
#include "hub/base/duration.h"
#include "hub/cli/health/numbers.h"
#include <string.h>

#define GAP 1

enum format {
    FORMAT_NAME,
    FORMAT_THING,
    FORMAT_TEXT,
    FORMAT_SHORT,
    FORMAT_COUNT,
    FORMAT_THOUSANDTHS,
    FORMAT_BYTES,
    FORMAT_LASTS,
    FORMAT_AGO,
    FORMAT_WAITED,
    FORMAT_UNTIL,
    FORMAT_TREND,
    FORMAT_LENGTH,
    FORMAT_WHY
};

static const struct column {
    enum thing of;
    const char *heading;
    enum format format;
    const char *key;
    size_t width, rank;
} table[] = {
#define COLUMN(of, heading, format, key, width, rank) {THING_##of, heading, FORMAT_##format, key, width, rank},
#include "hub/cli/health/columns.def"
#undef COLUMN
    {THING_COUNT, "THING", FORMAT_THING, NULL, 26, 0},
    {THING_COUNT, "WHY", FORMAT_WHY, NULL, 20, 1},
};

#define N_TABLE (sizeof table / sizeof *table)

static bool is_text(enum format format)
{
    return format == FORMAT_NAME || format == FORMAT_THING || format == FORMAT_TEXT || format == FORMAT_WHY;
}

static size_t width_of(const struct columns *columns)
{
    size_t width = COLUMNS_STATE + COLUMNS_SINCE;
    for (size_t i = 0; i < columns->n; i++)
        width += GAP + columns->places[i].width;
    return width;
}

// The highest rank goes first; of equal rank the last column.
static void drop_one(struct columns *columns)
{
    size_t worst = 0;
    for (size_t i = 0; i < columns->n; i++)
        if (table[columns->places[i].row].rank >= table[columns->places[worst].row].rank)
            worst = i;
    memmove(&columns->places[worst], &columns->places[worst + 1], (columns->n - worst - 1) * sizeof *columns->places);
    columns->n--;
}

// A name may take half of what is left, the last text all the rest.
static void widen_columns(struct columns *columns, size_t room)
{
    size_t first = columns->n, last = columns->n;
    for (size_t i = 0; i < columns->n; i++)
        if (is_text(table[columns->places[i].row].format)) {
            first = first == columns->n ? i : first;
            last = i;
        }
    if (last == columns->n)
        return;
    size_t half = room / 2 < 24 ? room / 2 : 24;
    if (first != last) {
        columns->places[first].width += half;
        room -= half;
    }
    columns->places[last].width += room;
}

struct columns columns_fit(enum thing of, size_t width, int64_t hub_now_ms)
{
    struct columns columns = {.hub_now_ms = hub_now_ms};
    for (size_t i = 0; i < N_TABLE && columns.n < COLUMNS_MOST; i++)
        if (table[i].of == of)
            columns.places[columns.n++] = (struct column_place){i, table[i].width};
    while (columns.n > 1 && width_of(&columns) > width)
        drop_one(&columns);
    if (width_of(&columns) < width)
        widen_columns(&columns, width - width_of(&columns));
    return columns;
}

static bool is_right(enum format format)
{
    return !is_text(format) && format != FORMAT_SHORT && format != FORMAT_TREND;
}

void columns_heading(const struct columns *columns, struct styled_text *styled)
{
    styled_text_line(styled);
    styled_text_cell(styled, STYLED_TEXT_BOLD, "  STATE", COLUMNS_STATE, false);
    styled_text_cell(styled, STYLED_TEXT_BOLD, "FOR", COLUMNS_SINCE, true);
    for (size_t i = 0; i < columns->n; i++) {
        const struct column *column = &table[columns->places[i].row];
        styled_text_put(styled, STYLED_TEXT_PLAIN, " ");
        styled_text_cell(styled, STYLED_TEXT_BOLD, column->heading, columns->places[i].width, is_right(column->format));
    }
}

static const char *after_kind(const char *name)
{
    const char *slash = strchr(name, '/');
    return slash ? slash + 1 : name;
}

static const char *why_text(const struct health_view_thing *thing)
{
    const char *problem = thing->of == THING_LANE ? health_view_text(thing->object, "problem") : "";
    const char *detail = health_view_text(thing->finding, "detail");
    const char *numbers = health_view_text(thing->finding, "numbers");
    return *problem ? problem : *detail ? detail : *numbers ? numbers : health_view_text(thing->finding, "meaning");
}

static const char *trend_text(struct figure figure)
{
    return figure.state != FIGURE_KNOWN ? "?" : figure.value > 0 ? "grows" : figure.value < 0 ? "shrinks" : "steady";
}

static const char *figure_text(enum format format, struct figure figure, int64_t now_ms, char text[NUMBERS_BYTES])
{
    if (figure.state == FIGURE_NOT_PERMITTED)
        return "n.p.";
    if (figure.state != FIGURE_KNOWN)
        return "?";
    if (format == FORMAT_COUNT)
        return numbers_count(figure.value, text);
    if (format == FORMAT_BYTES)
        return numbers_bytes(figure.value, text);
    if (format == FORMAT_LASTS)
        return duration_text(figure.value, text);
    if (format == FORMAT_THOUSANDTHS) {
        snprintf(text, NUMBERS_BYTES, "%.1f", (double)figure.value / 1000);
        return text;
    }
    if (figure.value == 0)
        return format == FORMAT_UNTIL ? "open" : format == FORMAT_AGO ? "never" : duration_text(0, text);
    return duration_text(format == FORMAT_UNTIL ? figure.value - now_ms : now_ms - figure.value, text);
}

static const char *cell_text(
    const struct column *column, const struct health_view_thing *thing, int64_t now_ms, char text[NUMBERS_BYTES])
{
    switch (column->format) {
    case FORMAT_NAME:
        return after_kind(thing->name);
    case FORMAT_THING:
        return thing->name;
    case FORMAT_TEXT:
        return health_view_text(thing->object, column->key);
    case FORMAT_SHORT:
        snprintf(text, NUMBERS_BYTES, "%.8s", health_view_text(thing->object, column->key));
        return text;
    case FORMAT_WHY:
        return why_text(thing);
    case FORMAT_TREND:
        return trend_text(health_view_figure(thing->object, column->key));
    case FORMAT_LENGTH:
        return numbers_count((int64_t)json_array_size(json_object_get(thing->object, column->key)), text);
    default:
        return figure_text(column->format, health_view_figure(thing->object, column->key), now_ms, text);
    }
}

void columns_row(const struct columns *columns, const struct health_view_thing *thing, struct styled_text *styled)
{
    char text[NUMBERS_BYTES];
    int64_t since = health_view_figure(thing->finding, "since_ms").value;
    enum styled_text_style style = styled_text_style_of(thing->severity);
    styled_text_line(styled);
    styled_text_put(styled, style, styled_text_shape(styled, thing->severity));
    styled_text_put(styled, STYLED_TEXT_PLAIN, " ");
    styled_text_cell(styled, style, thing->word, COLUMNS_STATE - 2, false);
    styled_text_cell(
        styled, STYLED_TEXT_PLAIN, since ? duration_text(columns->hub_now_ms - since, text) : "", COLUMNS_SINCE, true);
    for (size_t i = 0; i < columns->n; i++) {
        const struct column *column = &table[columns->places[i].row];
        styled_text_put(styled, STYLED_TEXT_PLAIN, " ");
        styled_text_cell(styled, STYLED_TEXT_PLAIN, cell_text(column, thing, columns->hub_now_ms, text),
            columns->places[i].width, is_right(column->format));
    }
}
