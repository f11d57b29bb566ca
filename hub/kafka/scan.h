// SPDX-License-Identifier: Apache-2.0
// Reads partitions without a group, each from an offset and, if it is bounded, to its true end as it was when asked.
#pragma once
#include "hub/kafka/kafka_conf.h"

enum scan_status { SCAN_RECORD, SCAN_NOTHING, SCAN_END, SCAN_FAILED };

struct scan_part {
    rd_kafka_topic_t *topic;
    int32_t partition;
    int64_t from, end; // end -1 if there is no bound
    bool done, running;
};

struct scan {
    rd_kafka_t *client;
    rd_kafka_queue_t *queue;
    struct scan_part *parts;
    size_t n_parts, room, n_done;
    uint32_t stall_ms;
    int64_t progress_ms; // when the last step towards the end was made
    rd_kafka_message_t *message;
};

// role is KAFKA_READ, KAFKA_AUDIT or KAFKA_RESTORE. stall_ms: SCAN_FAILED after this long without a step towards the
// ends.
bool scan_init(struct scan *scan, const struct kafka_settings *kafka, enum kafka_role role, uint32_t stall_ms,
    struct error *error);
void scan_deinit(struct scan *scan);

// A full topic name; from is absolute; end is -1 for no bound.
bool scan_add(struct scan *scan, const char *topic, int32_t partition, int64_t from, int64_t end, struct error *error);
// The next record is in scan->message until the next call.
enum scan_status scan_next(struct scan *scan, int timeout_ms, struct error *error);
