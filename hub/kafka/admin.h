// SPDX-License-Identifier: Apache-2.0
// Topics as an operator sees and makes them. Names are without the settings' prefix, both ways. Not for the hot path:
// every call waits for the broker, at most 30 s.
#pragma once
#include "hub/kafka/kafka.h"

struct admin;

// Connects to nothing yet. NULL with a sentence if the settings are refused. Settings must outlive it.
struct admin *admin_new(const struct kafka_settings *settings, struct error *error);
struct admin *admin_free(struct admin *admin);

// Whether any broker answers within timeout_ms; if not, a sentence naming the address and the likely cause.
bool admin_reachable(struct admin *admin, int timeout_ms, struct error *error);

struct kafka_config {
    const char *name, *value;
};

struct kafka_topic {
    const char *name;
    int32_t partitions, replication;
    const struct kafka_config *configs; // in the order asked for; value NULL where the broker has none
    size_t n_configs;
};

struct kafka_topics {
    struct kafka_topic *rows; // by name, in byte order
    size_t n;
};

// Every topic that carries the prefix, except Kafka's internal ones, with the effective values of the configurations
// named (one call for all; none on the embedded broker). NULL with a sentence. To be freed by admin_topics_free.
struct kafka_topics *admin_topics(
    struct admin *admin, const char *const *config_names, size_t n_names, struct error *error);
struct kafka_topics *admin_topics_free(struct kafka_topics *topics);
// NULL if it is not among them.
const struct kafka_topic *admin_topics_find(const struct kafka_topics *topics, const char *name);

struct kafka_topic_row {
    const char *name;
    int32_t partitions;
    int replication;                    // -1 for the broker's default
    const struct kafka_config *configs; // those that are to differ from the broker's default
    size_t n_configs;
};

struct kafka_result {
    bool ok;
    bool existed;       // not ok, because the topic was there before
    struct error error; // if not ok
};

// Creates all in one call, with one result a row. false if any row failed; error holds the first one's.
// On the embedded broker configurations have no effect.
bool admin_create(struct admin *admin, const struct kafka_topic_row *rows, size_t n, struct kafka_result *results,
    struct error *error);
// Sets these configurations and leaves every other one of the topic as it is.
bool admin_configure(
    struct admin *admin, const char *topic, const struct kafka_config *configs, size_t n, struct error *error);

// First offset held and true end (not the last stable offset) of a partition.
bool admin_watermarks(
    struct admin *admin, const char *topic, int32_t partition, int64_t *low, int64_t *high, struct error *error);
