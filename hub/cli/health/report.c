// SPDX-License-Identifier: Apache-2.0
// The whole, in the order in which an operator asks: how bad is it and how fresh is that, what is wrong and what do I
// do, and what else is not as it should be. What is well is one line a kind.
#include "hub/cli/health/report.h"
#include "hub/base/duration.h"
#include "hub/cli/health/amount.h"
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
    json_array_foreach((json_t *)troubles, i, trouble) n += outlook_severity_of(trouble) == severity;
    return n;
}

void report_counts(const struct outlook *outlook, char *text, size_t size)
{
    static const enum severity order[] = {SEVERITY_CRITICAL, SEVERITY_UNKNOWN, SEVERITY_WARNING};
    const json_t *troubles = json_object_get(outlook->json, "troubles");
    size_t len = 0;
    text[0] = 0;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        char count[AMOUNT_BYTES];
        size_t n = count_severity(troubles, order[i]);
        if (n && len < size)
            len += (size_t)snprintf(text + len, size - len, "%s%s %s", len ? ", " : "", amount_count((int64_t)n, count),
                severity_name(order[i]));
    }
    if (!len) // before everything has been asked no trouble is no good news
        snprintf(text, size, outlook->severity == SEVERITY_OK ? "nothing is wrong" : "no trouble is known");
}

static bool has_no_reader(const struct outlook_thing *force)
{
    return strcmp(outlook_text(force->finding, "verdict"), verdict_row(VERDICT_FORCE_NO_READER)->id) == 0;
}

// "; 43 of 45 forces are well, 2 have no reader": nothing is wrong with those, but nobody has what they should.
static void print_forces(const struct outlook *outlook, const char *verb, char *text, size_t size)
{
    size_t well = 0, without = 0, all = 0;
    for (size_t i = 0; i < outlook->n_things; i++)
        if (outlook->things[i].of == THING_FORCE) {
            bool none = has_no_reader(&outlook->things[i]);
            well += outlook->things[i].severity == SEVERITY_OK && !none;
            without += none;
            all++;
        }
    char some[AMOUNT_BYTES], total[AMOUNT_BYTES];
    text[0] = 0;
    if (all)
        snprintf(text, size, "; %s of %s forces %s well", amount_count((int64_t)well, some),
            amount_count((int64_t)all, total), verb);
    size_t len = strlen(text);
    if (without)
        snprintf(text + len, size - len, ", %s %s no reader", amount_count((int64_t)without, some),
            without == 1 ? "has" : "have");
}

static void print_age(const struct report *report, char *text, size_t size)
{
    char age[DURATION_BYTES], moment[AMOUNT_BYTES];
    if (report->outlook->at_ms == 0)
        snprintf(text, size, "The hub has begun and has not asked Kafka yet.");
    else {
        duration_text(outlook_age_ms(report->outlook, report->now_ms), age);
        if (outlook_is_stale(report->outlook, report->now_ms))
            snprintf(text, size, "The data is %s old, so nobody knows how it is now; this is how it was at %s.", age,
                amount_moment(report->outlook->at_ms, moment));
        else
            snprintf(text, size, "Data is %s old.", age);
    }
}

void report_verdict(const struct report *report, struct sheet *sheet)
{
    enum severity severity = outlook_severity(report->outlook, report->now_ms);
    bool stale = outlook_is_stale(report->outlook, report->now_ms);
    char counts[128], forces[96], age[256], text[512];
    report_counts(report->outlook, counts, sizeof counts);
    print_forces(report->outlook, stale ? "were" : "are", forces, sizeof forces);
    print_age(report, age, sizeof age);
    sheet_print(sheet, sheet_style_of(severity), "%s %s", sheet_shape(sheet, severity), capitals[severity]);
    if (report->outlook->at_ms == 0)
        snprintf(text, sizeof text, ": %s", age);
    else if (stale)
        snprintf(text, sizeof text, ": %s Then: %s%s.", age, counts, forces);
    else
        snprintf(text, sizeof text, ": %s%s. %s", counts, forces, age);
    sheet_wrap(sheet, SHEET_BOLD, text, 2);
}

