// SPDX-License-Identifier: Apache-2.0
// One topic: its partitions, their copies, and who reads it.
#include "hub/console/pages/cells.h"
#include "hub/console/html/chart.h"
#include "hub/console/pages/names.h"
#include "hub/console/pages/readers.h"
#include "hub/console/pages/trouble_list.h"

handler page_topic;

TABLE_CELL(put_partition, partition_health, html_put(html, "%d", row->partition))
TABLE_CELL(put_start, partition_health, page_count(html, row->start))
TABLE_CELL(put_stable, partition_health, page_count(html, row->stable))
TABLE_CELL(put_end, partition_health, page_count(html, row->end))
TABLE_CELL(put_held, partition_health, page_count(html, cell_difference(row->end, row->start)))
TABLE_CELL(put_leader, partition_health, page_count(html, row->leader))
TABLE_CELL(put_copies, partition_health, {
    page_count(html, row->in_sync);
    html_put(html, " of ");
    page_count(html, row->replicas);
})

static void put_newest(const struct request *request, struct html *html, const void *at)
{
    const struct partition_health *row = at;
    if (row->newest_ms.state == FIGURE_KNOWN)
        page_time(html, row->newest_ms.value, request->health->at_ms);
    else
        page_count(html, row->newest_ms);
}

static const struct table_column columns[] = {
    {.title = "Partition", .cell = put_partition},
    {.title = "First offset", .number = true, .cell = put_start},
    {.title = "Stable to offset", .number = true, .cell = put_stable},
    {.title = "End offset", .number = true, .cell = put_end},
    {.title = "Records held", .number = true, .cell = put_held},
    {.title = "Leader, broker", .number = true, .cell = put_leader},
    {.title = "Copies in step", .number = true, .cell = put_copies},
    {.title = "Newest record", .number = true, .cell = put_newest},
};

static void put_partitions(const struct request *request, struct html *html, const struct topic_health *topic)
{
    struct table_rows rows = table_rows(request, topic->n_partitions);
    for (size_t i = 0; i < topic->n_partitions; i++)
        table_add(&rows, &topic->partitions[i]);
    html_put(html, "<h2>Partitions</h2>");
    table_put(request, html,
        &(struct table){.caption = "Partitions, their offsets and copies",
            .path = "/topics",
            .columns = columns,
            .n_columns = sizeof(columns) / sizeof(columns[0]),
            .empty = "The broker did not name any partition."},
        &rows);
}

static void put_owner(const struct request *request, struct html *html, const struct topic_health *topic)
{
    html_put(html, "<p class=\"dim\">%s topic", health_part_name(topic->part));
    if (topic->owner && *topic->owner)
        html_put(html, " of <a href=\"%s\">%s</a>",
            page_url(request,
                name_source(request->health, topic->owner) && topic->part == TOPIC_PART_INBOUND ? "/sources/"
                                                                                                : "/forces/",
                topic->owner),
            name_of(request->health, topic->owner));
    html_put(html, "</p>");
}

void page_topic(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    const struct topic_health *topic = name_topic(request->health, request->rest);
    if (!topic) {
        page_problem(request, reply, 404, "No such topic",
            "No topic of that name belongs to this deployment. See all "
            "topics.");
        return;
    }
    const char *thing = request_printf(request, "topic/%s", topic->name);
    page_begin(request, reply,
        &(struct page_frame){.title = topic->name, .here = "/topics", .command = page_status(request, thing)});
    put_owner(request, html, topic);
    if (!trouble_list_about(request, html, thing, NULL))
        page_finding(html, &topic->finding, request->health->at_ms);
    html_put(html, "<dl class=\"figures\">");
    cell_figure_count(html, "Records held", cell_records(topic), "by offsets");
    cell_figure_count(html, "Records a minute", topic->per_minute, "come in");
    cell_figure_begin(html, "Kept for");
    cell_retention(html, topic->retention_ms);
    cell_figure_end(html, NULL);
    html_put(html, "</dl>");
    put_partitions(request, html, topic);
    if (topic->part == TOPIC_PART_FEED) {
        html_put(html, "<h2>Readers</h2>");
        readers_put(request, html, page_url(request, "/topics/", topic->name), topic->name, NULL);
    }
    chart_put(request, html, &(struct chart){"Records a minute", thing, TRAIL_PER_MINUTE, CHART_COUNT});
    page_end(request, reply);
}
