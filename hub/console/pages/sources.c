// SPDX-License-Identifier: Apache-2.0
// Sources: which agency publishes as it usually does at this hour of the week, and which does not.
#include "hub/console/pages/cells.h"

handler page_sources;

TABLE_ORDER(by_name, source_health, table_text(row->name))
TABLE_ORDER(by_state, source_health, table_verdict(row->finding.verdict))
TABLE_ORDER(by_last, source_health, table_figure(row->last_ms))
TABLE_ORDER(by_hour, source_health, table_figure(row->last_hour))
TABLE_ORDER(by_usual, source_health, table_figure(row->expected_hour))
TABLE_ORDER(by_day, source_health, table_figure(row->last_day))
TABLE_ORDER(by_refused, source_health, table_figure(row->refused))
TABLE_ORDER(by_waiting, source_health, table_figure(row->waiting))
TABLE_ORDER(by_silence, source_health, table_figure(row->silent_after_ms))
TABLE_CELL(
    put_name, source_health, cell_name(html, page_url(request, "/sources/", row->agency), row->name, row->agency))
TABLE_CELL(put_state, source_health, page_badge(html, row->finding.verdict))
TABLE_CELL(put_last, source_health, cell_moment(request, html, row->last_ms))
TABLE_CELL(put_hour, source_health, page_count(html, row->last_hour))
TABLE_CELL(put_usual, source_health, cell_thousandths(html, row->expected_hour))
TABLE_CELL(put_day, source_health, page_count(html, row->last_day))
TABLE_CELL(put_refused, source_health, page_count(html, row->refused))
TABLE_CELL(put_waiting, source_health, page_count(html, row->waiting))
TABLE_CELL(put_silence, source_health, page_duration(html, row->silent_after_ms))

static const struct table_column columns[] = {
    {"source", "Source", false, by_name, put_name},
    {"state", "State", false, by_state, put_state},
    {"last", "Last record", true, by_last, put_last},
    {"hour", "Last hour", true, by_hour, put_hour},
    {"usual", "Usual", true, by_usual, put_usual},
    {"day", "Last 24 h", true, by_day, put_day},
    {"refused", "Refused in 24 h", true, by_refused, put_refused},
    {"waiting", "Wait in the hub", true, by_waiting, put_waiting},
    {"silence", "Silent if nothing for", true, by_silence, put_silence},
};

void page_sources(const struct request *request, struct reply *reply)
{
    const struct health *health = request->health;
    struct html *html = &reply->body;
    struct table_rows rows = table_rows(request, health->n_sources);
    for (size_t i = 0; i < health->n_sources; i++) {
        const struct source_health *source = &health->sources[i];
        if (table_passes(request, source->finding.verdict,
                (const char *const[]){source->name, source->agency, source->region, NULL}))
            table_add(&rows, source);
    }
    page_begin(request, reply,
        &(struct page_frame){.title = "Sources", .here = "/sources", .command = "signalbox status sources"});
    table_filter(request, html, "/sources", 1U << THING_SOURCE);
    table_put(request, html,
        &(struct table){.caption = "Agencies that publish, with what came and what is usual at this hour of the week",
            .path = "/sources",
            .columns = columns,
            .n_columns = sizeof(columns) / sizeof(columns[0]),
            .sort = "-state",
            .empty = health->n_sources ? "No source matches."
                                       : "No agency may publish yet: the registry in force names "
                                         "no key."},
        &rows);
    page_end(request, reply);
}
