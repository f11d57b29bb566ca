// SPDX-License-Identifier: Apache-2.0
// Where partitions begin and truly end. R6: the client must be of role KAFKA_PROBE; to any other a broker shows the
// last stable offset, which an open transaction of a dead owner can hold back for as long as it likes.
#pragma once
#include "hub/kafka/kafka_conf.h"

// Fills in the offsets of the list: the first held, or the true end. One request for each broker.
bool ends_first(rd_kafka_t *probe, rd_kafka_topic_partition_list_t *list, int timeout_ms, struct error *error);
bool ends_last(rd_kafka_t *probe, rd_kafka_topic_partition_list_t *list, int timeout_ms, struct error *error);
// Of one partition.
bool ends_of(rd_kafka_t *probe, const char *topic, int32_t partition, int timeout_ms, int64_t *low, int64_t *high,
    struct error *error);
