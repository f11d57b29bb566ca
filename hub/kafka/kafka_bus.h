// SPDX-License-Identifier: Apache-2.0
// hub/run/bus.h on librdkafka: one consumer for the worker, two transactional producers for each lane it owns.
#pragma once
#include "hub/kafka/kafka.h"
#include "hub/run/bus.h"

struct kafka_bus_settings {
    uint32_t lanes;      // of the deployment; every topic with a lane must have as many partitions
    unsigned worker;     // number within the process, for names of clients
    const char *group;   // without prefix; NULL for "hub"
    uint32_t session_ms; // after which a silent worker's lanes go to others; 0 for 15,000. Longer than transaction_ms
    uint32_t transaction_ms; // after which the broker aborts an unfinished transaction; 0 for 10,000
    uint32_t stall_ms;       // longest that any one call may hang before the process ends itself (R10); 0 for 45,000
    uint32_t queue_records;  // fetched ahead and written but not yet sent, each; 0 for 200,000
    uint32_t queue_kbytes;   // the same in KiB; 0 for 98,304
    uint32_t refresh_ms;     // how soon a new inbound topic is noticed; 0 for 5,000
};

// Reads all topics "in.*" and "relane" under the prefix, also those that appear later. NULL with a sentence if settings
// are refused or a property that exactly-once rests on does not have its value. Neither settings need outlive the call.
struct bus *kafka_bus_new(
    const struct kafka_settings *kafka, const struct kafka_bus_settings *settings, struct error *error);
// Aborts what is open, leaves the group, frees all.
struct bus *kafka_bus_free(struct bus *bus);
