// SPDX-License-Identifier: Apache-2.0
// The hub itself: broker and control data, lanes, processes, ledger chains, canary items, keys.
#include "hub/console/pages/cells.h"
#include "hub/console/pages/hub_parts.h"

handler page_hub;

static void put_broker(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    html_put(html, "<section class=\"panel\" id=\"broker\"><h2>Broker</h2>");
    page_finding(html, &health->broker, health->at_ms);
    html_put(html, "<dl><dt>Address</dt><dd>%s%s</dd><dt>Answered last</dt><dd>",
        health->bootstrap ? health->bootstrap : "", health->embedded ? " (embedded, for demonstration only)" : "");
    page_time(html, health->broker_answered_ms, health->at_ms);
    html_put(html, "</dd><dt>Brokers alive</dt><dd>");
    page_count(html, health->brokers);
    html_put(html, "</dd><dt>Collecting took</dt><dd>");
    page_duration(html, figure_of(health->took_ms));
    html_put(html, "</dd></dl></section>");
}

static void put_version(
    const struct request *request, struct html *html, const char *term, uint64_t version, int64_t made_ms)
{
    html_put(html, "<dt>%s</dt><dd>", term);
    if (!version)
        html_put(html, "<span class=\"dim\">none in force</span>");
    else
        html_put(html, "version %llu", (unsigned long long)version);
    if (made_ms) {
        html_put(html, ", made ");
        page_time(html, made_ms, request->health->at_ms);
    }
    html_put(html, "</dd>");
}

static void put_control(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    html_put(html, "<section class=\"panel\" id=\"control\"><h2>Control data</h2>");
    page_finding(html, &health->control, health->at_ms);
    html_put(html, "<dl>");
    put_version(request, html, "Registry", health->registry_version, health->registry_made_ms);
    put_version(request, html, "Policy", health->policy_version, health->policy_made_ms);
    put_version(request, html, "Subscriptions", health->subscriptions_version, 0);
    html_put(html, "</dl></section>");
}

static void put_contents(struct html *html)
{
    html_put(html, "<ul class=\"actions\" aria-label=\"On this page\"><li><a href=\"#lanes\">Lanes</a></li>"
                   "<li><a href=\"#processes\">Processes</a></li><li><a href=\"#canaries\">Canary items</a></li>"
                   "<li><a href=\"#ledgers\">Ledger chains</a></li><li><a href=\"#keys-and-certificates\">Keys</a></li>"
                   "<li><a href=\"#counters\">Counters</a></li></ul>");
}

void page_hub(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    page_begin(
        request, reply, &(struct page_frame){.title = "Hub", .here = "/hub", .command = "signalbox status lanes"});
    put_contents(html);
    html_put(html, "<div class=\"pair\">");
    put_broker(request, html);
    put_control(request, html);
    html_put(html, "</div>");
    hub_lanes(request, html);
    hub_processes(request, html);
    hub_canaries(request, html);
    hub_ledgers(request, html);
    hub_keys(request, html);
    hub_counters(request, html);
    page_end(request, reply);
}
