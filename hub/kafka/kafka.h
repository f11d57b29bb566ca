// SPDX-License-Identifier: Apache-2.0
// Kafka for the rest of the hub. hub/kafka is the only folder that includes rdkafka.h; everything here is opaque.
#pragma once
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

// What stood in the way, for programs: made from Kafka's own codes, never from words.
enum kafka_cause {
    KAFKA_CAUSE_OTHER,         // settings, memory, wrong use, what a record holds
    KAFKA_CAUSE_UNREACHABLE,   // no broker answers, or none in time; so it looks, too, when TLS or a login fails
    KAFKA_CAUSE_NOT_PERMITTED, // the broker refuses this user, or the system a file that a property names
    KAFKA_CAUSE_MISSING,       // there is no such topic or partition
};

#define KAFKA_ERROR_BYTES 512

// Why a call failed. The caller's; what stands in it after one that did not fail means nothing.
struct kafka_error {
    enum kafka_cause cause;
    char text[KAFKA_ERROR_BYTES]; // for people: a sentence that says what to do
};

void kafka_error_say(struct kafka_error *error, enum kafka_cause cause, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// A header of a record. Borrowed both ways; name is terminated.
struct kafka_header {
    const char *name;
    struct slice value;
};

// Checks bootstrap, prefix and every property (unknown names, bad values, names that are not the user's to set) without
// touching the network. false leaves in error a sentence that says what to change. Everything that takes settings does
// the same.
bool kafka_settings_check(const struct kafka_settings *settings, struct kafka_error *error);

// most_ms, or the settings' patience if that is shorter.
static inline uint32_t kafka_patience(const struct kafka_settings *settings, uint32_t most_ms)
{
    return settings->patience_ms && settings->patience_ms < most_ms ? settings->patience_ms : most_ms;
}

// "2.0.2" and so on: the library that runs, which may be newer than the one compiled against.
const char *kafka_library_version(void);
