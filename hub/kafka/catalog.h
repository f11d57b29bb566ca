// SPDX-License-Identifier: Apache-2.0
// The topics that a bus writes to, as small numbers, and how many partitions every topic has.
#pragma once
#include "hub/kafka/kafka_conf.h"
#include "hub/run/bus.h"

struct catalog {
    rd_kafka_t *client; // asked for metadata
    const struct kafka_settings *kafka;
    char **used; // full names that were asked for by number
    size_t n_used, room;
    const struct rd_kafka_metadata *all; // newest answer, or NULL
    int64_t asked_ms;
};

void catalog_init(struct catalog *catalog, rd_kafka_t *client, const struct kafka_settings *kafka);
void catalog_deinit(struct catalog *catalog);

// Asks the broker for all topics.
bool catalog_refresh(struct catalog *catalog, struct error *error);
// Whether every topic that has lanes has as many partitions; else a sentence naming the first that has not.
bool catalog_check_lanes(const struct catalog *catalog, uint32_t lanes, struct error *error);

// A number for a topic that is written to, or -1 with a sentence. Asks again, at most once a second, for one not seen
// yet.
int catalog_number(struct catalog *catalog, enum bus_topic_kind kind, const char *owner, struct error *error);
