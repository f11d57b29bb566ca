// SPDX-License-Identifier: Apache-2.0
// Sorting and filtering by address: a table as an operator left it is a link that can be sent to a colleague.
#include "hub/console/html/table.h"
#include <stdlib.h>
#include <strings.h>

struct sorted {
    const void *row;
    struct table_key key;
    size_t place; // as given, so that equals keep their order
    int way;      // 1 or -1
};

struct table_key table_figure(struct figure figure)
{
    return (struct table_key){.number = figure.value, .unknown = figure.state != FIGURE_KNOWN};
}

struct table_key table_verdict(enum verdict verdict)
{
    int pain = severity_pain(verdict_severity(verdict));
    return table_number(pain ? pain * 1000 + (int)verdict : 0); // what is well keeps its order
}

static int compare_rows(const void *left, const void *right)
{
    const struct sorted *a = left, *b = right;
    if (a->key.unknown != b->key.unknown)
        return a->key.unknown ? 1 : -1;
    int order = 0;
    if (!a->key.unknown)
        order = a->key.text && b->key.text ? strcasecmp(a->key.text, b->key.text)
                                           : (a->key.number > b->key.number) - (a->key.number < b->key.number);
    return order ? order * a->way : (a->place > b->place) - (a->place < b->place);
}

static const struct table_column *find_column(const struct table *table, const char *sort)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (table->columns[i].key && strcmp(table->columns[i].key, sort) == 0)
            return &table->columns[i];
    return NULL;
}

// The column asked for, or the table's own; *way is its direction.
static const struct table_column *sort_column(const struct request *request, const struct table *table, int *way)
{
    const char *choices[] = {request_query(request, "sort"), table->sort};
    for (size_t i = 0; i < 2; i++) {
        if (!choices[i] || !*choices[i])
            continue;
        *way = *choices[i] == '-' ? -1 : 1;
        const struct table_column *column = find_column(table, choices[i] + (*way < 0));
        if (column)
            return column;
    }
    return NULL;
}

static void sort_rows(
    const struct request *request, const struct table_column *column, int way, const void **rows, size_t n)
{
    struct sorted *sorted = arena_alloc(request->arena, n * sizeof(*sorted));
    if (!sorted)
        return;
    for (size_t i = 0; i < n; i++)
        sorted[i] = (struct sorted){rows[i], column->order(rows[i]), i, way};
    qsort(sorted, n, sizeof(*sorted), compare_rows);
    for (size_t i = 0; i < n; i++)
        rows[i] = sorted[i].row;
}

// The other parameters of the page, which a link keeps.
static const char *kept_query(const struct request *request)
{
    static const char *const kept[] = {"q", "verdict", "view", "find"};
    const char *query = "";
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        const char *value = request_query(request, kept[i]);
        if (*value)
            query = page_url(request, request_printf(request, "%s&%s=", query, kept[i]), value);
    }
    return query;
}

static void put_head(
    const struct request *request, struct html *html, const struct table *table, const struct table_column *by, int way)
{
    const char *kept = kept_query(request);
    html_put(html, "<thead><tr>");
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct table_column *column = &table->columns[i];
        html_put(html, column->number ? "<th scope=\"col\" class=\"number\"" : "<th scope=\"col\"");
        if (column == by)
            html_put(html, " aria-sort=\"%s\"", way > 0 ? "ascending" : "descending");
        if (!column->key) {
            html_put(html, ">%s</th>", column->title);
            continue;
        }
        bool down = column == by ? way > 0 : column->number;
        html_put(html, "><a href=\"%s?sort=%s%s%s\">%s</a></th>", table->path, down ? "-" : "", column->key, kept,
            column->title);
    }
    html_put(html, "</tr></thead>");
}

static void put_cells(const struct request *request, struct html *html, const struct table *table, const void *row)
{
    html_put(html, "<tr");
    if (table->id)
        html_put(html, " id=\"%s\"", table->id(request, row));
    html_put(html, ">");
    for (size_t i = 0; i < table->n_columns; i++) {
        const struct table_column *column = &table->columns[i];
        html_put(html, i == 0 ? "<th scope=\"row\">" : column->number ? "<td class=\"number\">" : "<td>");
        column->cell(request, html, row);
        html_put(html, i == 0 ? "</th>" : "</td>");
    }
    html_put(html, "</tr>");
}

// Which rows are shown.
struct stretch {
    size_t from, to, all;
};

static struct stretch stretch_of(const struct request *request, const struct table *table, size_t n)
{
    int64_t from = request_number(request, table->from ? table->from : "from", 0);
    struct stretch stretch = {.all = n};
    if (from > 0 && (uint64_t)from < n)
        stretch.from = (size_t)from / TABLE_ROWS * TABLE_ROWS;
    stretch.to = n - stretch.from > TABLE_ROWS ? stretch.from + TABLE_ROWS : n;
    return stretch;
}

