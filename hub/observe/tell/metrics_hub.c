// SPDX-License-Identifier: Apache-2.0
// The walks over the hub itself: lanes, processes with their counters, keys, quarantine, canaries, ledger.
#include "hub/observe/tell/metrics_write.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

METRICS_WALK(LANE){
    METRICS_EACH(w, health->lanes, health->n_lanes, value, it, metrics_label_number(w, "lane", it->lane))}

METRICS_WALK(LANE_STATE){METRICS_EACH(w, health->lanes, health->n_lanes, value, it,
    {
        metrics_label_number(w, "lane", it->lane);
        metrics_label(w, "state", "", it->state && *it->state ? it->state : "not owned");
        metrics_label(w, "process", "", it->process);
    })}

METRICS_WALK(PROCESS){
    METRICS_EACH(w, health->processes, health->n_processes, value, it, metrics_label(w, "process", "", it->id))}

METRICS_WALK(PROCESS_INFO){METRICS_EACH(w, health->processes, health->n_processes, value, it,
    {
        metrics_label(w, "process", "", it->id);
        metrics_label(w, "host", "", it->host);
        metrics_label_number(w, "pid", it->pid);
        metrics_label(w, "version", "", it->version);
        metrics_label(w, "library", "", it->library);
    })}

METRICS_WALK(KEY){METRICS_EACH(w, health->keys, health->n_keys, value, it,
    {
        metrics_label(w, "holder", "", it->holder);
        metrics_label(w, "id", "", it->id);
    })}

METRICS_WALK(REFUSED){METRICS_EACH(w, health->refused, health->n_refused, value, it,
    {
        metrics_label(w, "agency", "", it->agency);
        metrics_label(w, "code", "", it->code);
    })}

METRICS_WALK(CANARY){
    METRICS_EACH(w, health->canaries, health->n_canaries, value, it, metrics_label_number(w, "lane", it->lane))}

METRICS_WALK(LEDGER)
{
    METRICS_EACH(w, health->ledgers, health->n_ledgers, value, it, metrics_label_number(w, "lane", it->lane))
}

// A counter that this program does not know, of a process of another version, is left out: it has no help.
static const struct {
    const char *name, *family, *help;
} counters[] = {
#define COUNTER(name, help) {#name, "signalbox_" #name, help " Since the hub process started; from the pulse."},
#include "hub/run/counters.def"
#undef COUNTER
    {"outcomes_total", "signalbox_outcomes_total",
        "Inbound records by the code of their outcome. Records, since the hub process started; from the pulse."},
};

static struct sample counted_of(uint64_t value)
{
    return (struct sample){true, value < INT64_MAX ? (int64_t)value : INT64_MAX, 0};
}

static void write_counter(struct metrics_writer *writer, const struct process_health *process, const char *name)
{
    for (size_t i = 0; i < process->n_counters; i++) {
        const struct counter_health *counter = &process->counters[i];
        if (strcmp(counter->name, name) != 0)
            continue;
        metrics_begin(writer, "");
        metrics_label(writer, "process", "", process->id);
        if (counter->code && *counter->code)
            metrics_label(writer, "code", "", counter->code);
        metrics_end(writer, counted_of(counter->value));
    }
}

void metrics_counters(struct metrics_writer *writer, const struct health *health)
{
    writer->more = "";
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        writer->name = counters[i].family;
        metrics_family(writer, counters[i].family, "counter", counters[i].help);
        for (size_t p = 0; p < health->n_processes; p++)
            write_counter(writer, &health->processes[p], counters[i].name);
    }
}

static void write_bucket(struct metrics_writer *writer, uint32_t lane, int64_t to_ms, uint64_t all)
{
    char to[32] = "+Inf";
    if (to_ms >= 0)
        snprintf(to, sizeof to, "%.10g", (double)to_ms / 1000);
    metrics_begin(writer, "_bucket");
    metrics_label_number(writer, "lane", lane);
    metrics_label(writer, "le", "", to);
    metrics_end(writer, counted_of(all));
}

static void write_roundtrips(struct metrics_writer *writer, const struct canary_health *canary)
{
    uint64_t all = 0;
    if (canary->sent.state != FIGURE_KNOWN)
        return;
    for (size_t i = 0; i < CANARY_BUCKETS; i++)
        write_bucket(writer, canary->lane, canary_bucket_ms[i], all += (uint64_t)canary->buckets[i].value);
    write_bucket(writer, canary->lane, -1, all += (uint64_t)canary->slower.value);
    metrics_begin(writer, "_sum");
    metrics_label_number(writer, "lane", canary->lane);
    metrics_end(writer, (struct sample){true, canary->sum_ms.value, 3});
    metrics_begin(writer, "_count");
    metrics_label_number(writer, "lane", canary->lane);
    metrics_end(writer, counted_of(all));
}

void metrics_roundtrips(struct metrics_writer *writer, const struct health *health)
{
    writer->name = "signalbox_canary_roundtrip_seconds";
    writer->more = "";
    metrics_family(writer, writer->name, "histogram", "Round trips of canary items. Seconds; from the canary.");
    for (size_t i = 0; i < health->n_canaries; i++)
        write_roundtrips(writer, &health->canaries[i]);
}
