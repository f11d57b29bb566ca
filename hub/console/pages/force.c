// SPDX-License-Identifier: Apache-2.0
// One force: whether it is served, by whom its feed is read, and what stands in the way.
#include "hub/console/pages/cells.h"
#include "hub/console/html/chart.h"
#include "hub/console/pages/names.h"
#include "hub/console/pages/readers.h"
#include "hub/console/pages/trouble_list.h"

handler page_force;

static void put_head(const struct request *request, struct html *html, const struct force_health *force)
{
    page_finding(html, &force->finding, request->health->at_ms);
    if (force->cause && *force->cause)
        html_put(html, "<p>Because of <a href=\"%s\">%s</a>.</p>", page_thing_url(request, force->cause), force->cause);
    html_put(html, "<dl class=\"figures\">");
    cell_figure_time(request, html, "Last delivery", force->last_ms);
    cell_figure_count(html, "In the last hour", force->last_hour, "deliveries");
    cell_figure_count(html, "In the last 24 hours", force->last_day, "deliveries");
    cell_figure_count(html, "Waiting on its feed", force->lag, "records");
    cell_figure_duration(html, "Oldest waits for", force->lag_ms, NULL);
    html_put(html, "</dl>");
}

static void put_links(const struct request *request, struct html *html, const struct force_health *force)
{
    const char *topic =
        request_printf(request, "%sfeed.%s", request->health->prefix ? request->health->prefix : "", force->id);
    html_put(
        html, "<ul class=\"actions\"><li><a href=\"%s\">Its feed topic</a></li>", page_url(request, "/topics/", topic));
    html_put(
        html, "<li><a href=\"%s\">What it asks for</a></li>", page_url(request, "/subscriptions?force=", force->id));
    html_put(html, "<li><a href=\"/item\">Whether it got an item</a></li></ul>");
}

void page_force(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    const struct force_health *force = name_force(request->health, request->rest);
    if (!force) {
        page_problem(request, reply, 404, "No such force",
            "The registry in force has no organisation of that id. See "
            "all forces.");
        return;
    }
    const char *thing = request_printf(request, "force/%s", force->id);
    page_begin(request, reply,
        &(struct page_frame){.title = force->name, .here = "/forces", .command = page_status(request, thing)});
    html_put(html, "<p class=\"dim\">%s · %s · %s</p>", force->id, force->kind, force->region);
    put_head(request, html, force);
    put_links(request, html, force);
    trouble_list_about(request, html, thing, force->id);
    html_put(html, "<h2>Readers of its feed</h2>");
    readers_put(request, html, page_url(request, "/forces/", force->id), NULL, force->id);
    chart_put(request, html, &(struct chart){"Records waiting", thing, TRAIL_LAG, CHART_COUNT});
    chart_put(request, html, &(struct chart){"Deliveries a minute", thing, TRAIL_PER_MINUTE, CHART_COUNT});
    cell_delays(html, &force->delays);
    page_end(request, reply);
}
