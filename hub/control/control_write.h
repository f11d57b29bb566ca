// SPDX-License-Identifier: Apache-2.0
// Writing control records and the births of lanes: acknowledged by all replicas, or said why not.
#pragma once
#include "hub/kafka/kafka.h"

struct control_record {
    int32_t partition;
    struct slice key, value;
};

// Writes all in order and waits for the broker's word on each. *offsets, if not NULL, gets n offsets. false with a
// sentence, which also says if more may have been written; how many surely were is in *written.
bool control_write(const struct kafka_settings *settings, const char *topic, const struct control_record *records,
    size_t n, int64_t *offsets, size_t *written, struct error *error);

// The first record of every lane, on a topic state that has none yet. deployment_id is 16 random bytes.
bool control_write_births(const struct kafka_settings *settings, uint32_t lanes, int64_t now_ms,
    const uint8_t deployment_id[16], struct error *error);
// The same, for those of the lanes that which says.
bool control_write_births_of(const struct kafka_settings *settings, uint32_t lanes, const bool *which, int64_t now_ms,
    const uint8_t deployment_id[16], struct error *error);
// The id in the first birth that the topic state still has. false if there is none, or it cannot be read.
bool control_read_deployment(const struct kafka_settings *settings, uint8_t deployment_id[16]);
