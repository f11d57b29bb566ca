// SPDX-License-Identifier: Apache-2.0
// A card reads from left to right as an operator asks: how bad, what, since when; then who is hurt, why, and what now.
#include "hub/console/pages/trouble_list.h"
#include "hub/console/pages/names.h"

static void put_forces(const struct request *request, struct html *html, const struct trouble *trouble)
{
    if (!trouble->n_forces)
        return;
    html_put(html, "<dt>Hurts</dt><dd class=\"hurts\">");
    for (size_t i = 0; i < 8 && trouble->forces[i]; i++)
        html_put(html, "%s<a href=\"%s\">%s</a>", i ? ", " : "", page_url(request, "/forces/", trouble->forces[i]),
            name_of(request->health, trouble->forces[i]));
    if (trouble->n_forces > 8)
        html_put(html, " <a href=\"/forces?verdict=troubled\">and %zu more</a>", trouble->n_forces - 8);
    html_put(html, "</dd>");
}

static void put_row(struct html *html, const char *term, const char *text)
{
    if (text && *text)
        html_put(html, "<dt>%s</dt><dd>%s</dd>", term, text);
}

static void put_why(struct html *html, const struct trouble *trouble)
{
    html_put(html, "<details><summary>Rule and numbers</summary><dl>");
    put_row(html, "Means", verdict_row(trouble->verdict)->meaning);
    put_row(html, "Rule", trouble->rule);
    put_row(html, "Numbers", trouble->numbers);
    put_row(html, "Thing", trouble->thing);
    page_runbook(html, trouble->verdict);
    html_put(html, "</dl></details>");
}

static void put_card(const struct request *request, struct html *html, const struct trouble *trouble)
{
    html_put(html, "<li id=\"trouble-%s\" class=\"trouble %s\"><div class=\"headline\">", trouble->thing,
        severity_name(verdict_severity(trouble->verdict)));
    page_badge(html, trouble->verdict);
    html_put(html, "<h3><a href=\"%s\">%s</a></h3><span class=\"dim\">", page_thing_url(request, trouble->thing),
        trouble->title);
    if (trouble->since_ms) {
        html_put(html, "since ");
        page_time(html, trouble->since_ms, request->health->at_ms);
    }
    html_put(html, "</span></div><dl>");
    put_row(html, "Effect", trouble->effect);
    put_forces(request, html, trouble);
    put_row(html, "Likely", trouble->cause);
    put_row(html, "To do", trouble->next);
    html_put(html, "</dl><div class=\"foot\">");
    if (trouble->command && *trouble->command)
        page_command(request, html, trouble->command);
    put_why(html, trouble);
    html_put(html, "</div></li>");
}

void trouble_list(const struct request *request, struct html *html)
{
    html_put(html, "<ol class=\"troubles\">");
    for (size_t i = 0; i < request->health->n_troubles; i++)
        put_card(request, html, &request->health->troubles[i]);
    html_put(html, "</ol>");
}

static bool hurts_force(const struct trouble *trouble, const char *force)
{
    for (size_t i = 0; force && i < 8 && trouble->forces[i]; i++)
        if (strcmp(trouble->forces[i], force) == 0)
            return true;
    return false;
}

bool trouble_list_about(const struct request *request, struct html *html, const char *thing, const char *force)
{
    bool open = false;
    for (size_t i = 0; i < request->health->n_troubles; i++) {
        const struct trouble *trouble = &request->health->troubles[i];
        if (!(thing && strcmp(trouble->thing, thing) == 0) && !hurts_force(trouble, force))
            continue;
        if (!open)
            html_put(html, "<h2>Wrong now</h2><ol class=\"troubles\">");
        open = true;
        put_card(request, html, trouble);
    }
    if (open)
        html_put(html, "</ol>");
    return open;
}
