// SPDX-License-Identifier: Apache-2.0
// One reading group: its verdict with the rule and the numbers, each partition, and how long it has until records go
// unread.
#include "hub/console/pages/cells.h"
#include "hub/console/html/chart.h"
#include "hub/console/pages/names.h"
#include "hub/console/pages/trouble_list.h"

handler page_group;

TABLE_ORDER(by_partition, group_partition, table_number(row->partition))
TABLE_ORDER(by_state, group_partition, table_verdict(row->finding.verdict))
TABLE_ORDER(by_lag, group_partition, table_figure(row->lag))
TABLE_ORDER(by_time, group_partition, table_figure(row->lag_ms))
TABLE_ORDER(by_loss, group_partition, table_figure(row->until_loss_ms))
TABLE_CELL(put_partition, group_partition,
    html_put(html, "<a href=\"%s\">%s</a> / %d", page_url(request, "/topics/", row->topic), row->topic, row->partition))
TABLE_CELL(put_state, group_partition, page_badge(html, row->finding.verdict))
TABLE_CELL(put_committed, group_partition, page_count(html, row->committed))
TABLE_CELL(put_end, group_partition, page_count(html, row->end))
TABLE_CELL(put_lag, group_partition, page_count(html, row->lag))
TABLE_CELL(put_time, group_partition, page_duration(html, row->lag_ms))
TABLE_CELL(put_rate, group_partition, page_count(html, row->per_minute))
TABLE_CELL(put_loss, group_partition, page_duration(html, row->until_loss_ms))
TABLE_CELL(put_lost, group_partition, page_count(html, row->lost))
TABLE_CELL(put_rule, group_partition,
    html_put(html, "<code>%s</code> <small>%s</small>", row->finding.rule ? row->finding.rule : "",
        row->finding.numbers ? row->finding.numbers : ""))

static const struct table_column columns[] = {
    {"partition", "Topic and partition", false, by_partition, put_partition},
    {"state", "State", false, by_state, put_state},
    {.title = "Committed offset", .number = true, .cell = put_committed},
    {.title = "End offset", .number = true, .cell = put_end},
    {"lag", "Records waiting", true, by_lag, put_lag},
    {"time", "Oldest waits", true, by_time, put_time},
    {.title = "Read a minute", .number = true, .cell = put_rate},
    {"loss", "Until data is lost", true, by_loss, put_loss},
    {.title = "Lost unread", .number = true, .cell = put_lost},
    {.title = "Rule and numbers", .cell = put_rule},
};

static void put_partitions(const struct request *request, struct html *html, const struct group_health *group)
{
    struct table_rows rows = table_rows(request, group->n_partitions);
    for (size_t i = 0; i < group->n_partitions; i++)
        table_add(&rows, &group->partitions[i]);
    html_put(html, "<h2>Partitions</h2>");
    table_put(request, html,
        &(struct table){.caption = "Its place on each partition, with the rule that gave the state",
            .path = page_url(request, "/groups/", group->name),
            .columns = columns,
            .n_columns = sizeof(columns) / sizeof(columns[0]),
            .sort = "-state",
            .empty = "It has no place on any partition."},
        &rows);
}

// The shortest time until something unread goes by retention; unknown if nothing can say.
static struct figure until_loss(const struct group_health *group)
{
    struct figure shortest = {0};
    for (size_t i = 0; i < group->n_partitions; i++) {
        struct figure loss = group->partitions[i].until_loss_ms;
        if (loss.state == FIGURE_KNOWN && (shortest.state != FIGURE_KNOWN || loss.value < shortest.value))
            shortest = loss;
    }
    return shortest;
}

static void put_figures(struct html *html, const struct group_health *group)
{
    html_put(html, "<dl class=\"figures\">");
    cell_figure_count(html, "Members", group->members, group->state && *group->state ? group->state : NULL);
    cell_figure_begin(html, "Records waiting");
    page_count(html, group->lag);
    if (group->lag.state == FIGURE_KNOWN) {
        html_put(html, " <small>");
        cell_trend(html, group->trend);
        html_put(html, "</small>");
    }
    cell_figure_end(html, NULL);
    cell_figure_duration(html, "Oldest waits for", group->lag_ms, NULL);
    cell_figure_count(html, "Read a minute", group->per_minute, "records");
    cell_figure_duration(html, "Until data is lost", until_loss(group), "by retention, if it reads nothing");
    html_put(html, "</dl>");
}

void page_group(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    const struct group_health *group = name_group(request->health, request->rest);
    if (!group) {
        page_problem(request, reply, 404, "No such group",
            "No group of that name reads a feed. See the readers on "
            "the topics page.");
        return;
    }
    const char *thing = request_printf(request, "group/%s", group->name);
    page_begin(request, reply,
        &(struct page_frame){.title = group->name, .here = "/topics", .command = page_status(request, thing)});
    html_put(html, "<p class=\"dim\">Reading group");
    if (*group->force)
        html_put(html, " of <a href=\"%s\">%s</a>", page_url(request, "/forces/", group->force),
            name_of(request->health, group->force));
    html_put(html, "</p>");
    if (!trouble_list_about(request, html, thing, NULL))
        page_finding(html, &group->finding, request->health->at_ms);
    put_figures(html, group);
    put_partitions(request, html, group);
    chart_put(request, html, &(struct chart){"Records waiting", thing, TRAIL_LAG, CHART_COUNT});
    chart_put(request, html, &(struct chart){"Age of the oldest record not read", thing, TRAIL_LAG_MS, CHART_DURATION});
    chart_put(request, html, &(struct chart){"Records read a minute", thing, TRAIL_PER_MINUTE, CHART_COUNT});
    page_end(request, reply);
}
