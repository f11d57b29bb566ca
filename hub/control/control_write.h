// SPDX-License-Identifier: Apache-2.0
// Writing control records: acknowledged by all replicas, or said why not.
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
