// SPDX-License-Identifier: Apache-2.0
// One row of perf.def a number. What is not known is U, as plug-ins write it, and never a zero.
#include "hub/cli/health/measure.h"
#include "hub/base/duration.h"
#include <inttypes.h>
#include <string.h>

enum measure { MEASURE_COUNT, MEASURE_BYTES, MEASURE_LASTS, MEASURE_AGO, MEASURE_UNTIL };
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

static struct figure value_of(const struct perf *perf, const struct outlook_thing *thing, int64_t hub_now_ms)
{
    struct figure figure = outlook_figure(thing->object, perf->key);
    bool moment = perf->measure == MEASURE_AGO || perf->measure == MEASURE_UNTIL;
    if (figure.state != FIGURE_KNOWN)
        return figure;
    if (moment && figure.value == 0)
        return (struct figure){FIGURE_UNKNOWN, 0}; // never, or without end
    if (perf->measure == MEASURE_AGO)
        figure.value = hub_now_ms - figure.value;
    if (perf->measure == MEASURE_UNTIL)
        figure.value -= hub_now_ms;
    return figure;
}

bool measure_selects(const struct measure_selection *selection, const struct outlook_thing *thing)
{
    return selection->all ? thing->of == selection->of : strcmp(thing->name, selection->name) == 0;
}

static int64_t hub_now(const struct measure_selection *selection)
{
    return selection->report->now_ms + selection->report->outlook->clock_ms;
}

// The worst value of what is selected.
static struct figure worst_value(const struct measure_selection *selection, const struct perf *perf)
{
    struct figure worst = {FIGURE_UNKNOWN, 0};
    const struct outlook *outlook = selection->report->outlook;
    for (size_t i = 0; i < outlook->n_things; i++) {
        if (!measure_selects(selection, &outlook->things[i]))
            continue;
        struct figure figure = value_of(perf, &outlook->things[i], hub_now(selection));
        bool worse = perf->limits == LIMITS_LEAST ? figure.value < worst.value : figure.value > worst.value;
        if (figure.state == FIGURE_KNOWN && (worst.state != FIGURE_KNOWN || worse))
            worst = figure;
    }
    return worst;
}

static const struct perf *limited(enum thing of)
{
    for (size_t i = 0; i < N_TABLE; i++)
        if (table[i].of == of && table[i].limits != LIMITS_NONE)
            return &table[i];
    return NULL;
}

bool measure_has_limits(enum thing of)
{
    return limited(of) != NULL;
}

static bool is_beyond(const struct perf *perf, int64_t value, int64_t limit)
{
    return limit && (perf->limits == LIMITS_LEAST ? value < limit : value >= limit);
}

enum severity measure_severity(const struct measure_selection *selection)
{
    const struct perf *perf = limited(selection->of);
    struct figure value = perf ? worst_value(selection, perf) : figure_of(0);
    if (!perf || value.state != FIGURE_KNOWN)
        return SEVERITY_OK;
    if (is_beyond(perf, value.value, selection->limits->crit_ms))
        return SEVERITY_CRITICAL;
    return is_beyond(perf, value.value, selection->limits->warn_ms) ? SEVERITY_WARNING : SEVERITY_OK;
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
    if (limit && perf == limited(perf->of)) {
        measure_write_seconds(limit, out);
        fputs(perf->limits == LIMITS_LEAST ? ":" : "", out);
    }
}

void measure_write_perf(const struct measure_selection *selection, FILE *out)
{
    fputs(" |", out);
    for (size_t i = 0; i < N_TABLE; i++) {
        const struct perf *perf = &table[i];
        if (perf->of != selection->of)
            continue;
        struct figure value = worst_value(selection, perf);
        bool time = perf->measure != MEASURE_COUNT && perf->measure != MEASURE_BYTES;
        fprintf(out, " %s=", perf->label);
        if (value.state != FIGURE_KNOWN)
            fputc('U', out);
        else if (time)
            measure_write_seconds(value.value, out);
        else
            fprintf(out, "%" PRId64, value.value);
        fputs(value.state != FIGURE_KNOWN ? "" : time ? "s" : perf->measure == MEASURE_BYTES ? "B" : "", out);
        put_limit(perf, selection->limits->warn_ms, out);
        put_limit(perf, selection->limits->crit_ms, out);
    }
    fputc('\n', out);
}

void measure_write_worst(const struct measure_selection *selection, FILE *out)
{
    char text[DURATION_BYTES];
    const struct perf *perf = limited(selection->of);
    struct figure value = perf ? worst_value(selection, perf) : (struct figure){FIGURE_UNKNOWN, 0};
    if (value.state == FIGURE_KNOWN)
        fprintf(out, ": %.*s %s", (int)(strlen(perf->label) - strlen("_seconds")), perf->label, duration_text(value.value, text));
}

// What was asked to be held against a limit and is not known is no OK. A key without end has all the time there is.
bool measure_is_missing(const struct measure_selection *selection)
{
    const struct perf *perf = limited(selection->of);
    bool asked = selection->limits->warn_ms || selection->limits->crit_ms;
    return asked && !selection->all && perf->measure != MEASURE_UNTIL && worst_value(selection, perf).state != FIGURE_KNOWN;
}
