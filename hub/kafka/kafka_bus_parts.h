// SPDX-License-Identifier: Apache-2.0
// What the files of the bus share.
#pragma once
#include "hub/kafka/kafka_bus.h"
#include "hub/kafka/pair.h"
#include "hub/kafka/scan.h"
#include "hub/kafka/consumer.h"
#include "hub/kafka/watchdog.h"

struct kafka_bus {
    struct bus bus;
    struct kafka_settings kafka;
    char group[KAFKA_NAME_BYTES];
    struct kafka_bus_settings settings;
    struct producer_settings producer_settings;
    struct consumer consumer;
    struct catalog catalog;
    struct pair *pairs;
    rd_kafka_t *probe;
    struct scan scan; // made by the first restore
    struct watchdog *watchdog;
    struct error error;
};

static inline struct kafka_bus *kafka_bus_of(struct bus *bus)
{
    return (struct kafka_bus *)bus;
}

// Whether the group gave this worker the lane, else a sentence in error.
bool kafka_bus_owns(struct kafka_bus *self, uint32_t lane);

// restore.c: what a lane had before it came here.
enum bus_status kafka_bus_restore(struct bus *bus, uint32_t lane, int64_t from,
    bool (*each)(void *context, int64_t offset, struct slice value), void *context);
enum bus_status kafka_bus_state_range(struct bus *bus, uint32_t lane, int64_t *low, int64_t *high);
enum bus_status kafka_bus_committed(
    struct bus *bus, uint32_t lane, struct bus_position *rows, int64_t *low, int64_t *high, size_t max, size_t *n);
