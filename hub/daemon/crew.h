// SPDX-License-Identifier: Apache-2.0
// The worker threads of a hub process: one bus and one loop each, all looking at the same control source.
#pragma once
#include "hub/kafka/bus.h"
#include "hub/run/lane_facts.h"
#include "hub/run/worker.h"

struct crew_settings {
    unsigned workers;
    struct worker_settings worker;
    struct kafka_bus_settings bus; // worker is filled in
};

struct crew;

// All of it must outlive the crew. NULL with a sentence.
struct crew *crew_start(const struct kafka_settings *kafka, struct control_source *control,
    const struct crew_settings *settings, struct kafka_error *error);
// False when a worker ended by itself: crew_error says why. The crew is to be stopped then.
bool crew_is_well(const struct crew *crew);
const char *crew_error(const struct crew *crew);
// The sum of all workers, at any time.
void crew_counters(const struct crew *crew, struct counters *sum);
// The lanes that its workers own, by worker and lane, at most max; at any time.
size_t crew_lanes(const struct crew *crew, struct lane_facts *facts, size_t max);
// Whether every worker has got on since this last returned true: what a watchdog wants to know. One thread asks.
bool crew_got_on(struct crew *crew);
// Lets every worker finish or give up its transaction and leave the group. false if one has not ended after timeout_ms;
// then nothing may be freed, and the process has to end.
bool crew_stop(struct crew *crew, int timeout_ms);
struct crew *crew_free(struct crew *crew); // of a crew that has stopped
