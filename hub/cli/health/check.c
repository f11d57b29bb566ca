// SPDX-License-Identifier: Apache-2.0
// The plug-in's line: SIGNALBOX STATUS - what is so | label=value;warn;crit. The verdict counts first; --warn and
// --crit can make it worse, never better, since a verdict of the hub rests on more than one duration.
#include "hub/cli/health/check.h"
#include "hub/base/display.h"
#include "hub/base/duration.h"
#include "hub/cli/health/numbers.h"
#include "hub/cli/health/measure.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

int64_t check_duration(const char *text)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"", 1000}, {"s", 1000}, {"m", 60000}, {"min", 60000}, {"h", 3600000}, {"d", 86400000}};
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || number < 1 || number > 1000000 || *text < '0' || *text > '9')
        return -1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(end, units[i].name) == 0)
            return number * units[i].ms;
    return -1;
}

// A bar begins performance data and a line feed ends the line, whatever name they stand in; and nothing may steer a
// terminal.
static void put_text(const char *text, FILE *out)
{
    for (size_t len; *text; text += len) {
        uint32_t c = display_next(text, &len);
        if (c == '|' || c == 0xfffd || display_is_unsafe(c))
            fputc('/', out);
        else
            fwrite(text, 1, len, out);
    }
}

static void put_head(enum severity severity, FILE *out)
{
    fprintf(out, "SIGNALBOX %s - ", words[severity]);
}

void check_write_unknown(const char *why, FILE *out)
{
    put_head(SEVERITY_UNKNOWN, out);
    put_text(why, out);
    fputc('\n', out);
}

static enum severity say_unknown(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static enum severity say_unknown(FILE *out, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    check_write_unknown(text, out);
    return SEVERITY_UNKNOWN;
}

static enum severity worse_of(enum severity a, enum severity b)
{
    return severity_pain(a) >= severity_pain(b) ? a : b;
}

static bool are_given(const struct check_limits *limits)
{
    return limits->warn_ms || limits->crit_ms;
}

// "force/kent: waiting; lag 3 min"
static void put_thing(const struct measure_selection *selection, const struct health_view_thing *thing, FILE *out)
{
    put_text(thing->name, out);
    fputs(": ", out);
    put_text(thing->word, out);
    measure_write_duration(selection, thing, out);
}

// One thing that has nothing to hold against a limit was not checked, whatever the reason.
static enum severity check_thing(
    const struct measure_selection *selection, const struct health_view_thing *thing, FILE *out)
{
    enum severity by_limits;
    bool held = measure_hold(selection, thing, &by_limits) == MEASURE_HELD;
    enum severity severity = worse_of(thing->severity, held ? by_limits : SEVERITY_UNKNOWN);
    const char *detail = health_view_text(thing->finding, "detail");
    put_head(severity, out);
    put_thing(selection, thing, out);
    if (!held)
        fputs(". What --warn and --crit would be held against is not known", out);
    if (*detail && thing->severity != SEVERITY_OK) {
        fputs(". ", out);
        put_text(detail, out);
    }
    measure_write_perf(selection, out);
    return severity;
}

struct tally {
    size_t counts[SEVERITY_UNKNOWN + 1], n, n_held;
    enum severity severity;
    const struct health_view_thing
        *sum; // what stands for all of them is not counted beside them, and can be worse than each
};

static enum severity severity_of(const struct measure_selection *selection, const struct health_view_thing *thing)
{
    enum severity by_limits = SEVERITY_OK;
    if (!thing->sums)
        measure_hold(selection, thing, &by_limits);
    return worse_of(thing->severity, by_limits);
}

static struct tally tally_kind(const struct measure_selection *selection)
{
    const struct health_view *view = selection->report->view;
    struct tally tally = {.severity = SEVERITY_OK};
    for (size_t i = 0; i < view->n_things; i++) {
        const struct health_view_thing *thing = &view->things[i];
        enum severity by_limits;
        if (thing->of != selection->of)
            continue;
        tally.severity = worse_of(tally.severity, severity_of(selection, thing));
        if (thing->sums) {
            tally.sum = thing;
            continue;
        }
        tally.n++;
        tally.n_held += measure_hold(selection, thing, &by_limits) != MEASURE_NOTHING;
        tally.counts[severity_of(selection, thing)]++;
    }
    return tally;
}

// The worst first: of many lines a monitoring system keeps the first few.
static void put_wrong_things(const struct measure_selection *selection, FILE *out)
{
    static const enum severity order[] = {SEVERITY_CRITICAL, SEVERITY_UNKNOWN, SEVERITY_WARNING};
    const struct health_view *view = selection->report->view;
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 0; i < view->n_things; i++) {
            const struct health_view_thing *thing = &view->things[i];
            if (thing->of != selection->of || severity_of(selection, thing) != order[k])
                continue;
            fprintf(out, "%s: ", words[order[k]]);
            put_thing(selection, thing, out);
            fputc('\n', out);
        }
}

