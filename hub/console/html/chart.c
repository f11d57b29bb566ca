// SPDX-License-Identifier: Apache-2.0
// A canvas says nothing to a screen reader, so the sentence and the table come first and the picture is only their
// illustration. The table thins the trail: of each stretch it keeps the greatest value, since that is what an operator
// looks for.
#include "hub/console/html/chart.h"
#include "hub/console/html/assets.h"
#include <time.h>

#define CHART_ROWS   36
#define CHART_WIDTH  720
#define CHART_HEIGHT 96

static const char *const figure_names[TRAIL_FIGURES] = {
    [TRAIL_LAG] = "lag", [TRAIL_LAG_MS] = "lag_ms", [TRAIL_PER_MINUTE] = "per_minute", [TRAIL_HUB_MS] = "hub_ms"};

static void put_value(struct html *html, enum chart_unit unit, struct figure value)
{
    if (unit == CHART_DURATION)
        page_duration(html, value);
    else
        page_count(html, value);
}

// The point with the greatest known value in [from, to); from if none is known.
static size_t greatest_in(const struct trail *trail, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from; i < to; i++)
        if (trail->values[i].state == FIGURE_KNOWN &&
            (trail->values[best].state != FIGURE_KNOWN || trail->values[i].value > trail->values[best].value))
            best = i;
    return best;
}

static void put_summary(
    const struct request *request, struct html *html, const struct chart *chart, const struct trail *trail)
{
    size_t last = trail->n - 1, top = greatest_in(trail, 0, trail->n);
    html_put(html, "<figcaption><strong>%s</strong>: now ", chart->title);
    put_value(html, chart->unit, trail->values[last]);
    html_put(html, "; greatest ");
    put_value(html, chart->unit, trail->values[top]);
    html_put(html, " at ");
    page_time(html, trail->at_ms[top], request->health->at_ms);
    html_put(html, "; shown from ");
    page_time(html, trail->at_ms[0], request->health->at_ms);
    html_put(html, ".</figcaption>");
}

// What is not known is a gap in the line.
static void put_line(struct html *html, const struct trail *trail)
{
    struct figure top = trail->values[greatest_in(trail, 0, trail->n)];
    int64_t height = top.state == FIGURE_KNOWN && top.value > 0 ? top.value : 1;
    int64_t span = trail->at_ms[trail->n - 1] - trail->at_ms[0];
    html_put(html,
        "<svg viewBox=\"0 -2 %d %d\" preserveAspectRatio=\"none\" aria-hidden=\"true\" "
        "focusable=\"false\"><path d=\"",
        CHART_WIDTH, CHART_HEIGHT + 4);
    bool down = false;
    for (size_t i = 0; i < trail->n; i++) {
        bool known = trail->values[i].state == FIGURE_KNOWN;
        if (known)
            html_put(html, "%c%lld %lld", down ? 'L' : 'M',
                (long long)((trail->at_ms[i] - trail->at_ms[0]) * CHART_WIDTH / (span ? span : 1)),
                (long long)(CHART_HEIGHT - trail->values[i].value * CHART_HEIGHT / height));
        down = known;
    }
    html_put(html, "\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" "
                   "vector-effect=\"non-scaling-stroke\"/></svg>");
}

static void put_table(
    const struct request *request, struct html *html, const struct chart *chart, const struct trail *trail)
{
    size_t step = (trail->n + CHART_ROWS - 1) / CHART_ROWS;
    html_put(html,
        "<details%s><summary>As a table</summary><div class=\"scroll short\" role=\"region\" tabindex=\"0\" "
        "aria-label=\"%s as a table\"><table><caption>%s, newest first%s</caption><thead><tr><th "
        "scope=\"col\">Time</th>"
        "<th scope=\"col\" class=\"number\">%s</th></tr></thead><tbody>",
        asset_charts() ? "" : " open", chart->title, chart->title,
        step > 1 ? request_printf(request, "; a row is the greatest of %zu measurements, with its time", step) : "",
        step > 1 ? "Greatest value" : "Value");
    for (size_t end = trail->n; end > 0;) {
        size_t from = end > step ? end - step : 0, point = greatest_in(trail, from, end);
        html_put(html, "<tr><th scope=\"row\">");
        page_time(html, trail->at_ms[point], request->health->at_ms);
        html_put(html, "</th><td class=\"number\">");
        put_value(html, chart->unit, trail->values[point]);
        html_put(html, "</td></tr>");
        end = from;
    }
    html_put(html, "</tbody></table></div></details>");
}

void chart_put(const struct request *request, struct html *html, const struct chart *chart)
{
    struct trail *trail = arena_alloc(request->arena, sizeof(*trail));
    if (!trail || !observer_trail(request->observer, chart->thing, chart->figure, trail) || trail->n < 2)
        return;
    html_put(html, "<figure class=\"chart\" id=\"chart-%s\">", figure_names[chart->figure]);
    if (trail->values[greatest_in(trail, 0, trail->n)].state != FIGURE_KNOWN) {
        html_put(html, "<figcaption><strong>%s</strong>: not known yet.</figcaption></figure>", chart->title);
        return;
    }
    put_summary(request, html, chart, trail);
    html_put(html, "<div class=\"plot\" data-trail=\"%s\" data-unit=\"%s\" data-title=\"%s\">",
        page_url(request, request_printf(request, "/trail/%s/", figure_names[chart->figure]), chart->thing),
        chart->unit == CHART_DURATION ? "duration" : "count", chart->title);
    put_line(html, trail);
    html_put(html, "</div>");
    put_table(request, html, chart, trail);
    html_put(html, "</figure>");
}