static void put_stretch_link(
    const struct request *request, struct html *html, const struct table *table, size_t from, const char *word)
{
    const char *sort = request_query(request, "sort"), *kept = kept_query(request);
    html_put(html, "<li><a href=\"%s?%s=%zu%s%s%s\">%s</a></li>", table->path, table->from ? table->from : "from", from,
        *sort ? "&sort=" : "", page_url(request, "", sort), kept, word);
}

static void put_stretch(
    const struct request *request, struct html *html, const struct table *table, const struct stretch *stretch)
{
    if (stretch->all <= TABLE_ROWS)
        return;
    html_put(
        html, "<ul class=\"actions\"><li>Rows %zu to %zu of %zu</li>", stretch->from + 1, stretch->to, stretch->all);
    if (stretch->from)
        put_stretch_link(request, html, table, stretch->from - TABLE_ROWS, "Rows before");
    if (stretch->to < stretch->all)
        put_stretch_link(request, html, table, stretch->to, "Rows after");
    html_put(html, "</ul>");
}

struct table_rows table_rows(const struct request *request, size_t most)
{
    const void **items = most ? arena_alloc(request->arena, most * sizeof(*items)) : NULL;
    return (struct table_rows){.items = items, .room = items ? most : 0};
}

void table_put(
    const struct request *request, struct html *html, const struct table *table, const struct table_rows *rows)
{
    if (rows->n == 0) {
        page_empty(html, table->empty);
        return;
    }
    int way = 1;
    const struct table_column *by = sort_column(request, table, &way);
    if (by)
        sort_rows(request, by, way, rows->items, rows->n);
    struct stretch stretch = stretch_of(request, table, rows->n);
    html_put(html,
        "<div class=\"scroll%s\" role=\"region\" tabindex=\"0\" "
        "aria-label=\"%s\"><table><caption>%s</caption>",
        table->n_columns > 3 ? "" : " narrow", table->caption, table->caption);
    put_head(request, html, table, by, way);
    html_put(html, "<tbody>");
    for (size_t i = stretch.from; i < stretch.to; i++)
        put_cells(request, html, table, rows->items[i]);
    html_put(html, "</tbody></table></div>");
    put_stretch(request, html, table, &stretch);
}

#define TROUBLED "troubled" // ?verdict= of all that is not well

static void put_verdict_choice(
    struct html *html, const char *chosen, const char *value, const char *of, const char *word)
{
    html_put(
        html, "<option value=\"%s\"%s>%s%s</option>", value, strcmp(chosen, value) == 0 ? " selected" : "", of, word);
}

void table_filter(const struct request *request, struct html *html, const char *path, unsigned things)
{
    const char *chosen = request_query(request, "verdict");
    html_put(html,
        "<form class=\"filter\" action=\"%s\"><label>Name holds <input type=\"search\" name=\"q\" "
        "value=\"%s\" "
        "autocomplete=\"off\" spellcheck=\"false\" maxlength=\"200\"></label>",
        path, request_query(request, "q"));
    html_put(html, "<label>State <select name=\"verdict\">");
    put_verdict_choice(html, chosen, "", "", "any");
    put_verdict_choice(html, chosen, TROUBLED, "", "all that is not well");
    bool many = things & (things - 1);
    for (unsigned i = 0; i < VERDICT_COUNT; i++) {
        const struct verdict_row *row = verdict_row((enum verdict)i);
        if (things & 1U << row->of)
            put_verdict_choice(
                html, chosen, row->id, many ? request_printf(request, "%s: ", thing_name(row->of)) : "", row->word);
    }
    html_put(html, "</select></label>");
    static const char *const kept[] = {"sort", "view"};
    for (size_t i = 0; i < 2; i++)
        if (*request_query(request, kept[i]))
            html_put(
                html, "<input type=\"hidden\" name=\"%s\" value=\"%s\">", kept[i], request_query(request, kept[i]));
    html_put(html, "<button>Show</button>");
    if (*chosen || *request_query(request, "q"))
        html_put(html, " <a href=\"%s\">Show all</a>", path);
    html_put(html, "</form>");
}

static bool passes_verdict(enum verdict verdict, const char *asked)
{
    if (!*asked)
        return true;
    if (strcmp(asked, TROUBLED) == 0)
        return verdict_severity(verdict) != SEVERITY_OK;
    return strcmp(asked, verdict_row(verdict)->id) == 0;
}

bool table_passes(const struct request *request, enum verdict verdict, const char *const *texts)
{
    if (!passes_verdict(verdict, request_query(request, "verdict")))
        return false;
    const char *q = request_query(request, "q");
    for (; *texts; texts++)
        if (strcasestr(*texts, q))
            return true;
    return !*q;
}
