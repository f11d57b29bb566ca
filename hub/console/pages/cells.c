// SPDX-License-Identifier: Apache-2.0
// Cells that several tables have.
#include "hub/console/pages/cells.h"
#include "hub/console/pages/names.h"

void cell_name(struct html *html, const char *url, const char *name, const char *id)
{
    html_put(html, "<a href=\"%s\">%s</a>", url, name);
    if (id && strcmp(id, name) != 0)
        html_put(html, " <small>%s</small>", id);
}

void cell_agency(const struct request *request, struct html *html, const char *agency)
{
    if (name_source(request->health, agency))
        cell_name(html, page_url(request, "/sources/", agency), agency, NULL);
    else
        html_put(html, "%s", agency);
}

void cell_count(struct html *html, uint64_t count)
{
    page_count(html, figure_of((int64_t)count));
}

void cell_trend(struct html *html, int trend)
{
    html_put(html, trend > 0   ? "<span class=\"trend\">↗ grows</span>"
                   : trend < 0 ? "<span class=\"trend\">↘ shrinks</span>"
                               : "<span class=\"trend dim\">→ steady</span>");
}

void cell_figure_begin(struct html *html, const char *term)
{
    html_put(html, "<div><dt>%s</dt><dd>", term);
}

void cell_figure_end(struct html *html, const char *small)
{
    if (small)
        html_put(html, " <small>%s</small>", small);
    html_put(html, "</dd></div>");
}

void cell_figure_count(struct html *html, const char *term, struct figure figure, const char *small)
{
    cell_figure_begin(html, term);
    page_count(html, figure);
    cell_figure_end(html, small);
}

void cell_figure_duration(struct html *html, const char *term, struct figure ms, const char *small)
{
    cell_figure_begin(html, term);
    page_duration(html, ms);
    cell_figure_end(html, small);
}

void cell_moment(const struct request *request, struct html *html, struct figure at_ms)
{
    if (at_ms.state == FIGURE_KNOWN)
        page_time(html, at_ms.value, request->health->at_ms);
    else
        page_count(html, at_ms);
}

void cell_figure_time(const struct request *request, struct html *html, const char *term, struct figure at_ms)
{
    int64_t ago_ms = request->health->at_ms - at_ms.value;
    if (at_ms.state != FIGURE_KNOWN) {
        cell_figure_count(html, term, at_ms, NULL);
        return;
    }
    if (at_ms.value <= 0) {
        html_put(html, "<div><dt>%s</dt><dd>never</dd></div>", term);
        return;
    }
    cell_figure_begin(html, term);
    page_duration(html, figure_of(ago_ms < 0 ? 0 : ago_ms));
    html_put(html, " ago</dd></div>");
}

static void put_percentiles(struct html *html, const char *term, struct figure p50, struct figure p95)
{
    cell_figure_begin(html, term);
    page_duration(html, p50);
    html_put(html, " <small>half of them; 95 of 100 within ");
    page_duration(html, p95);
    html_put(html, "</small></dd></div>");
}

void cell_delays(struct html *html, const struct delays *delays)
{
    html_put(html, "<h2>Delays in the last hour</h2><dl class=\"figures\">");
    put_percentiles(html, "Source: made to arrived", delays->source_p50_ms, delays->source_p95_ms);
    put_percentiles(html, "Hub: arrived to decided", delays->hub_p50_ms, delays->hub_p95_ms);
    cell_figure_duration(html, "Reader: oldest record not read", delays->reader_ms, "on the feed since then");
    html_put(html, "</dl>");
}

struct figure cell_sum(struct figure a, struct figure b)
{
    if (a.state != FIGURE_KNOWN || b.state != FIGURE_KNOWN)
        return a.state != FIGURE_KNOWN ? a : b;
    return figure_of(a.value + b.value);
}

struct figure cell_difference(struct figure a, struct figure b)
{
    if (a.state != FIGURE_KNOWN || b.state != FIGURE_KNOWN)
        return a.state != FIGURE_KNOWN ? a : b;
    return figure_of(a.value - b.value);
}

struct figure cell_records(const struct topic_health *topic)
{
    if (!topic->n_partitions)
        return (struct figure){0};
    struct figure sum = figure_of(0);
    for (size_t i = 0; i < topic->n_partitions; i++)
        sum = cell_sum(sum, cell_difference(topic->partitions[i].end, topic->partitions[i].start));
    return sum;
}

void cell_thousandths(struct html *html, struct figure thousandths)
{
    if (thousandths.state != FIGURE_KNOWN || thousandths.value >= 10000)
        page_count(html, (struct figure){thousandths.state, (thousandths.value + 500) / 1000});
    else
        html_put(html, "%.1f", (double)thousandths.value / 1000.0);
}

void cell_retention(struct html *html, struct figure retention_ms)
{
    if (retention_ms.state == FIGURE_KNOWN && retention_ms.value < 0)
        html_put(html, "for ever");
    else
        page_duration(html, retention_ms);
}

struct figure cell_retention_key(struct figure retention_ms)
{
    bool endless = retention_ms.state == FIGURE_KNOWN && retention_ms.value < 0;
    return endless ? figure_of(INT64_MAX) : retention_ms;
}

void cell_bytes(struct html *html, struct figure bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    if (bytes.state != FIGURE_KNOWN) {
        page_count(html, bytes);
        return;
    }
    double value = (double)bytes.value;
    size_t unit = 0;
    for (; value >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0]); unit++)
        value /= 1024;
    if (unit && value < 10)
        html_put(html, "%.1f %s", value, units[unit]);
    else
        html_put(html, "%.0f %s", value, units[unit]);
}

const char *cell_short(const struct request *request, const char *id)
{
    return request_text(request, slice_of(id, strnlen(id, 8)));
}
