// SPDX-License-Identifier: Apache-2.0
// Who reads, how far behind in records and in time, and whether it grows: what other tools show on three screens.
#include "hub/console/pages/readers.h"
#include "hub/console/pages/cells.h"
#include "hub/console/pages/names.h"
#include <stdlib.h>

static bool reads_topic(const struct group_health *group, const char *topic)
{
    for (size_t i = 0; i < group->n_partitions; i++)
        if (strcmp(group->partitions[i].topic, topic) == 0)
            return true;
    return false;
}

static int compare_name(const void *name, const void *topic)
{
    return strcmp(name, ((const struct topic_health *)topic)->name);
}

static void take_group(const struct health *health, const struct group_health *group, const struct group_health **worst)
{
    for (size_t i = 0; i < group->n_partitions; i++) {
        const struct topic_health *topic =
            bsearch(group->partitions[i].topic, health->topics, health->n_topics, sizeof(*topic), compare_name);
        if (!topic)
            continue;
        const struct group_health **place = &worst[topic - health->topics];
        if (!*place || verdict_worse(group->finding.verdict, (*place)->finding.verdict) != (*place)->finding.verdict)
            *place = group;
    }
}

const struct group_health **readers_worst(const struct request *request)
{
    const struct health *health = request->health;
    const struct group_health **worst = arena_alloc(request->arena, (health->n_topics + 1) * sizeof(*worst));
    for (size_t i = 0; worst && i < health->n_groups; i++)
        take_group(health, &health->groups[i], worst);
    return worst;
}

static void put_force(const struct request *request, struct html *html, const void *row)
{
    const struct group_health *group = row;
    if (*group->force)
        cell_name(html, page_url(request, "/forces/", group->force), name_of(request->health, group->force), NULL);
    else
        html_put(html, "<span class=\"dim\">several feeds</span>");
}

static void put_trend(const struct request *request, struct html *html, const void *row)
{
    (void)request;
    const struct group_health *group = row;
    if (group->lag.state == FIGURE_KNOWN)
        cell_trend(html, group->trend);
}

TABLE_ORDER(by_name, group_health, table_text(row->name))
TABLE_ORDER(by_force, group_health, table_text(row->force))
TABLE_ORDER(by_state, group_health, table_verdict(row->finding.verdict))
TABLE_ORDER(by_members, group_health, table_figure(row->members))
TABLE_ORDER(by_lag, group_health, table_figure(row->lag))
TABLE_ORDER(by_time, group_health, table_figure(row->lag_ms))
TABLE_ORDER(by_rate, group_health, table_figure(row->per_minute))
TABLE_ORDER(by_trend, group_health, table_number(row->trend))
TABLE_CELL(put_name, group_health, cell_name(html, page_url(request, "/groups/", row->name), row->name, NULL))
TABLE_CELL(put_state, group_health, page_badge(html, row->finding.verdict))
TABLE_CELL(put_members, group_health, page_count(html, row->members))
TABLE_CELL(put_lag, group_health, page_count(html, row->lag))
TABLE_CELL(put_time, group_health, page_duration(html, row->lag_ms))
TABLE_CELL(put_rate, group_health, page_count(html, row->per_minute))

static const struct table_column columns[] = {
    {"group", "Group", false, by_name, put_name},
    {"force", "Force", false, by_force, put_force},
    {"state", "State", false, by_state, put_state},
    {"members", "Members", true, by_members, put_members},
    {"lag", "Waiting", true, by_lag, put_lag},
    {"time", "Oldest waits", true, by_time, put_time},
    {"rate", "Read a minute", true, by_rate, put_rate},
    {"trend", "Trend", false, by_trend, put_trend},
};

static bool is_wanted(
    const struct request *request, const struct group_health *group, const char *topic, const char *force)
{
    if (topic)
        return reads_topic(group, topic);
    if (force)
        return strcmp(group->force, force) == 0;
    return table_passes(request, group->finding.verdict,
        (const char *const[]){group->name, group->force, name_of(request->health, group->force), NULL});
}

void readers_put(
    const struct request *request, struct html *html, const char *path, const char *topic, const char *force)
{
    const struct health *health = request->health;
    struct table_rows rows = table_rows(request, health->n_groups);
    for (size_t i = 0; i < health->n_groups; i++)
        if (is_wanted(request, &health->groups[i], topic, force))
            table_add(&rows, &health->groups[i]);
    const struct table table = {
        .caption = "Readers: groups on feeds, with what waits for them",
        .path = path,
        .columns = columns,
        .n_columns = sizeof(columns) / sizeof(columns[0]),
        .sort = "-state",
        .from = "readers",
        .empty = topic || force ? "No group has read it yet." : "No group matches.",
    };
    table_put(request, html, &table, &rows);
}
