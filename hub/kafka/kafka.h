// SPDX-License-Identifier: Apache-2.0
// Kafka for the rest of the hub. hub/kafka is the only folder that includes rdkafka.h; everything here is opaque.
#pragma once
#include "hub/base/error.h"
#include "hub/base/slice.h"

struct broker; // hub/kafka/broker.h

// How to reach a cluster: what every program takes as --bootstrap, --prefix and -X.
struct kafka_settings {
    const char *bootstrap; // host:port[,...]
    const char *prefix;    // of every topic, group and transactional id; may be empty
    const char *const
        *properties; // "name=value" for librdkafka, checked against a list of properties exactly-once rests on
    size_t n_properties;
    bool embedded;         // the broker is librdkafka's mock cluster (no committed offsets, no aborts)
    struct broker *broker; // that broker, if it runs in this process; topics can be created only through it
    // the longest that a reader or writer waits for the broker on one thing; 0: as long as it may need
    uint32_t patience_ms;
};

// Checks bootstrap, prefix and every property (unknown names, bad values, names that are not the user's to set) without
// touching the network. false leaves in error a sentence that says what to change. Everything that takes settings does
// the same.
bool kafka_settings_check(const struct kafka_settings *settings, struct error *error);

// most_ms, or the settings' patience if that is shorter.
static inline uint32_t kafka_patience(const struct kafka_settings *settings, uint32_t most_ms)
{
    return settings->patience_ms && settings->patience_ms < most_ms ? settings->patience_ms : most_ms;
}

// "2.0.2" and so on: the library that runs, which may be newer than the one compiled against.
const char *kafka_library_version(void);
