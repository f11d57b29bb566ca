// SPDX-License-Identifier: Apache-2.0
// Every client of this folder is configured here, from one table, and checked once it runs.
#pragma once
#include "hub/kafka/kafka.h"
#include <librdkafka/rdkafka.h>

#define KAFKA_NAME_BYTES 256 // a topic, group or id with its prefix; Kafka allows 249 in a topic

enum kafka_role {
    KAFKA_HUB_IN = 1,   // the worker's consumer
    KAFKA_HUB_OUT = 2,  // a transactional producer
    KAFKA_READ = 4,     // committed records, for everybody else
    KAFKA_AUDIT = 8,    // all records ever written, aborted ones included
    KAFKA_RESTORE = 16, // a lane's state
    KAFKA_PROBE = 32,   // asks for true ends; reads nothing
    KAFKA_WRITE = 64,   // an idempotent producer
    KAFKA_ADMIN = 128,  // manages topics
};

// A property of one client; value NULL leaves it as it is. A checked one must have its value once the client runs.
struct kafka_property {
    const char *name, *value;
    bool checked;
};

// A client of this role with these properties added, or NULL with a sentence. hooks is called with the configuration
// before the start, to set callbacks; may be NULL.
rd_kafka_t *kafka_conf_start(const struct kafka_settings *settings, enum kafka_role role,
    const struct kafka_property *properties, size_t n, void (*hooks)(rd_kafka_conf_t *conf, void *context),
    void *context, struct error *error);

// prefix + name, in out. false (and a sentence) if it is too long.
bool kafka_conf_name(
    const struct kafka_settings *settings, const char *name, char out[KAFKA_NAME_BYTES], struct error *error);

// Settings of our own memory. kafka_settings_drop frees them.
bool kafka_settings_keep(struct kafka_settings *kept, const struct kafka_settings *settings);
void kafka_settings_drop(struct kafka_settings *kept);