static void put_counts(const struct tally *tally, const struct health_view_kind *kind, FILE *out)
{
    char count[NUMBERS_BYTES];
    fprintf(
        out, "%s %s:", numbers_count((int64_t)tally->n, count), tally->n == 1 ? thing_name(kind->of) : kind->plural);
    for (enum severity severity = SEVERITY_OK; severity <= SEVERITY_UNKNOWN; severity++)
        fprintf(out, "%s %s %s", severity == SEVERITY_OK ? "" : ",",
            numbers_count((int64_t)tally->counts[severity], count), severity_name(severity));
    if (tally->sum && tally->sum->severity != SEVERITY_OK) {
        fputs(", together ", out);
        put_text(tally->sum->word, out);
    }
}

static enum severity check_kind(
    const struct measure_selection *selection, const struct health_view_kind *kind, FILE *out)
{
    struct tally tally = tally_kind(selection);
    if (tally.n == 0)
        return say_unknown(out, "There are no %s to check.", kind->plural);
    if (are_given(selection->limits) && tally.n_held == 0)
        tally.severity = worse_of(tally.severity, SEVERITY_UNKNOWN);
    put_head(tally.severity, out);
    put_counts(&tally, kind, out);
    measure_write_duration(selection, NULL, out);
    if (are_given(selection->limits) && tally.n_held == 0)
        fputs("; what --warn and --crit would be held against is not known", out);
    measure_write_perf(selection, out);
    put_wrong_things(selection, out);
    return tally.severity;
}

static enum severity check_all(const struct report *report, FILE *out)
{
    const json_t *troubles = json_object_get(report->view->json, "troubles");
    size_t counts[SEVERITY_UNKNOWN + 1] = {0}, i;
    json_t *trouble;
    json_array_foreach((json_t *)troubles, i, trouble) counts[health_view_severity_of(trouble)]++;
    put_head(report->view->severity, out);
    char none[128];
    report_counts(report->view, none, sizeof none);
    put_text(json_array_size(troubles) ? health_view_text(json_array_get(troubles, 0), "title") : none, out);
    char age[DURATION_BYTES];
    fprintf(out, "; data is %s old | critical=%zu;; warning=%zu;; unknown=%zu;; age=",
        duration_text(health_view_age_ms(report->view, report->now_ms), age), counts[SEVERITY_CRITICAL],
        counts[SEVERITY_WARNING], counts[SEVERITY_UNKNOWN]);
    measure_write_seconds(health_view_age_ms(report->view, report->now_ms), out);
    fputs("s;;\n", out);
    json_array_foreach((json_t *)troubles, i, trouble)
    {
        fprintf(out, "%s: ", words[health_view_severity_of(trouble)]);
        put_text(health_view_text(trouble, "thing"), out);
        fputs(": ", out);
        put_text(health_view_text(trouble, "title"), out);
        fputc('\n', out);
    }
    return report->view->severity;
}

static enum severity no_such_thing(const struct report *report, const char *name, FILE *out)
{
    char near[512];
    health_view_nearest(report->view, name, near, sizeof near);
    if (*near)
        return say_unknown(out, "There is no %.200s. Did you mean %s?", name, near);
    return say_unknown(out,
        "There is no %.200s. signalbox top lists all things; kinds, such as groups, and all can be checked, too.",
        name);
}

static enum severity check_selected(
    const struct report *report, const char *name, const struct check_limits *limits, FILE *out)
{
    const struct health_view_thing *thing = health_view_find(report->view, name);
    const struct health_view_kind *kind = health_view_kind(name);
    bool all = strcmp(name, "all") == 0;
    if (!thing && !kind && !all)
        return no_such_thing(report, name, out);
    enum thing of = thing ? thing->of : kind ? kind->of : THING_COUNT;
    if (are_given(limits) && !measure_has_limits(of))
        return say_unknown(out, "%.200s has no duration that --warn and --crit could be held against.", name);
    if (measure_cross_limits(of, limits))
        return say_unknown(out, "%s", measure_cross_limits(of, limits));
    if (all)
        return check_all(report, out);
    struct measure_selection selection = {report, thing, of, limits};
    return thing ? check_thing(&selection, thing, out) : check_kind(&selection, kind, out);
}

enum severity check_write(const struct report *report, const char *name, const struct check_limits *limits, FILE *out)
{
    char age[DURATION_BYTES];
    if (report->view->at_ms == 0)
        return say_unknown(out, "The hub has begun and has not asked Kafka yet.");
    if (health_view_is_stale(report->view, report->now_ms))
        return say_unknown(out, "The data is %s old, so nobody knows how %.200s is now.",
            duration_text(health_view_age_ms(report->view, report->now_ms), age), name);
    return check_selected(report, name, limits, out);
}
