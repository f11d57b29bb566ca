// SPDX-License-Identifier: Apache-2.0
// What observing costs: the observer alone on a cluster, for some cycles. Prints one line of JSON: processor time a
// cycle, memory, and how long the outlets take from memory.
//   bench_observe HOST:PORT CYCLES EVERY_MS
#include "hub/observe/tell/health_json.h"
#include "hub/observe/tell/metrics.h"
#include "hub/observe/observer.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double now_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

// By this thread's own processor time: the broker shares the machine.
static double time_json(const struct health *health, size_t *bytes)
{
    double began = now_ms(CLOCK_THREAD_CPUTIME_ID);
    json_t *object = health_json(health);
    char *text = json_dumps(object, JSON_COMPACT);
    double took = now_ms(CLOCK_THREAD_CPUTIME_ID) - began;
    *bytes = text ? strlen(text) : 0;
    free(text);
    json_decref(object);
    return took;
}

static double time_metrics(const struct health *health, size_t *bytes)
{
    const struct metrics_settings settings = {.kafka_compatible = true};
    double began = now_ms(CLOCK_THREAD_CPUTIME_ID);
    char *text = metrics_text(health, &settings, bytes);
    double took = now_ms(CLOCK_THREAD_CPUTIME_ID) - began;
    free(text);
    return took;
}

static void print_figures(const struct health *health, double processor_ms, uint64_t cycles)
{
    size_t json_bytes = 0, metrics_bytes = 0, places = 0, known = 0;
    double json_ms = time_json(health, &json_bytes), metrics_ms = time_metrics(health, &metrics_bytes);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    for (size_t i = 0; i < health->n_groups; i++)
        for (size_t k = 0; k < health->groups[i].n_partitions; k++, places++)
            known += health->groups[i].partitions[k].lag_ms.state == FIGURE_KNOWN;
    printf("{\"cycles\": %llu, \"processor_ms_a_cycle\": %.1f, \"took_ms\": %u, \"groups\": %zu, \"places\": %zu, "
           "\"ages_known\": %zu, \"topics\": %zu, \"memory_kib\": %ld, \"json_ms\": %.1f, \"json_bytes\": %zu, "
           "\"metrics_ms\": %.1f, \"metrics_bytes\": %zu}\n",
        (unsigned long long)cycles, processor_ms / (double)cycles, health->took_ms, health->n_groups, places, known,
        health->n_topics, usage.ru_maxrss, json_ms, json_bytes, metrics_ms, metrics_bytes);
}

// The first cycles learn what later ones know, so they are not counted.
static int run_cycles(struct observer *observer, uint64_t cycles)
{
    const uint64_t warm = 4;
    const struct health *health = NULL;
    double began = 0;
    for (uint64_t number = 0; number < warm + cycles; number = health->number) {
        const struct health *next = observer_wait(observer, number, 60000);
        if (!next) {
            fprintf(stderr, "no snapshot came within a minute\n");
            return 1;
        }
        health_drop(health);
        health = next;
        if (number < warm && health->number >= warm)
            began = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    }
    double processor_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID) - began;
    print_figures(health, processor_ms, health->number - warm);
    health_drop(health);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "bench_observe HOST:PORT CYCLES EVERY_MS\n");
        return 2;
    }
    struct error error;
    const struct kafka_settings kafka = {.bootstrap = argv[1], .prefix = ""};
    const struct observer_settings settings = {.every_ms = (uint32_t)strtoul(argv[3], NULL, 10)};
    struct observer *observer = observer_start(&kafka, &settings, &error);
    if (!observer) {
        fprintf(stderr, "%s\n", error.text);
        return 1;
    }
    int status = run_cycles(observer, strtoull(argv[2], NULL, 10));
    observer_stop(observer);
    return status;
}
