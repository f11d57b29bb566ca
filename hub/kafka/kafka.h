// SPDX-License-Identifier: Apache-2.0
// Kafka for the rest of the hub. hub/kafka is the only folder that includes rdkafka.h; everything here is opaque.
#pragma once
#include "hub/base/slice.h"

// How to reach a cluster: what every program takes as --bootstrap, --prefix and -X.
struct kafka_settings {
    const char *bootstrap;         // host:port[,...]
    const char *prefix;            // of every topic, group and transactional id; may be empty
    const char *const *properties; // "name=value" for librdkafka, checked against a list of properties exactly-once rests on
    size_t n_properties;
    bool embedded;                 // the broker is librdkafka's mock cluster (no committed offsets, no aborts)
};

#define KAFKA_ERROR_BYTES 512
