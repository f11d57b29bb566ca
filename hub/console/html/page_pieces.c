// SPDX-License-Identifier: Apache-2.0
// The small pieces that look the same on all pages: what an operator has learned to read once is read everywhere.
#include "hub/console/html/page_pieces.h"
#include "hub/base/duration.h"
#include "hub/observe/judge/phrase.h"
#include <stdio.h>
#include <time.h>

#define SKEW_MS 5000 // between clocks that are called the same

void page_badge(struct html *html, enum verdict verdict)
{
    const struct verdict_row *row = verdict_row(verdict);
    html_put(html, "<span class=\"badge %s\" title=\"%s\"><i class=\"shape\"></i>%s</span>",
        severity_name(row->severity), row->meaning, row->word);
}

// Says why there is no number. true if there is none.
static bool put_unknown(struct html *html, struct figure figure)
{
    if (figure.state == FIGURE_KNOWN)
        return false;
    html_put(html, figure.state == FIGURE_NOT_PERMITTED ? "<span class=\"dim\">not permitted</span>"
                                                        : "<span class=\"dim\" title=\"not known\">?</span>");
    return true;
}

void page_count(struct html *html, struct figure figure)
{
    if (put_unknown(html, figure))
        return;
    char digits[24], text[32];
    int n = snprintf(digits, sizeof(digits), "%lld", (long long)figure.value);
    int sign = digits[0] == '-', at = 0;
    for (int i = 0; i < n; i++) {
        if (i > sign && (n - i) % 3 == 0)
            text[at++] = ',';
        text[at++] = digits[i];
    }
    text[at] = '\0';
    html_put(html, "%s", text);
}

static void put_duration(struct html *html, int64_t ms)
{
    char text[DURATION_BYTES];
    html_put(html, "%s", duration_text(ms, text));
}

void page_duration(struct html *html, struct figure ms)
{
    if (!put_unknown(html, ms))
        put_duration(html, ms.value < 0 ? 0 : ms.value);
}

static struct tm utc_of(int64_t at_ms)
{
    time_t seconds = (time_t)(at_ms / 1000);
    struct tm tm = {0};
    gmtime_r(&seconds, &tm);
    return tm;
}

static void put_date(struct html *html, int64_t at_ms, int64_t now_ms)
{
    static const char months[12][4] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm at = utc_of(at_ms), now = utc_of(now_ms);
    html_put(html, "<time datetime=\"%04d-%02d-%02dT%02d:%02d:%02dZ\">", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday,
        at.tm_hour, at.tm_min, at.tm_sec);
    if (at.tm_year == now.tm_year && at.tm_yday == now.tm_yday)
        html_put(html, "%02d:%02d:%02d UTC", at.tm_hour, at.tm_min, at.tm_sec);
    else if (at.tm_year == now.tm_year)
        html_put(html, "%d %s %02d:%02d UTC", at.tm_mday, months[at.tm_mon], at.tm_hour, at.tm_min);
    else
        html_put(html, "%d %s %d", at.tm_mday, months[at.tm_mon], at.tm_year + 1900);
}

static bool put_never(struct html *html, int64_t at_ms)
{
    if (at_ms <= 0)
        html_put(html, "<span class=\"dim\">never</span>");
    return at_ms <= 0;
}

static void put_span(struct html *html, const char *before, int64_t ms, const char *after)
{
    html_put(html, ", %s", before);
    put_duration(html, ms);
    html_put(html, "%s</time>", after);
}

// Another machine's clock may be ahead of this one: what has happened is never shown as still to come.
void page_time(struct html *html, int64_t at_ms, int64_t now_ms)
{
    if (put_never(html, at_ms))
        return;
    put_date(html, at_ms, now_ms);
    if (at_ms <= now_ms)
        put_span(html, "", now_ms - at_ms, " ago");
    else if (at_ms - now_ms < SKEW_MS)
        html_put(html, ", just now</time>");
    else
        put_span(html, "", at_ms - now_ms, " ahead of this clock");
}

void page_deadline(struct html *html, int64_t at_ms, int64_t now_ms)
{
    if (put_never(html, at_ms))
        return;
    put_date(html, at_ms, now_ms);
    if (at_ms > now_ms)
        put_span(html, "in ", at_ms - now_ms, "");
    else
        put_span(html, "", now_ms - at_ms, " ago");
}

static void put_row(struct html *html, const char *term, const char *text)
{
    if (text && *text)
        html_put(html, "<dt>%s</dt><dd>%s</dd>", term, text);
}

void page_runbook(struct html *html, enum verdict verdict)
{
    html_put(html, "<dt>Runbook</dt><dd>hub/runbooks.md, <code>%s</code></dd>", verdict_row(verdict)->id);
}

void page_finding(struct html *html, const struct finding *finding, int64_t now_ms)
{
    const struct verdict_row *row = verdict_row(finding->verdict);
    html_put(html, "<div class=\"finding\"><p>");
    page_badge(html, finding->verdict);
    if (finding->since_ms) {
        html_put(html, " <span class=\"dim\">since ");
        page_time(html, finding->since_ms, now_ms);
        html_put(html, "</span>");
    }
    html_put(html, "</p>");
    if (finding->detail && *finding->detail)
        html_put(html, "<p>%s</p>", finding->detail);
    html_put(html, "<details><summary>Why, and what to do</summary><dl>");
    put_row(html, "Means", row->meaning);
    put_row(html, "To do", row->remedy);
    put_row(html, "Rule", finding->rule);
    put_row(html, "Numbers", finding->numbers);
    if (row->severity != SEVERITY_OK)
        page_runbook(html, finding->verdict);
    html_put(html, "</dl></details></div>");
}

static bool asks_health(const char *command)
{
    static const char *const starts[] = {"signalbox status", "signalbox check", "signalbox top"};
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        size_t len = strlen(starts[i]);
        if (strncmp(command, starts[i], len) == 0 && (command[len] == ' ' || !command[len]))
            return true;
    }
    return false;
}

void page_command(const struct request *request, struct html *html, const char *command)
{
    if (request->at && asks_health(command))
        command = request_printf(request, "%s --at %s", command, request->at);
    html_put(html,
        "<p class=\"command\"><code>%s</code><button type=\"button\" class=\"script copy\" data-copy=\"%s\" "
        "aria-label=\"Copy %s\">Copy</button></p>",
        command, command, command);
}

const char *page_status(const struct request *request, const char *name)
{
    return request_printf(request, "signalbox status %s", html_text(phrase_shell(request->arena, name)));
}

void page_empty(struct html *html, const char *sentence)
{
    html_put(html, "<p class=\"empty\">%s</p>", sentence);
}