static void write_where(const struct report *report, struct sheet *sheet)
{
    const json_t *json = report->outlook->json;
    const char *prefix = outlook_text(json, "prefix");
    sheet_line(sheet);
    sheet_print(sheet, SHEET_DIM, "  %s, signalbox %s, broker %s%s%s%s", report->at, outlook_text(json, "version"),
        outlook_text(json, "bootstrap"), json_is_true(json_object_get(json, "embedded")) ? " (embedded)" : "",
        *prefix ? ", prefix " : "", prefix);
    if (report->problem) {
        sheet_line(sheet);
        sheet_put(sheet, SHEET_UNKNOWN, "? ");
        sheet_wrap(sheet, SHEET_BOLD, report->problem, 2);
    }
}

static void write_labelled(struct sheet *sheet, const char *label, const char *text)
{
    if (!*text)
        return;
    sheet_line(sheet);
    sheet_print(sheet, SHEET_DIM, "  %-8s", label);
    sheet_wrap(sheet, SHEET_PLAIN, text, 10);
}

const char *report_command(const struct report *report, const char *command, struct sheet *sheet)
{
    static const char *const asking[] = {"signalbox status", "signalbox check", "signalbox top"};
    for (size_t i = 0; i < sizeof asking / sizeof *asking; i++) {
        size_t len = strlen(asking[i]);
        if (report->elsewhere && strncmp(command, asking[i], len) == 0 && (command[len] == ' ' || command[len] == 0))
            return arena_printf(&sheet->arena, "%s --at %s", command, phrase_shell(&sheet->arena, report->at));
    }
    return command;
}

static void write_trouble_head(const struct report *report, const json_t *trouble, struct sheet *sheet)
{
    char duration[DURATION_BYTES], text[640];
    enum severity severity = outlook_severity_of(trouble);
    int64_t since = outlook_figure(trouble, "since_ms").value;
    duration_text(report->now_ms + report->outlook->clock_ms - since, duration);
    sheet_line(sheet);
    sheet_line(sheet);
    sheet_print(sheet, sheet_style_of(severity), "%s %s", sheet_shape(sheet, severity), capitals[severity]);
    sheet_put(sheet, SHEET_PLAIN, "  ");
    snprintf(text, sizeof text, "%.400s (%.100s%s%s)", outlook_text(trouble, "title"), outlook_text(trouble, "word"),
        since ? ", for " : "", since ? duration : "");
    sheet_wrap(sheet, SHEET_BOLD, text, 4);
}

static void write_trouble(const struct report *report, const json_t *trouble, struct sheet *sheet)
{
    write_trouble_head(report, trouble, sheet);
    write_labelled(sheet, "Effect", outlook_text(trouble, "effect"));
    write_labelled(sheet, "Next", outlook_text(trouble, "next"));
    write_labelled(sheet, "$", report_command(report, outlook_text(trouble, "command"), sheet));
}

void report_trouble(const struct report *report, const json_t *trouble, struct sheet *sheet)
{
    write_trouble_head(report, trouble, sheet);
    write_labelled(sheet, "Effect", outlook_text(trouble, "effect"));
    write_labelled(sheet, "Cause", outlook_text(trouble, "cause"));
    write_labelled(sheet, "Next", outlook_text(trouble, "next"));
    write_labelled(sheet, "$", report_command(report, outlook_text(trouble, "command"), sheet));
    write_labelled(sheet, "Rule", outlook_text(trouble, "rule"));
    write_labelled(sheet, "Numbers", outlook_text(trouble, "numbers"));
}

struct word_count {
    const char *word;
    size_t n;
};

