// SPDX-License-Identifier: Apache-2.0
// The walks over all things that have a verdict: the present one of each, and how many there are of each severity.
#include "hub/observe/tell/metrics_write.h"
#include "hub/observe/things.h"
#include <string.h>

METRICS_WALK(ONCE)
{
    struct sample sample = value(health);
    if (!sample.known)
        return;
    metrics_begin(w, "");
    if (strcmp(w->name, "signalbox_build_info") == 0)
        metrics_label(w, "version", "", health->version);
    metrics_end(w, sample);
}

struct things_walk {
    struct metrics_writer *writer;
    metrics_value *value;
    bool status, forbidden_only;
};

static bool is_forbidden(enum verdict verdict)
{
    return strcmp(verdict_row(verdict)->word, "not permitted") == 0;
}

static void write_thing(void *context, const struct thing_place *place)
{
    const struct things_walk *walk = context;
    const struct verdict_row *row = verdict_row(place->finding->verdict);
    const char *slash = strchr(place->name, '/');
    struct sample sample = walk->value(place);
    if (!sample.known || (walk->forbidden_only && !is_forbidden(place->finding->verdict)))
        return;
    metrics_begin(walk->writer, "");
    metrics_label(walk->writer, "thing", "", thing_name(place->of));
    metrics_label(walk->writer, "name", "", slash ? slash + 1 : place->name);
    if (walk->status) {
        metrics_label(walk->writer, "status", "", row->id);
        metrics_label(walk->writer, "severity", "", severity_name(row->severity));
    }
    metrics_end(walk->writer, sample);
}

METRICS_WALK(THING)
{
    things_each(health, write_thing, &(struct things_walk){w, value, true, false});
}

METRICS_WALK(SINCE)
{
    things_each(health, write_thing, &(struct things_walk){w, value, false, false});
}

METRICS_WALK(FORBIDDEN)
{
    things_each(health, write_thing, &(struct things_walk){w, value, false, true});
}

#define SEVERITIES 4

static void count_thing(void *context, const struct thing_place *place)
{
    struct metrics_tally *counts = context;
    counts[place->of * SEVERITIES + (size_t)verdict_severity(place->finding->verdict)].count++;
}

static void write_counted(struct metrics_writer *w, const struct metrics_tally *counts, size_t n, bool of,
    metrics_value *value){METRICS_EACH(w, counts, n, value, it,
    {
        if (of)
            metrics_label(w, "thing", "", thing_name(it->of));
        metrics_label(w, "severity", "", severity_name(it->severity));
    })}

METRICS_WALK(SEVERITY)
{
    struct metrics_tally counts[THING_COUNT * SEVERITIES];
    for (size_t i = 0; i < THING_COUNT * SEVERITIES; i++)
        counts[i] = (struct metrics_tally){(enum thing)(i / SEVERITIES), (enum severity)(i % SEVERITIES), 0};
    things_each(health, count_thing, counts);
    write_counted(w, counts, THING_COUNT * SEVERITIES, true, value);
}

METRICS_WALK(TROUBLES)
{
    struct metrics_tally counts[SEVERITIES] = {{0}};
    for (size_t i = 0; i < SEVERITIES; i++)
        counts[i].severity = (enum severity)i;
    for (size_t i = 0; i < health->n_troubles; i++)
        counts[verdict_severity(health->troubles[i].verdict)].count++;
    write_counted(w, counts + 1, SEVERITIES - 1, false, value);
}
