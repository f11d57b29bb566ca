// SPDX-License-Identifier: Apache-2.0
// The worker threads of a hub process: one bus and one loop each, all looking at the same control source.
#pragma once
#include "hub/kafka/kafka_bus.h"
#include "hub/rules/control_source.h"
#include "hub/run/lane_facts.h"
#include "hub/run/worker.h"

struct workers_settings {
    unsigned workers;
    struct worker_settings worker;
    struct kafka_bus_settings bus; // worker is filled in
};

struct workers;

// All of it must outlive the workers. NULL with a sentence.
struct workers *workers_start(const struct kafka_settings *kafka, struct control_source *control,
    const struct workers_settings *settings, struct error *error);
// False when a worker ended by itself: workers_error says why. The workers are to be stopped then.
bool workers_is_well(const struct workers *workers);
const struct error *workers_error(const struct workers *workers);
// The sum of all workers, at any time.
void workers_counters(const struct workers *workers, struct counters *sum);
// The lanes that its workers own, by worker and lane, at most max; at any time.
size_t workers_lanes(const struct workers *workers, struct lane_facts *facts, size_t max);
// Whether every worker has got on since this last returned true: what a watchdog wants to know. One thread asks.
bool workers_got_on(struct workers *workers);
// Lets every worker finish or give up its transaction and leave the group. If one has not ended after timeout_ms, the
// process ends with EXIT_FAILURE: nothing that the worker uses may be freed.
void workers_stop(struct workers *workers, int timeout_ms);
struct workers *workers_free(struct workers *workers); // of workers that have stopped
