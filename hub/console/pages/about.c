// SPDX-License-Identifier: Apache-2.0
// About: which version this is, how old its data can be, and what every word of the other pages means.
#include "hub/console/html/assets.h"
#include "hub/console/html/table.h"

handler page_about;

TABLE_CELL(put_word, verdict_row,
    html_put(
        html, "<span class=\"badge %s\"><i class=\"shape\"></i>%s</span>", severity_name(row->severity), row->word))
TABLE_CELL(put_id, verdict_row, html_put(html, "<code>%s</code>", row->id))
TABLE_CELL(put_severity, verdict_row, html_put(html, "%s", severity_name(row->severity)))
TABLE_CELL(put_meaning, verdict_row, html_put(html, "%s", row->meaning))
TABLE_CELL(put_remedy, verdict_row, html_put(html, "%s", row->remedy))

static const struct table_column columns[] = {
    {.title = "Word", .cell = put_word},
    {.title = "Severity", .cell = put_severity},
    {.title = "Name", .cell = put_id},
    {.title = "Means", .cell = put_meaning},
    {.title = "What to do", .cell = put_remedy},
};

static const char *const titles[THING_COUNT] = {
    [THING_GROUP] = "Readers",
    [THING_TOPIC] = "Topics",
    [THING_SOURCE] = "Sources",
    [THING_FORCE] = "Forces",
    [THING_LANE] = "Lanes",
    [THING_PROCESS] = "Processes",
    [THING_BROKER] = "Broker",
    [THING_CONTROL] = "Control data",
    [THING_KEY] = "Keys and certificates",
    [THING_QUARANTINE] = "Quarantine",
    [THING_CANARY] = "Canary items",
    [THING_LEDGER] = "Ledger chains",
};

static void put_words(const struct request *request, struct html *html, enum thing thing)
{
    struct table_rows rows = table_rows(request, VERDICT_COUNT);
    for (unsigned i = 0; i < VERDICT_COUNT; i++)
        if (verdict_row((enum verdict)i)->of == thing)
            table_add(&rows, verdict_row((enum verdict)i));
    html_put(html, "<h3 id=\"%s\">%s</h3>", thing_name(thing), titles[thing]);
    table_put(request, html,
        &(struct table){.caption = request_printf(request, "%s: what each word means", titles[thing]),
            .path = "/about",
            .columns = columns,
            .n_columns = sizeof(columns) / sizeof(columns[0])},
        &rows);
}

static void put_program(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    html_put(html,
        "<dl><dt>Program</dt><dd>Signalbox %s</dd><dt>Licence</dt><dd>Apache License "
        "2.0</dd><dt>Charts</dt><dd>%s</dd><dt>Broker</dt><dd>%s%s</dd><dt>Topic prefix</dt><dd>%s</dd><dt>Observing "
        "since</dt><dd>",
        health->version ? health->version : "",
        asset_charts() ? "uPlot, MIT licence" : "left out of this build: tables stand in their place",
        health->bootstrap ? health->bootstrap : "", health->embedded ? " (embedded, for demonstration only)" : "",
        health->prefix && *health->prefix ? health->prefix : "none");
    page_time(html, health->began_ms, health->at_ms);
    html_put(html, "</dd><dt>You</dt><dd>%s</dd></dl>", request->officer ? request->officer : "");
}

static void put_age(const struct request *request, struct html *html)
{
    html_put(html, "<h2>How old is what I see?</h2><p>A thread in the background asks the broker every ");
    page_duration(html, figure_of(request->health->every_ms));
    html_put(html, " and makes one snapshot; all pages, <a href=\"/metrics\">metrics</a>, <a "
                   "href=\"/health.json\">JSON</a> and <code>"
                   "signalbox status</code> show the same one. Its age stands at the top of each page and turns to a "
                   "warning when three "
                   "snapshots are missing. Pages follow by themselves while script is on; <kbd>p</kbd> pauses them.</p>"
                   "<p>A question mark means that nobody knows, and never zero. <em>Not permitted</em> means that the "
                   "broker does not let "
                   "this program see it.</p>");
}

static void put_severities(struct html *html)
{
    html_put(html, "<h2>Shapes and colours</h2><ul class=\"legend\">"
                   "<li><span class=\"badge ok\"><i class=\"shape\"></i>ok</span> a dot: nothing to do</li>"
                   "<li><span class=\"badge warning\"><i class=\"shape\"></i>warning</span> a triangle: look at it in "
                   "this shift</li>"
                   "<li><span class=\"badge critical\"><i class=\"shape\"></i>critical</span> an octagon: somebody "
                   "does not get what they "
                   "should; act now</li><li><span class=\"badge unknown\"><i class=\"shape\"></i>unknown</span> a "
                   "ring: it cannot be seen, so "
                   "nobody may call it well</li></ul>");
}

void page_about(const struct request *request, struct reply *reply)
{
    struct html *html = &reply->body;
    page_begin(
        request, reply, &(struct page_frame){.title = "About", .here = "/about", .command = "signalbox --version"});
    put_program(request, html);
    put_age(request, html);
    put_severities(html);
    html_put(html,
        "<h2>Keys</h2><p><kbd>/</kbd> finds, <kbd>?</kbd> shows all keys, <kbd>g</kbd> and a letter goes "
        "to a page: <kbd>g</kbd> "
        "<kbd>f</kbd> to the forces.</p><h2>Where is more?</h2><p>README.md, \"For operators\", says what there is; "
        "hub/runbooks.md has a section for each word below that is not well, under its name, which JSON, "
        "metrics and alerts have too: what to look at, what to do and whom to call. Both come with the "
        "program's source.</p><h2>What each word means</h2>");
    for (unsigned thing = 0; thing < THING_COUNT; thing++)
        put_words(request, html, (enum thing)thing);
    page_end(request, reply);
}
