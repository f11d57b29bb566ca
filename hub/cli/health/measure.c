// SPDX-License-Identifier: Apache-2.0
// One row of perf.def a number. What is not known is U, as plug-ins write it, and never a zero; nor is a sum without it
// a sum.
#include "hub/cli/health/measure.h"
#include "hub/base/duration.h"
#include <inttypes.h>
#include <string.h>

enum measure { MEASURE_COUNT, MEASURE_BYTES, MEASURE_LASTS, MEASURE_AGO, MEASURE_WAITED, MEASURE_UNTIL };
enum limits { LIMITS_NONE, LIMITS_MOST, LIMITS_LEAST };

static const struct perf {
    enum thing of;
    const char *label, *key;
    enum measure measure;
    enum limits limits;
} table[] = {
#define PERF(of, label, key, measure, limits) {THING_##of, label, key, MEASURE_##measure, LIMITS_##limits},
#include "hub/cli/health/perf.def"
#undef PERF
};

#define N_TABLE (sizeof table / sizeof *table)

static int64_t hub_now(const struct report *report)
{
    return report->now_ms + report->view->clock_ms;
}

static bool is_time(const struct perf *perf)
{
    return perf->measure != MEASURE_COUNT && perf->measure != MEASURE_BYTES;
}

// Some verdicts say that there is nothing that could have a number.
static bool has_nothing(const struct health_view_thing *thing)
{
    static const char *const verdicts[] = {"FORCE_NO_READER", "CANARY_OFF"};
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++)
        if (strcmp(health_view_text(thing->finding, "verdict"), verdicts[i]) == 0)
            return true;
    return false;
}

// *value is the number, if it is known. A moment of 0 is no moment: it never came, or, of what is to come, never will.
static enum measure_result measure_thing(
    const struct report *report, const struct perf *perf, const struct health_view_thing *thing, int64_t *value)
{
    struct figure figure = health_view_figure(thing->object, perf->key);
    *value = figure.value;
    if (figure.state != FIGURE_KNOWN)
        return has_nothing(thing) ? MEASURE_NOTHING : MEASURE_MISSING;
    if (*value == 0)
        return perf->measure == MEASURE_AGO || perf->measure == MEASURE_UNTIL ? MEASURE_NOTHING : MEASURE_HELD;
    if (perf->measure == MEASURE_AGO || perf->measure == MEASURE_WAITED)
        *value = hub_now(report) - *value;
    if (perf->measure == MEASURE_UNTIL)
        *value -= hub_now(report);
    return MEASURE_HELD;
}

static bool is_selected(const struct measure_selection *selection, const struct health_view_thing *thing)
{
    return selection->thing ? thing == selection->thing : thing->of == selection->of && !thing->sums;
}

static void add_value(const struct perf *perf, struct figure *total, int64_t value)
{
    if (total->state != FIGURE_KNOWN)
        *total = figure_of(value);
    else if (!is_time(perf))
        total->value += value;
    else if (perf->limits == LIMITS_LEAST ? value < total->value : value > total->value)
        total->value = value;
}

// What all that is selected comes to.
static struct figure total_of(const struct measure_selection *selection, const struct perf *perf)
{
    struct figure total = {FIGURE_UNKNOWN, 0};
    const struct health_view *view = selection->report->view;
    for (size_t i = 0; i < view->n_things; i++) {
        int64_t value;
        if (!is_selected(selection, &view->things[i]))
            continue;
        enum measure_result result = measure_thing(selection->report, perf, &view->things[i], &value);
        if (result == MEASURE_HELD)
            add_value(perf, &total, value);
        else if (result == MEASURE_MISSING && !is_time(perf))
            return (struct figure){FIGURE_UNKNOWN, 0};
    }
    return total;
}

static const struct perf *limited_perf(enum thing of)
{
    for (size_t i = 0; i < N_TABLE; i++)
        if (table[i].of == of && table[i].limits != LIMITS_NONE)
            return &table[i];
    return NULL;
}

bool measure_has_limits(enum thing of)
{
    return limited_perf(of) != NULL;
}

static bool is_beyond(const struct perf *perf, int64_t value, int64_t limit)
{
    return limit && (perf->limits == LIMITS_LEAST ? value < limit : value >= limit);
}

