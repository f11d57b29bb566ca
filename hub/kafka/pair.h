// SPDX-License-Identifier: Apache-2.0
// A lane's two producers, used in turn: the second need not wait until the broker has finished with the first one's
// commit. Neither begins before the other's commit is known. Taking a lane fences both.
#pragma once
#include "hub/kafka/producer.h"

struct pair {
    uint32_t number;
    bool open, begun;
    unsigned turn; // whose transaction is next, or open
    struct producer producers[2];
    uint64_t recycles;
};

enum bus_status pair_open(
    struct pair *pair, const struct producer_settings *settings, const struct catalog *catalog, struct error *error);
enum bus_status pair_begin(
    struct pair *pair, const struct producer_settings *settings, const struct catalog *catalog, struct error *error);
enum bus_status pair_commit(struct pair *pair, const rd_kafka_topic_partition_list_t *offsets,
    const rd_kafka_consumer_group_metadata_t *member, struct error *error);
// Aborts what is open; after that the lane is to be opened again, whether anything was.
void pair_abort(struct pair *pair);
void pair_close(struct pair *pair);
