// SPDX-License-Identifier: Apache-2.0
// The whole, in the order in which an operator asks: how bad is it and how fresh is that, what is wrong and what do I
// do, and what else is not as it should be. What is well is one line a kind.
#include "hub/cli/health/report.h"
#include "hub/base/duration.h"
#include "hub/cli/health/numbers.h"
#include "hub/cli/health/columns.h"
#include "hub/cli/health/order.h"
#include "hub/observe/judge/phrase.h"
#include <stdlib.h>
#include <string.h>

#define SEVERITIES (SEVERITY_UNKNOWN + 1)
#define WORDS_MOST 16
#define ROWS_MOST                                                                                                      \
    20 // of one kind in the whole: a page is for looking over, and what is wrong with hundreds is one trouble

static const char *const capitals[SEVERITIES] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

static size_t count_severity(const json_t *troubles, enum severity severity)
{
    size_t n = 0, i;
    json_t *trouble;
    json_array_foreach((json_t *)troubles, i, trouble) n += health_view_severity_of(trouble) == severity;
    return n;
}

void report_counts(const struct health_view *view, char *text, size_t size)
{
    static const enum severity order[] = {SEVERITY_CRITICAL, SEVERITY_UNKNOWN, SEVERITY_WARNING};
    const json_t *troubles = json_object_get(view->json, "troubles");
    size_t len = 0;
    text[0] = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        char count[NUMBERS_BYTES];
        size_t n = count_severity(troubles, order[i]);
        if (n && len < size)
            len += (size_t)snprintf(text + len, size - len, "%s%s %s", len ? ", " : "",
                numbers_count((int64_t)n, count), severity_name(order[i]));
    }
    if (!len) // before everything has been asked no trouble is no good news
        snprintf(text, size, view->severity == SEVERITY_OK ? "nothing is wrong" : "no trouble is known");
}

static bool has_no_reader(const struct health_view_thing *force)
{
    return strcmp(health_view_text(force->finding, "verdict"), verdict_row(VERDICT_FORCE_NO_READER)->id) == 0;
}

// "; 43 of 45 forces are well, 2 have no reader": nothing is wrong with those, but nobody has what they should.
static void print_forces(const struct health_view *view, const char *verb, char *text, size_t size)
{
    size_t well = 0, without = 0, all = 0;
    for (size_t i = 0; i < view->n_things; i++)
        if (view->things[i].of == THING_FORCE) {
            bool none = has_no_reader(&view->things[i]);
            well += view->things[i].severity == SEVERITY_OK && !none;
            without += none;
            all++;
        }
    char some[NUMBERS_BYTES], total[NUMBERS_BYTES];
    text[0] = 0;
    if (all)
        snprintf(text, size, "; %s of %s forces %s well", numbers_count((int64_t)well, some),
            numbers_count((int64_t)all, total), verb);
    size_t len = strlen(text);
    if (without)
        snprintf(text + len, size - len, ", %s %s no reader", numbers_count((int64_t)without, some),
            without == 1 ? "has" : "have");
}

static void print_age(const struct report *report, char *text, size_t size)
{
    char age[DURATION_BYTES], moment[NUMBERS_BYTES];
    if (report->view->at_ms == 0)
        snprintf(text, size, "The hub has begun and has not asked Kafka yet.");
    else {
        duration_text(health_view_age_ms(report->view, report->now_ms), age);
        if (health_view_is_stale(report->view, report->now_ms))
            snprintf(text, size, "The data is %s old, so nobody knows how it is now; this is how it was at %s.", age,
                numbers_moment(report->view->at_ms, moment));
        else
            snprintf(text, size, "Data is %s old.", age);
    }
}

