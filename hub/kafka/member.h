// SPDX-License-Identifier: Apache-2.0
// A member of a group that shares out topics: for readers that keep their position in Kafka.
#pragma once
#include "hub/kafka/kafka_conf.h"

struct member_part {
    char *topic; // full name
    int32_t partition;
    int64_t next; // to be committed; -1 if nothing was handed out
    int64_t end;  // true end when it was assigned; -1 if nobody asked
    bool done;
};

struct member {
    rd_kafka_t *client, *probe;
    bool bounded; // ends are asked for
    bool assigned;
    uint32_t stall_ms; // bounded: fail after this long without a record or an end
    int64_t progress_ms;
    struct member_part *parts;
    size_t n_parts;
    rd_kafka_message_t *message;
    struct error *error; // the reader's
    bool failed;
};

enum member_status { MEMBER_RECORD, MEMBER_NOTHING, MEMBER_END, MEMBER_FAILED };

// topics are full names. stall_ms 0: not bounded, no end is looked for. probe is for the ends, borrowed.
bool member_init(struct member *member, const struct kafka_settings *kafka, const char *group,
    const char *const *topics, size_t n, uint32_t stall_ms, rd_kafka_t *probe, struct error *error);
void member_deinit(struct member *member);

enum member_status member_next(struct member *member, int timeout_ms);
bool member_commit(struct member *member);
