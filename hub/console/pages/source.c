// SPDX-License-Identifier: Apache-2.0
// One source: its rhythm now beside the usual one, what was refused and why, and the delays on its way.
#include "hub/console/pages/cells.h"
#include "hub/console/html/chart.h"
#include "hub/console/pages/names.h"
#include "hub/console/pages/trouble_list.h"

handler page_source;

static void put_rhythm(const struct request *request, struct html *html, const struct source_health *source)
{
    html_put(html, "<dl class=\"figures\">");
    cell_figure_time(request, html, "Last record", source->last_ms);
    cell_figure_count(html, "In the last hour", source->last_hour, "records");
    cell_figure_begin(html, "Usual at this hour of the week");
    cell_thousandths(html, source->expected_hour);
    cell_figure_end(html, "records in an hour");
    cell_figure_duration(html, "Called silent if nothing comes for", source->silent_after_ms, NULL);
    cell_figure_count(html, "Wait in the hub", source->waiting, "not decided yet");
    html_put(html, "</dl>");
}

static void put_outcomes(struct html *html, const struct source_health *source)
{
    html_put(html, "<h2>Decided in the last 24 hours</h2><dl class=\"figures\">");
    cell_figure_count(html, "All", source->last_day, "records");
    cell_figure_count(html, "Accepted", source->accepted, NULL);
    cell_figure_count(html, "Duplicates", source->duplicates, NULL);
    cell_figure_count(html, "Sent on to their lane", source->forwarded, NULL);
    cell_figure_count(html, "Refused", source->refused, NULL);
    html_put(html, "</dl>");
}

static void put_code(const struct request *request, struct html *html, const void *at)
{
    const struct code_count *code = at;
    const char *agency = page_url(request, "/quarantine?agency=", request->rest);
    html_put(html, "<a href=\"%s\"><code>%s</code></a>",
        page_url(request, request_printf(request, "%s&code=", agency), code->code), code->code);
}

TABLE_CELL(put_count, code_count, cell_count(html, row->count))

static const struct table_column columns[] = {
    {.title = "Code", .cell = put_code},
    {.title = "Records", .number = true, .cell = put_count},
};

static void put_refusals(const struct request *request, struct html *html, const struct source_health *source)
{
    struct table_rows rows = table_rows(request, source->n_refusals);
    for (size_t i = 0; i < source->n_refusals; i++)
        table_add(&rows, &source->refusals[i]);
    html_put(html, "<h2>Refused, by code</h2>");
    table_put(request, html,
        &(struct table){.caption = "Refusals in the last 24 hours, most frequent first",
            .path = "/sources",
            .columns = columns,
            .n_columns = 2,
            .empty = source->refused.state == FIGURE_KNOWN ? "None of its records was refused in the last 24 hours."
                                                           : "Nobody knows: the ledger has not been read."},
        &rows);
}

void page_source(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    const struct source_health *source = name_source(request->health, request->rest);
    if (!source) {
        page_problem(request, reply, 404, "No such source",
            "The registry in force has no publishing agency of that "
            "id. See all sources.");
        return;
    }
    const char *thing = request_printf(request, "source/%s", source->agency);
    page_begin(request, reply,
        &(struct page_frame){.title = source->name, .here = "/sources", .command = page_status(request, thing)});
    html_put(html, "<p class=\"dim\">%s · %s</p>", source->agency, source->region);
    if (!trouble_list_about(request, html, thing, NULL))
        page_finding(html, &source->finding, request->health->at_ms);
    put_rhythm(request, html, source);
    put_outcomes(html, source);
    put_refusals(request, html, source);
    chart_put(request, html, &(struct chart){"Records a minute", thing, TRAIL_PER_MINUTE, CHART_COUNT});
    chart_put(request, html, &(struct chart){"Delay in the hub", thing, TRAIL_HUB_MS, CHART_DURATION});
    cell_delays(html, &source->delays);
    page_end(request, reply);
}
