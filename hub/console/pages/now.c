// SPDX-License-Identifier: Apache-2.0
// Now: what is wrong, worst first, or calmly that nothing is; and what has cleared lately. The page that is open all
// night.
#include "hub/console/pages/cells.h"
#include "hub/console/pages/trouble_list.h"

handler page_now;

// What came and went is counted from the ledger.
static bool knows_ledger(const struct health *health)
{
    for (size_t i = 0; i < health->n_ledgers; i++)
        if (health->ledgers[i].finding.verdict != VERDICT_LEDGER_UNKNOWN)
            return true;
    return false;
}

// Of nobody: nothing, if the ledger says so.
static struct figure sum_of_none(const struct health *health)
{
    return knows_ledger(health) ? figure_of(0) : (struct figure){0};
}

static struct figure records_hour(const struct health *health)
{
    struct figure sum = health->n_sources ? figure_of(0) : sum_of_none(health);
    for (size_t i = 0; i < health->n_sources; i++)
        sum = cell_sum(sum, health->sources[i].last_hour);
    return sum;
}

static struct figure deliveries_hour(const struct health *health)
{
    struct figure sum = health->n_forces ? figure_of(0) : sum_of_none(health);
    for (size_t i = 0; i < health->n_forces; i++)
        sum = cell_sum(sum, health->forces[i].last_hour);
    return sum;
}

static struct figure waiting_in_hub(const struct health *health)
{
    if (!health->n_lanes)
        return (struct figure){0};
    struct figure sum = figure_of(0);
    for (size_t i = 0; i < health->n_lanes; i++)
        sum = cell_sum(sum, health->lanes[i].waiting);
    return sum;
}

// Of the readers that can be seen; those that cannot are troubles of their own.
static struct figure waiting_on_feeds(const struct health *health)
{
    struct figure sum = {0};
    for (size_t i = 0; i < health->n_groups; i++)
        if (health->groups[i].lag.state == FIGURE_KNOWN)
            sum = figure_of(sum.value + health->groups[i].lag.value);
    return sum;
}

static uint64_t refused_waiting(const struct health *health)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < health->n_refused; i++)
        sum += health->refused[i].waiting;
    return sum;
}

static void put_figures(const struct health *health, struct html *html)
{
    struct figure unknown = {0};
    html_put(html, "<dl class=\"figures\">");
    cell_figure_count(html, "Came in the last hour", records_hour(health), "records");
    cell_figure_count(html, "Delivered in the last hour", deliveries_hour(health), "to all forces");
    cell_figure_count(html, "Wait in the hub", waiting_in_hub(health), "not decided yet");
    cell_figure_count(html, "Wait on feeds", waiting_on_feeds(health), "not read yet");
    bool quarantine_known = health->quarantine.verdict != VERDICT_QUARANTINE_UNKNOWN;
    cell_figure_count(html, "Refused, wait for an officer",
        quarantine_known ? figure_of((int64_t)refused_waiting(health)) : unknown, "records");
    html_put(html, "</dl>");
}

static void put_watched(const struct health *health, struct html *html)
{
    html_put(html,
        "<p class=\"dim\">Watched: %zu forces, %zu sources, %zu topics, %zu readers, %zu lanes and %zu hub "
        "processes, "
        "every ",
        health->n_forces, health->n_sources, health->n_topics, health->n_groups, health->n_lanes, health->n_processes);
    page_duration(html, figure_of(health->every_ms));
    html_put(html, ", since ");
    page_time(html, health->began_ms, health->at_ms);
    html_put(html, ". The broker answered last ");
    page_time(html, health->broker_answered_ms, health->at_ms);
    html_put(html, ".</p>");
}

// Nothing is wrong with those, but nobody has what they should.
static void put_without_reader(const struct health *health, struct html *html)
{
    size_t n = 0;
    for (size_t i = 0; i < health->n_forces; i++)
        n += health->forces[i].finding.verdict == VERDICT_FORCE_NO_READER;
    if (n)
        html_put(html,
            "<p><a href=\"/forces?verdict=FORCE_NO_READER\">%zu force%s</a> %s no reader that anybody knows: what is "
            "on %s waits.</p>",
            n, n == 1 ? "" : "s", n == 1 ? "has" : "have", n == 1 ? "its feed" : "their feeds");
}

static void put_well(const struct health *health, struct html *html)
{
    if (health->severity != SEVERITY_OK || !health->at_ms) {
        html_put(html, "<p class=\"problem\">Nothing has been collected yet: what is not known is not called well. "
                       "This page fills "
                       "itself within some seconds.</p>");
        return;
    }
    html_put(html,
        "<div class=\"well\"><p class=\"ok\"><i class=\"shape\"></i> All is well.</p>"
        "<p>Every feed is written, every reader reads as it should, every source publishes as it usually does at "
        "this hour, and every lane keeps up.</p>");
    put_without_reader(health, html);
    html_put(html, "</div>");
}

TABLE_CELL(put_verdict, trouble, page_badge(html, row->verdict))
TABLE_CELL(put_title, trouble, cell_name(html, page_thing_url(request, row->thing), row->title, NULL))
TABLE_CELL(put_since, trouble, page_time(html, row->since_ms, request->health->at_ms))
TABLE_CELL(put_cleared, trouble, page_time(html, row->cleared_ms, request->health->at_ms))
TABLE_CELL(put_lasted, trouble, page_duration(html, figure_of(row->cleared_ms - row->since_ms)))

static const struct table_column cleared_columns[] = {
    {.title = "What it was", .cell = put_title},
    {.title = "State then", .cell = put_verdict},
    {.title = "Began", .cell = put_since},
    {.title = "Cleared", .cell = put_cleared},
    {.title = "Lasted", .number = true, .cell = put_lasted},
};

static void put_cleared_list(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    struct table_rows rows = table_rows(request, health->n_cleared);
    for (size_t i = 0; i < health->n_cleared; i++)
        table_add(&rows, &health->cleared[i]);
    const struct table table = {
        .caption = "Cleared by itself or by somebody, newest first",
        .path = "/",
        .columns = cleared_columns,
        .n_columns = sizeof(cleared_columns) / sizeof(cleared_columns[0]),
        .empty = "Nothing has cleared since this console began to look.",
    };
    html_put(html, "<h2>Cleared lately</h2>");
    table_put(request, html, &table, &rows);
}

void page_now(const struct request *request, struct reply *reply)
{
    const struct health *health = request->health;
    struct html *html = &reply->body;
    page_begin(request, reply, &(struct page_frame){.title = "Now", .here = "/", .command = "signalbox status"});
    html_put(html, "<div class=\"first\">"); // on a narrow screen what is wrong comes before the figures
    put_figures(health, html);
    if (health->n_troubles) {
        html_put(html, "<h2>Wrong now, worst first</h2>");
        trouble_list(request, html);
    } else {
        put_well(health, html);
    }
    html_put(html, "</div>");
    put_watched(health, html);
    put_cleared_list(request, html);
    page_end(request, reply);
}
