// SPDX-License-Identifier: Apache-2.0
// Topics: all that the hub reads and writes, with the lag of its readers beside each, and the readers themselves.
#include "hub/console/pages/cells.h"
#include "hub/console/pages/readers.h"

handler page_topics;

struct topic_row {
    const struct topic_health *topic;
    const struct group_health *group; // the worst one that reads it, or NULL
    struct figure records;
};

// A topic is as bad as the worst of itself and its readers.
static struct table_key by_state(const void *at)
{
    const struct topic_row *row = at;
    struct table_key own = table_verdict(row->topic->finding.verdict);
    struct table_key reader = row->group ? table_verdict(row->group->finding.verdict) : own;
    return reader.number > own.number ? reader : own;
}

TABLE_ORDER(by_name, topic_row, table_text(row->topic->name))
TABLE_ORDER(by_part, topic_row, table_number((int64_t)row->topic->part))
TABLE_ORDER(by_records, topic_row, table_figure(row->records))
TABLE_ORDER(by_rate, topic_row, table_figure(row->topic->per_minute))
TABLE_ORDER(by_partitions, topic_row, table_number((int64_t)row->topic->n_partitions))
TABLE_ORDER(by_retention, topic_row, table_figure(cell_retention_key(row->topic->retention_ms)))
TABLE_ORDER(by_lag, topic_row, row->group ? table_figure(row->group->lag) : (struct table_key){.unknown = true})
TABLE_CELL(
    put_name, topic_row, cell_name(html, page_url(request, "/topics/", row->topic->name), row->topic->name, NULL))
TABLE_CELL(put_part, topic_row, html_put(html, "%s", health_part_name(row->topic->part)))
TABLE_CELL(put_state, topic_row, page_badge(html, row->topic->finding.verdict))
TABLE_CELL(put_records, topic_row, page_count(html, row->records))
TABLE_CELL(put_rate, topic_row, page_count(html, row->topic->per_minute))
TABLE_CELL(put_partitions, topic_row, cell_count(html, row->topic->n_partitions))
TABLE_CELL(put_retention, topic_row, cell_retention(html, row->topic->retention_ms))

static void put_lag(const struct request *request, struct html *html, const void *at)
{
    (void)request;
    const struct topic_row *row = at;
    if (row->group)
        page_count(html, row->group->lag);
    else
        html_put(html, "<span class=\"dim\" title=\"no group reads it\">–</span>");
}

static void put_reader(const struct request *request, struct html *html, const void *at)
{
    const struct topic_row *row = at;
    if (!row->group)
        return;
    page_badge(html, row->group->finding.verdict);
    html_put(html, " <a href=\"%s\">%s</a>", page_url(request, "/groups/", row->group->name), row->group->name);
}

static const struct table_column columns[] = {
    {"topic", "Topic", false, by_name, put_name},
    {"part", "Part", false, by_part, put_part},
    {"state", "State", false, by_state, put_state},
    {"records", "Records held", true, by_records, put_records},
    {"rate", "Records a minute", true, by_rate, put_rate},
    {"partitions", "Partitions", true, by_partitions, put_partitions},
    {"retention", "Kept for", true, by_retention, put_retention},
    {"lag", "Waiting", true, by_lag, put_lag},
    {.title = "Worst reader", .cell = put_reader},
};

// The part of the topics that is asked for; "" for all, and for one that there is not.
static const char *view_of(const struct request *request)
{
    const char *view = request_query(request, "view");
    for (unsigned part = TOPIC_PART_INBOUND; part <= TOPIC_PART_INTERNAL; part++)
        if (strcmp(view, health_part_name((enum topic_part)part)) == 0)
            return view;
    return "";
}

static bool of_part(const struct topic_health *topic, const char *part)
{
    return !*part || strcmp(part, health_part_name(topic->part)) == 0;
}

static void add_topics(const struct request *request, struct table_rows *rows)
{
    const struct health *health = request->health;
    const struct group_health **worst = readers_worst(request);
    struct topic_row *all = arena_alloc(request->arena, (health->n_topics + 1) * sizeof(*all));
    for (size_t i = 0; all && worst && i < health->n_topics; i++) {
        const struct topic_health *topic = &health->topics[i];
        if (!of_part(topic, view_of(request)))
            continue;
        all[i] = (struct topic_row){.topic = topic, .group = worst[i], .records = cell_records(topic)};
        const char *group = all[i].group ? all[i].group->name : "";
        const char *const texts[] = {topic->name, topic->owner, group, NULL};
        if (table_passes(request, topic->finding.verdict, texts) ||
            (all[i].group && table_passes(request, all[i].group->finding.verdict, texts)))
            table_add(rows, &all[i]);
    }
}

static void put_views(const struct request *request, struct html *html)
{
    const char *view = view_of(request);
    html_put(html, "<ul class=\"actions\" aria-label=\"Part\"><li><a href=\"/topics\">all</a></li>");
    for (unsigned part = TOPIC_PART_INBOUND; part <= TOPIC_PART_INTERNAL; part++) {
        const char *name = health_part_name((enum topic_part)part);
        html_put(html, "<li><a href=\"/topics?view=%s\"", name);
        if (strcmp(view, name) == 0)
            html_put(html, " aria-current=\"true\"");
        html_put(html, ">%s</a></li>", name);
    }
    html_put(html, "<li><a href=\"#readers\">Readers</a></li></ul>");
}

void page_topics(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    struct table_rows rows = table_rows(request, request->health->n_topics);
    add_topics(request, &rows);
    page_begin(request, reply,
        &(struct page_frame){.title = "Topics", .here = "/topics", .command = "signalbox status topics"});
    put_views(request, html);
    table_filter(request, html, "/topics", 1U << THING_TOPIC | 1U << THING_GROUP);
    table_put(request, html,
        &(struct table){.caption = "Topics, with the worst of their readers",
            .path = "/topics",
            .columns = columns,
            .n_columns = sizeof(columns) / sizeof(columns[0]),
            .sort = "-state",
            .empty = "No topic matches."},
        &rows);
    html_put(html, "<h2 id=\"readers\">Readers</h2>");
    readers_put(request, html, "/topics", NULL, NULL);
    page_end(request, reply);
}
