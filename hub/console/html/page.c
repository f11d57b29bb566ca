// SPDX-License-Identifier: Apache-2.0
// The frame of every page. Whatever is open, the operator sees what is wrong in the whole, how old the data is, and how
// to get the same on a command line.
#include "hub/console/html/page.h"
#include "hub/base/clock.h"
#include "hub/console/html/assets.h"
#include "hub/observe/things.h"
#include <stdio.h>
#include <time.h>

#define NONE 0
static const struct place {
    const char *path, *title, *key;
    unsigned things;
} places[] = {
#define PLACE(path, title, key, things) {path, title, key, things},
#include "hub/console/html/navigation.def"
#undef PLACE
};
#define PLACES (sizeof(places) / sizeof(places[0]))

struct tally {
    unsigned by_severity[4];
};

struct tallies {
    struct tally places[PLACES];
};

static void count_thing(void *context, const struct thing_place *thing)
{
    struct tallies *tallies = context;
    for (size_t i = 0; i < PLACES; i++)
        if (places[i].things & 1U << thing->of)
            tallies->places[i].by_severity[verdict_severity(thing->finding->verdict)]++;
}

static struct tally count_troubles(const struct health *health)
{
    struct tally tally = {0};
    for (size_t i = 0; i < health->n_troubles; i++)
        tally.by_severity[verdict_severity(health->troubles[i].verdict)]++;
    return tally;
}

static enum severity worst_of(const struct tally *tally)
{
    enum severity worst = SEVERITY_OK;
    for (unsigned i = 0; i < 4; i++)
        if (tally->by_severity[i] && severity_pain((enum severity)i) > severity_pain(worst))
            worst = (enum severity)i;
    return worst;
}

// "2 critical, 1 warning"; "all well" if there is nothing.
static const char *tally_text(const struct request *request, const struct tally *tally)
{
    static const enum severity order[] = {SEVERITY_CRITICAL, SEVERITY_UNKNOWN, SEVERITY_WARNING};
    const char *text = "";
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        if (tally->by_severity[order[i]])
            text = request_printf(
                request, "%s%s%u %s", text, *text ? ", " : "", tally->by_severity[order[i]], severity_name(order[i]));
    return *text ? text : "all well";
}

static const char *icon_url(enum severity severity)
{
    char name[32];
    snprintf(name, sizeof(name), "%s.svg", severity_name(severity));
    return asset_url(name);
}

static void put_head(
    const struct request *request, struct html *html, const struct page_frame *frame, const char *troubles)
{
    const struct health *health = request->health;
    html_put(html,
        "<!doctype html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<meta name=\"color-scheme\" content=\"dark light\"><meta name=\"referrer\" content=\"no-referrer\">"
        "<title>%s · %s · Signalbox</title>",
        frame->title, troubles);
    html_put(html,
        "<link rel=\"icon\" type=\"image/svg+xml\" href=\"%s\"><link rel=\"stylesheet\" href=\"%s\">"
        "<script defer src=\"%s\"",
        icon_url(health->severity), asset_url("style.css"), asset_url("console.js"));
    if (asset_charts())
        html_put(html, " data-plot=\"%s\" data-plot-style=\"%s\"", asset_url("uPlot.iife.min.js"),
            asset_url("uPlot.min.css"));
    for (unsigned i = 0; i < 4; i++) // the script shows them while the page itself is not loaded again
        html_put(html, " data-%s=\"%s\"", severity_name((enum severity)i), icon_url((enum severity)i));
    html_put(html, "></script></head>");
}

static void put_marking(struct html *html, const struct page_frame *frame)
{
    if (frame->marking)
        html_put(html,
            "<p class=\"marking\"><strong>%s</strong> <span>content is shown; who saw it is "
            "recorded</span></p>",
            frame->marking);
    else
        html_put(html, "<p class=\"marking\"><strong>OFFICIAL-SENSITIVE</strong> <span>health and decisions only; no "
                       "content is "
                       "shown</span></p>");
}

// How old the snapshot is. The script goes on counting from here, and says so too when no newer one comes.
static void put_age(const struct request *request, struct html *html)
{
    const struct health *health = request->health;
    int64_t age_ms = health->at_ms ? clock_wall_ms() - health->at_ms : 0;
    bool stale = !health->at_ms || age_ms > 3 * (int64_t)health->every_ms;
    html_put(html, "<p class=\"age%s\" id=\"age\" data-age=\"%lld\" data-every=\"%u\" data-number=\"%llu\">",
        stale ? " stale" : "", (long long)age_ms, health->every_ms, (unsigned long long)health->number);
    html_put(html, "<span id=\"age-text\">");
    if (!health->at_ms) {
        html_put(html, "no data yet</span></p>");
        return;
    }
    html_put(html, stale ? "stale: " : "data ");
    page_duration(html, figure_of(age_ms < 0 ? 0 : age_ms));
    html_put(html, " old</span></p>");
}

