// SPDX-License-Identifier: Apache-2.0
// Who asks for what, and beside it what can never be got.
#include "hub/console/html/form.h"
#include "hub/base/clock.h"
#include "hub/console/server/routes.h"
#include "hub/console/pages/subscription_fields.h"
#include "hub/console/html/table.h"

#define ROWS 100

static const char *url_of(const struct request *request, const Signalbox__V1__Subscription *subscription)
{
    return page_url(
        request, "/subscriptions/", request_printf(request, "%s/%s", subscription->force, subscription->name));
}

static void put_problem(struct html *html, const struct observer_subscription *row)
{
    if (row->problem && !row->subscription->withdrawn)
        html_put(html, "<span class=\"badge warning\"><i class=\"shape\"></i>never</span> %s", row->problem);
}

TABLE_CELL(put_name, observer_subscription,
    html_put(html, "<a href=\"%s\">%s/%s</a>", url_of(request, row->subscription), row->subscription->force,
        row->subscription->name))
TABLE_CELL(put_asks, observer_subscription, html_put(html, "%s", subscription_asks(row->subscription, request->arena)))
TABLE_CELL(
    put_state, observer_subscription, html_put(html, "%s", row->subscription->withdrawn ? "withdrawn" : "in force"))
TABLE_CELL(put_check, observer_subscription, put_problem(html, row))
TABLE_CELL(put_made, observer_subscription, page_time(html, row->subscription->made_unix_ms, clock_wall_ms()))
TABLE_CELL(put_revision, observer_subscription, page_count(html, figure_of((int64_t)row->revision)))

static bool is_checked(const struct request *request, const char *name)
{
    return *request_query(request, name) != 0;
}

static void put_box(const struct request *request, struct html *html, const char *name, const char *label)
{
    html_put(html, "<label><input type=\"checkbox\" name=\"%s\" value=\"1\"%s> %s</label>", name,
        is_checked(request, name) ? " checked" : "", label);
}

static void put_filter(const struct request *request, struct html *html)
{
    html_put(html,
        "<form class=\"filter\" method=\"get\" action=\"/subscriptions\"><label>Force <input type=\"search\" "
        "name=\"force\" "
        "value=\"%s\" maxlength=\"64\" autocomplete=\"off\" spellcheck=\"false\"></label>",
        request_query(request, "force"));
    put_box(request, html, "problems", "with a problem");
    put_box(request, html, "withdrawn", "withdrawn too");
    html_put(html, "<button>Show</button></form>");
}

static bool passes_filter(const struct request *request, const struct observer_subscription *row)
{
    const char *force = request_query(request, "force");
    if (*force && strcmp(force, row->subscription->force) != 0)
        return false;
    if (row->subscription->withdrawn && !is_checked(request, "withdrawn"))
        return false;
    return row->problem || !is_checked(request, "problems");
}

static const char *link_to(const struct request *request, size_t skip)
{
    const char *url = page_url(request, "/subscriptions?force=", request_query(request, "force"));
    return request_printf(request, "%s%s%s&skip=%zu", url, is_checked(request, "problems") ? "&problems=1" : "",
        is_checked(request, "withdrawn") ? "&withdrawn=1" : "", skip);
}

static void put_ways(const struct request *request, struct html *html, size_t skip, size_t n)
{
    html_put(html, "<p class=\"ways\">%zu to %zu of %zu ", skip + 1, skip + ROWS < n ? skip + ROWS : n, n);
    if (skip)
        html_put(html, "<a href=\"%s\">Before</a> ", link_to(request, skip > ROWS ? skip - ROWS : 0));
    if (skip + ROWS < n)
        html_put(html, "<a href=\"%s\">After</a>", link_to(request, skip + ROWS));
    html_put(html, "</p>");
}

static void put_rows(const struct request *request, struct html *html, const struct table_rows *rows)
{
    static const struct table_column columns[] = {
        {.title = "Subscription", .cell = put_name},
        {.title = "Asks for", .cell = put_asks},
        {.title = "State", .cell = put_state},
        {.title = "Check", .cell = put_check},
        {.title = "Made", .cell = put_made},
        {.title = "Revision", .number = true, .cell = put_revision},
    };
    static const struct table table = {.caption = "Subscriptions, by force and name",
        .path = "/subscriptions",
        .columns = columns,
        .n_columns = sizeof columns / sizeof *columns,
        .empty = "No subscription fits."};
    int64_t asked = request_number(request, "skip", 0);
    size_t skip = asked > 0 && (uint64_t)asked < rows->n ? (size_t)asked : 0;
    struct table_rows shown = table_rows(request, ROWS);
    for (size_t i = skip; i < rows->n; i++)
        table_add(&shown, rows->items[i]);
    table_put(request, html, &table, &shown);
    if (rows->n > ROWS)
        put_ways(request, html, skip, rows->n);
}

static void put_new(const struct request *request, struct html *html)
{
    html_put(html,
        "<h2>A new one</h2><form class=\"filter\" method=\"get\" action=\"/subscriptions\"><label>Force "
        "<input type=\"text\" name=\"new-force\" required maxlength=\"64\" autocomplete=\"off\" spellcheck=\"false\" "
        "value=\"%s\"></label><label>Name <input type=\"text\" name=\"new-name\" required maxlength=\"64\" "
        "autocomplete=\"off\" "
        "spellcheck=\"false\" pattern=\"[a-z0-9\\-]+\"></label><button>Begin</button></form>",
        request_query(request, "force"));
}

void page_subscriptions(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    const char *force = request_query(request, "new-force"), *name = request_query(request, "new-name");
    if (*force && *name) {
        reply->status = 303;
        reply->location = page_url(request, "/subscriptions/", request_printf(request, "%s/%s", force, name));
        return;
    }
    const struct observer_subscription *found;
    size_t n_found = observer_subscriptions(request->observer, request->arena, &found);
    struct table_rows rows = table_rows(request, n_found);
    for (size_t i = 0; i < n_found; i++)
        if (passes_filter(request, &found[i]))
            table_add(&rows, &found[i]);
    page_begin(request, reply,
        &(struct page_frame){
            .title = "Subscriptions", .here = "/subscriptions", .command = "signalbox subscription list"});
    put_filter(request, html);
    put_rows(request, html, &rows);
    put_new(request, html);
    page_end(request, reply);
}
