// SPDX-License-Identifier: Apache-2.0
// Forces: who is served and who is not, as a map and as a list of the same.
#include "hub/console/pages/cells.h"
#include "hub/console/pages/forces_map.h"

handler page_forces;

TABLE_ORDER(by_name, force_health, table_text(row->name))
TABLE_ORDER(by_region, force_health, table_text(row->region))
TABLE_ORDER(by_state, force_health, table_verdict(row->finding.verdict))
TABLE_ORDER(by_last, force_health, table_figure(row->last_ms))
TABLE_ORDER(by_hour, force_health, table_figure(row->last_hour))
TABLE_ORDER(by_day, force_health, table_figure(row->last_day))
TABLE_ORDER(by_lag, force_health, table_figure(row->lag))
TABLE_ORDER(by_time, force_health, table_figure(row->lag_ms))
TABLE_ORDER(by_groups, force_health, table_number((int64_t)row->n_groups))
TABLE_CELL(put_name, force_health, cell_name(html, page_url(request, "/forces/", row->id), row->name, row->id))
TABLE_CELL(put_region, force_health, html_put(html, "<span class=\"nowrap\">%s</span>", row->region))
TABLE_CELL(put_last, force_health, cell_moment(request, html, row->last_ms))
TABLE_CELL(put_hour, force_health, page_count(html, row->last_hour))
TABLE_CELL(put_day, force_health, page_count(html, row->last_day))
TABLE_CELL(put_lag, force_health, page_count(html, row->lag))
TABLE_CELL(put_time, force_health, page_duration(html, row->lag_ms))
TABLE_CELL(put_groups, force_health, cell_count(html, row->n_groups))

static void put_state(const struct request *request, struct html *html, const void *at)
{
    const struct force_health *force = at;
    page_badge(html, force->finding.verdict);
    if (force->cause && *force->cause)
        html_put(html, " <small>by <a href=\"%s\">%s</a></small>", page_thing_url(request, force->cause), force->cause);
}

static const struct table_column columns[] = {
    {"force", "Force", false, by_name, put_name},
    {"region", "Region", false, by_region, put_region},
    {"state", "State", false, by_state, put_state},
    {"last", "Last delivery", true, by_last, put_last},
    {"hour", "Last hour", true, by_hour, put_hour},
    {"day", "Last 24 h", true, by_day, put_day},
    {"lag", "Waiting", true, by_lag, put_lag},
    {"time", "Oldest waits", true, by_time, put_time},
    {"readers", "Readers", true, by_groups, put_groups},
};

void page_forces(const struct request *request, struct reply *reply)
{
    const struct health *health = request->health;
    struct html *html = &reply->body;
    struct table_rows rows = table_rows(request, health->n_forces);
    for (size_t i = 0; i < health->n_forces; i++)
        if (forces_map_passes(request, &health->forces[i]))
            table_add(&rows, &health->forces[i]);
    page_begin(request, reply,
        &(struct page_frame){.title = "Forces", .here = "/forces", .command = "signalbox status forces"});
    table_filter(request, html, "/forces", 1U << THING_FORCE);
    if (!health->n_forces)
        page_empty(html, "No registry is in force, so no force is known: signalbox registry apply.");
    else {
        html_put(html, "<h2>Map</h2>");
        forces_map(request, html);
        html_put(html, "<h2 id=\"list\">List</h2>");
        table_put(request, html,
            &(struct table){.caption = "Forces and other receivers, with what they got and what waits for them",
                .path = "/forces",
                .columns = columns,
                .n_columns = sizeof(columns) / sizeof(columns[0]),
                .sort = "-state",
                .empty = "No force matches."},
            &rows);
    }
    page_end(request, reply);
}