static void put_state(const struct request *request, struct html *html, const struct tally *tally, const char *troubles)
{
    enum severity severity = worst_of(tally);
    html_put(html,
        "<div class=\"state\"><a class=\"whole %s\" href=\"/\"><i class=\"shape\"></i><span "
        "id=\"whole\">%s</span></a>",
        severity_name(severity), troubles);
    put_age(request, html);
    html_put(html, "<button type=\"button\" class=\"script\" id=\"pause\" aria-pressed=\"false\">Pause</button></div>");
}

static void put_find(const struct request *request, struct html *html)
{
    html_put(html,
        "<form class=\"find\" role=\"search\" action=\"/find\"><label for=\"find\">Find</label><input "
        "id=\"find\" "
        "name=\"find\" type=\"search\" value=\"%s\" placeholder=\"force, agency, topic, group, item id\" "
        "autocomplete=\"off\" spellcheck=\"false\" maxlength=\"200\"><button>Find</button></form>",
        request_query(request, "find"));
}

static void put_places(const struct request *request, struct html *html, const struct page_frame *frame)
{
    struct tallies tallies = {0};
    things_each(request->health, count_thing, &tallies);
    html_put(html, "<nav aria-label=\"Pages\"><ul>");
    for (size_t i = 0; i < PLACES; i++) {
        const struct tally *tally = &tallies.places[i];
        enum severity severity = worst_of(tally);
        html_put(html, "<li><a href=\"%s\" data-key=\"%s\"", places[i].path, places[i].key);
        if (frame->here && strcmp(frame->here, places[i].path) == 0)
            html_put(html, " aria-current=\"page\"");
        html_put(html, ">%s", places[i].title);
        if (severity != SEVERITY_OK)
            html_put(html, " <span class=\"mark %s\"><i class=\"shape\"></i>%u<span class=\"unseen\"> %s</span></span>",
                severity_name(severity), tally->by_severity[severity], severity_name(severity));
        html_put(html, "</a></li>");
    }
    html_put(html, "</ul></nav>");
}

void page_begin(const struct request *request, struct reply *reply, const struct page_frame *frame)
{
    struct html *html = &reply->body;
    struct tally tally = count_troubles(request->health);
    const char *troubles = tally_text(request, &tally);
    put_head(request, html, frame, troubles);
    html_put(html, request->posted ? "<body data-live=\"no\">" : "<body>");
    html_put(html, "<a class=\"skip\" href=\"#main\">Skip to the main part</a><header>");
    put_marking(html, frame);
    html_put(html, "<div class=\"top\"><a class=\"brand\" href=\"/\">Signalbox</a>");
    put_state(request, html, &tally, troubles);
    put_find(request, html);
    html_put(html, "</div><p class=\"unseen\" id=\"live\" role=\"status\" aria-live=\"polite\"></p></header>"
                   "<div class=\"floor\">");
    put_places(request, html, frame);
    html_put(html, "<main id=\"main\" tabindex=\"-1\"><div class=\"title\"><h1>%s</h1>", frame->title);
    if (frame->command)
        page_command(request, html, frame->command);
    html_put(html, "</div>");
}

static void put_help(struct html *html)
{
    html_put(html, "<dialog id=\"help\" aria-labelledby=\"help-title\"><h2 id=\"help-title\">Keys</h2><dl "
                   "class=\"keys\">"
                   "<dt><kbd>/</kbd></dt><dd>Find</dd><dt><kbd>p</kbd></dt><dd>Pause or go on</dd>"
                   "<dt><kbd>?</kbd></dt><dd>These keys</dd>");
    for (size_t i = 0; i < PLACES; i++)
        html_put(html, "<dt><kbd>g</kbd> <kbd>%s</kbd></dt><dd>%s</dd>", places[i].key, places[i].title);
    html_put(html, "</dl><form method=\"dialog\"><button>Close</button></form></dialog>");
}

void page_end(const struct request *request, struct reply *reply)
{
    const struct health *health = request->health;
    struct html *html = &reply->body;
    html_put(html, "</main></div><footer><p>Signalbox %s · snapshot %llu", health->version ? health->version : "",
        (unsigned long long)health->number);
    html_put(html,
        " · officer <strong>%s</strong> · <button type=\"button\" class=\"script plain\" id=\"keys\">Keys "
        "<kbd>?</kbd></button></p></footer>",
        request->officer ? request->officer : "");
    put_help(html);
    html_put(html, "</body></html>\n");
}

void page_problem(
    const struct request *request, struct reply *reply, unsigned status, const char *title, const char *sentence)
{
    reply->status = status;
    page_begin(request, reply, &(struct page_frame){.title = title});
    html_put(&reply->body, "<p class=\"problem\">%s</p><p><a href=\"/\">See what is wrong now</a></p>", sentence);
    page_end(request, reply);
}
