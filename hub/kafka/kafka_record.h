// SPDX-License-Identifier: Apache-2.0
// A record of Kafka's, as readers hand it out and writers take its headers.
#pragma once
#include "hub/kafka/kafka.h"

// A header of a record. Borrowed both ways; name is terminated.
struct kafka_header {
    const char *name;
    struct slice value;
};

enum kafka_time { KAFKA_TIME_NONE, KAFKA_TIME_CREATED, KAFKA_TIME_APPENDED };

struct kafka_record {
    const char *topic; // without prefix
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms;
    enum kafka_time time;
    struct slice key, value;
    bool tombstone; // there is no value at all
    const struct kafka_header *headers;
    size_t n_headers;
};

// A header's value; false if there is none. With several of a name the last one counts.
bool kafka_record_header(const struct kafka_record *record, const char *name, struct slice *value);