// "43 served, 1 waiting, 1 not served"
static void print_words(const struct outlook *outlook, enum thing of, char *text, size_t size)
{
    struct word_count words[WORDS_MOST] = {0};
    size_t n = 0, len = 0;
    for (size_t i = 0; i < outlook->n_things; i++) {
        if (outlook->things[i].of != of || outlook->things[i].sums)
            continue;
        size_t at = 0;
        while (at < n && strcmp(words[at].word, outlook->things[i].word) != 0)
            at++;
        if (at == WORDS_MOST)
            continue;
        n = at == n ? n + 1 : n;
        words[at].word = outlook->things[i].word;
        words[at].n++;
    }
    text[0] = 0;
    char count[AMOUNT_BYTES];
    for (size_t i = 0; i < n && len < size; i++)
        len += (size_t)snprintf(
            text + len, size - len, "%s%s %s", i ? ", " : "", amount_count((int64_t)words[i].n, count), words[i].word);
    if (n == 0)
        snprintf(text, size, "none");
}

static void write_kind_head(const struct report *report, const struct outlook_kind *kind, struct sheet *sheet)
{
    char words[512];
    print_words(report->outlook, kind->of, words, sizeof words);
    sheet_line(sheet);
    sheet_print(sheet, SHEET_BOLD, "%-22s ", kind->title);
    sheet_wrap(sheet, SHEET_PLAIN, words, 23);
}

static void write_rows(const struct report *report, const struct outlook_kind *kind, const struct order_row *rows,
    size_t n, struct sheet *sheet)
{
    struct columns columns = columns_fit(kind->of, sheet->width, report->now_ms + report->outlook->clock_ms);
    if (n)
        columns_heading(&columns, sheet);
    for (size_t i = 0; i < n; i++)
        columns_row(&columns, rows[i].thing, sheet);
}

static void write_more(const struct report *report, const struct outlook_kind *kind, size_t n, struct sheet *sheet)
{
    char text[AMOUNT_BYTES];
    sheet_line(sheet);
    sheet_print(sheet, SHEET_DIM, "  and %s more: ", amount_count((int64_t)n, text));
    sheet_put(sheet, SHEET_PLAIN,
        report_command(report, arena_printf(&sheet->arena, "signalbox status %s", kind->plural), sheet));
}

// What is well is only counted.
static void write_kind(const struct report *report, const struct outlook_kind *kind, struct sheet *sheet)
{
    size_t n, wrong = 0;
    struct order_row *rows = order_things(report, kind->of, &n);
    while (wrong < n && rows[wrong].thing->severity != SEVERITY_OK)
        wrong++;
    size_t shown = wrong < ROWS_MOST ? wrong : ROWS_MOST;
    write_kind_head(report, kind, sheet);
    write_rows(report, kind, rows, shown, sheet);
    if (wrong > shown)
        write_more(report, kind, wrong - shown, sheet);
    if (wrong)
        sheet_line(sheet);
    free(rows);
}

void report_kind(const struct report *report, const struct outlook_kind *kind, struct sheet *sheet)
{
    size_t n;
    struct order_row *rows = order_things(report, kind->of, &n);
    sheet_line(sheet);
    write_kind_head(report, kind, sheet);
    write_rows(report, kind, rows, n, sheet);
    free(rows);
}

void report_whole(const struct report *report, struct sheet *sheet)
{
    sheet_line(sheet);
    report_verdict(report, sheet);
    write_where(report, sheet);
    if (report->outlook->at_ms == 0)
        return;
    size_t i;
    json_t *trouble;
    json_array_foreach(json_object_get(report->outlook->json, "troubles"), i, trouble)
    {
        write_trouble(report, trouble, sheet);
    }
    sheet_line(sheet);
    const struct outlook_kind *kinds;
    size_t n = outlook_kinds(&kinds);
    for (size_t kind = 0; kind < n; kind++)
        write_kind(report, &kinds[kind], sheet);
}