const char *measure_cross_limits(enum thing of, const struct check_limits *limits)
{
    const struct perf *perf = limited_perf(of);
    if (!perf || !limits->warn_ms || !limits->crit_ms)
        return NULL;
    if (perf->limits == LIMITS_LEAST)
        return limits->warn_ms < limits->crit_ms
                   ? "--warn is shorter than --crit, so nothing would ever be a warning: of time "
                     "that is left, --warn is the longer one."
                   : NULL;
    return limits->warn_ms > limits->crit_ms
               ? "--warn is longer than --crit, so nothing would ever be a warning: give --warn the "
                 "shorter one."
               : NULL;
}

enum measure_result measure_hold(
    const struct measure_selection *selection, const struct health_view_thing *thing, enum severity *severity)
{
    const struct perf *perf = limited_perf(selection->of);
    int64_t value = 0;
    *severity = SEVERITY_OK;
    if (!perf || (!selection->limits->warn_ms && !selection->limits->crit_ms))
        return MEASURE_HELD;
    enum measure_result result = measure_thing(selection->report, perf, thing, &value);
    if (result == MEASURE_NOTHING && perf->measure == MEASURE_UNTIL)
        return MEASURE_HELD; // without end it has all the time there is
    if (result == MEASURE_MISSING)
        *severity = SEVERITY_UNKNOWN;
    if (result == MEASURE_HELD && is_beyond(perf, value, selection->limits->warn_ms))
        *severity = SEVERITY_WARNING;
    if (result == MEASURE_HELD && is_beyond(perf, value, selection->limits->crit_ms))
        *severity = SEVERITY_CRITICAL;
    return result;
}

int64_t measure_pain(const struct report *report, const struct health_view_thing *thing)
{
    const struct perf *perf = limited_perf(thing->of);
    int64_t value;
    if (!perf || measure_thing(report, perf, thing, &value) != MEASURE_HELD)
        return INT64_MIN;
    return perf->limits == LIMITS_LEAST ? -value : value;
}

void measure_write_seconds(int64_t ms, FILE *out)
{
    fprintf(out, "%s%" PRId64, ms < 0 ? "-" : "", (ms < 0 ? -ms : ms) / 1000);
    if (ms % 1000)
        fprintf(out, ".%03d", (int)((ms < 0 ? -ms : ms) % 1000));
}

static void put_limit(const struct perf *perf, int64_t limit, FILE *out)
{
    fputc(';', out);
    if (limit && perf == limited_perf(perf->of)) {
        measure_write_seconds(limit, out);
        fputs(perf->limits == LIMITS_LEAST ? ":" : "", out);
    }
}

static void put_value(const struct perf *perf, struct figure value, FILE *out)
{
    if (value.state != FIGURE_KNOWN) {
        fputc('U', out);
        return;
    }
    if (is_time(perf))
        measure_write_seconds(value.value, out);
    else
        fprintf(out, "%" PRId64, value.value);
    fputs(is_time(perf) ? "s" : perf->measure == MEASURE_BYTES ? "B" : "", out);
}

void measure_write_perf(const struct measure_selection *selection, FILE *out)
{
    fputs(" |", out);
    for (size_t i = 0; i < N_TABLE; i++) {
        const struct perf *perf = &table[i];
        if (perf->of != selection->of)
            continue;
        fprintf(out, " %s=", perf->label);
        put_value(perf, total_of(selection, perf), out);
        put_limit(perf, selection->limits->warn_ms, out);
        put_limit(perf, selection->limits->crit_ms, out);
    }
    fputc('\n', out);
}

// The label without its unit, as words.
static void put_label(const char *label, FILE *out)
{
    size_t len = strlen(label) - strlen("_seconds");
    for (size_t i = 0; i < len; i++)
        fputc(label[i] == '_' ? ' ' : label[i], out);
}

void measure_write_duration(const struct measure_selection *selection, const struct health_view_thing *thing, FILE *out)
{
    char text[DURATION_BYTES];
    const struct perf *perf = limited_perf(selection->of);
    if (!perf)
        return;
    enum severity severity;
    struct measure_selection own = *selection;
    own.thing = thing ? thing : selection->thing;
    struct figure figure = total_of(&own, perf);
    bool missed = thing && measure_hold(selection, thing, &severity) == MEASURE_MISSING;
    if (figure.state != FIGURE_KNOWN && !missed)
        return;
    fputs("; ", out);
    put_label(perf->label, out);
    fprintf(out, " %s", missed ? "not known" : duration_text(figure.value, text));
}