void report_verdict(const struct report *report, struct styled_text *styled)
{
    enum severity severity = health_view_severity(report->view, report->now_ms);
    bool stale = health_view_is_stale(report->view, report->now_ms);
    char counts[128], forces[96], age[256], text[512];
    report_counts(report->view, counts, sizeof counts);
    print_forces(report->view, stale ? "were" : "are", forces, sizeof forces);
    print_age(report, age, sizeof age);
    styled_text_print(
        styled, styled_text_style_of(severity), "%s %s", styled_text_shape(styled, severity), capitals[severity]);
    if (report->view->at_ms == 0)
        snprintf(text, sizeof text, ": %s", age);
    else if (stale)
        snprintf(text, sizeof text, ": %s Then: %s%s.", age, counts, forces);
    else
        snprintf(text, sizeof text, ": %s%s. %s", counts, forces, age);
    styled_text_wrap(styled, STYLED_TEXT_BOLD, text, 2);
}

static void write_where(const struct report *report, struct styled_text *styled)
{
    const json_t *json = report->view->json;
    const char *prefix = health_view_text(json, "prefix");
    styled_text_line(styled);
    styled_text_print(styled, STYLED_TEXT_DIM, "  %s, signalbox %s, broker %s%s%s%s", report->at,
        health_view_text(json, "version"), health_view_text(json, "bootstrap"),
        json_is_true(json_object_get(json, "embedded")) ? " (embedded)" : "", *prefix ? ", prefix " : "", prefix);
    if (report->problem) {
        styled_text_line(styled);
        styled_text_put(styled, STYLED_TEXT_UNKNOWN, "? ");
        styled_text_wrap(styled, STYLED_TEXT_BOLD, report->problem, 2);
    }
}

static void write_labelled(struct styled_text *styled, const char *label, const char *text)
{
    if (!*text)
        return;
    styled_text_line(styled);
    styled_text_print(styled, STYLED_TEXT_DIM, "  %-8s", label);
    styled_text_wrap(styled, STYLED_TEXT_PLAIN, text, 10);
}

const char *report_command(const struct report *report, const char *command, struct styled_text *styled)
{
    static const char *const asking[] = {"signalbox status", "signalbox check", "signalbox top"};
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++) {
        size_t len = strlen(asking[i]);
        if (report->elsewhere && strncmp(command, asking[i], len) == 0 && (command[len] == ' ' || command[len] == 0))
            return arena_printf(&styled->arena, "%s --at %s", command, phrase_shell(&styled->arena, report->at));
    }
    return command;
}

static void write_trouble_head(const struct report *report, const json_t *trouble, struct styled_text *styled)
{
    char duration[DURATION_BYTES], text[640];
    enum severity severity = health_view_severity_of(trouble);
    int64_t since = health_view_figure(trouble, "since_ms").value;
    duration_text(report->now_ms + report->view->clock_ms - since, duration);
    styled_text_line(styled);
    styled_text_line(styled);
    styled_text_print(
        styled, styled_text_style_of(severity), "%s %s", styled_text_shape(styled, severity), capitals[severity]);
    styled_text_put(styled, STYLED_TEXT_PLAIN, "  ");
    snprintf(text, sizeof text, "%.400s (%.100s%s%s)", health_view_text(trouble, "title"),
        health_view_text(trouble, "word"), since ? ", for " : "", since ? duration : "");
    styled_text_wrap(styled, STYLED_TEXT_BOLD, text, 4);
}

static void write_trouble(const struct report *report, const json_t *trouble, struct styled_text *styled)
{
    write_trouble_head(report, trouble, styled);
    write_labelled(styled, "Effect", health_view_text(trouble, "effect"));
    write_labelled(styled, "Next", health_view_text(trouble, "next"));
    write_labelled(styled, "$", report_command(report, health_view_text(trouble, "command"), styled));
}

void report_trouble(const struct report *report, const json_t *trouble, struct styled_text *styled)
{
    write_trouble_head(report, trouble, styled);
    write_labelled(styled, "Effect", health_view_text(trouble, "effect"));
    write_labelled(styled, "Cause", health_view_text(trouble, "cause"));
    write_labelled(styled, "Next", health_view_text(trouble, "next"));
    write_labelled(styled, "$", report_command(report, health_view_text(trouble, "command"), styled));
    write_labelled(styled, "Rule", health_view_text(trouble, "rule"));
    write_labelled(styled, "Numbers", health_view_text(trouble, "numbers"));
}

struct word_count {
    const char *word;
    size_t n;
};

// "43 served, 1 waiting, 1 not served"
static void print_words(const struct health_view *view, enum thing of, char *text, size_t size)
{
    struct word_count words[WORDS_MOST] = {0};
    size_t n = 0, len = 0;
    for (size_t i = 0; i < view->n_things; i++) {
        if (view->things[i].of != of || view->things[i].sums)
            continue;
        size_t at = 0;
        while (at < n && strcmp(words[at].word, view->things[i].word) != 0)
            at++;
        if (at == WORDS_MOST)
            continue;
        n = at == n ? n + 1 : n;
        words[at].word = view->things[i].word;
        words[at].n++;
    }
    text[0] = 0;
    char count[NUMBERS_BYTES];
    for (size_t i = 0; i < n && len < size; i++)
        len += (size_t)snprintf(
            text + len, size - len, "%s%s %s", i ? ", " : "", numbers_count((int64_t)words[i].n, count), words[i].word);
    if (n == 0)
        snprintf(text, size, "none");
}

static void write_kind_head(
    const struct report *report, const struct health_view_kind *kind, struct styled_text *styled)
{
    char words[512];
    print_words(report->view, kind->of, words, sizeof words);
    styled_text_line(styled);
    styled_text_print(styled, STYLED_TEXT_BOLD, "%-22s ", kind->title);
    styled_text_wrap(styled, STYLED_TEXT_PLAIN, words, 23);
}

static void write_rows(const struct report *report, const struct health_view_kind *kind, const struct order_row *rows,
    size_t n, struct styled_text *styled)
{
    struct columns columns = columns_fit(kind->of, styled->width, report->now_ms + report->view->clock_ms);
    if (n)
        columns_heading(&columns, styled);
    for (size_t i = 0; i < n; i++)
        columns_row(&columns, rows[i].thing, styled);
}

static void write_more(
    const struct report *report, const struct health_view_kind *kind, size_t n, struct styled_text *styled)
{
    char text[NUMBERS_BYTES];
    styled_text_line(styled);
    styled_text_print(styled, STYLED_TEXT_DIM, "  and %s more: ", numbers_count((int64_t)n, text));
    styled_text_put(styled, STYLED_TEXT_PLAIN,
        report_command(report, arena_printf(&styled->arena, "signalbox status %s", kind->plural), styled));
}

// What is well is only counted.
static void write_kind(const struct report *report, const struct health_view_kind *kind, struct styled_text *styled)
{
    size_t n, wrong = 0;
    struct order_row *rows = order_things(report, kind->of, &n);
    while (wrong < n && rows[wrong].thing->severity != SEVERITY_OK)
        wrong++;
    size_t shown = wrong < ROWS_MOST ? wrong : ROWS_MOST;
    write_kind_head(report, kind, styled);
    write_rows(report, kind, rows, shown, styled);
    if (wrong > shown)
        write_more(report, kind, wrong - shown, styled);
    if (wrong)
        styled_text_line(styled);
    free(rows);
}

void report_kind(const struct report *report, const struct health_view_kind *kind, struct styled_text *styled)
{
    size_t n;
    struct order_row *rows = order_things(report, kind->of, &n);
    styled_text_line(styled);
    write_kind_head(report, kind, styled);
    write_rows(report, kind, rows, n, styled);
    free(rows);
}

void report_whole(const struct report *report, struct styled_text *styled)
{
    styled_text_line(styled);
    report_verdict(report, styled);
    write_where(report, styled);
    if (report->view->at_ms == 0)
        return;
    size_t i;
    json_t *trouble;
    json_array_foreach(json_object_get(report->view->json, "troubles"), i, trouble)
    {
        write_trouble(report, trouble, styled);
    }
    styled_text_line(styled);
    const struct health_view_kind *kinds;
    size_t n = health_view_kinds(&kinds);
    for (size_t kind = 0; kind < n; kind++)
        write_kind(report, &kinds[kind], styled);
}
