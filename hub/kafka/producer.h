// SPDX-License-Identifier: Apache-2.0
// One transactional producer. Lives in its lane; must not move in memory while it is open.
#pragma once
#include "hub/kafka/catalog.h"
#include "hub/kafka/fault.h"
#include <stdatomic.h>

struct producer_settings {
    const struct kafka_settings *kafka;
    uint32_t transaction_ms, queue_records, queue_kbytes;
};

struct producer {
    rd_kafka_t *client;        // NULL when closed
    rd_kafka_topic_t **topics; // by catalogue number
    size_t n_topics, room;
    atomic_bool tainted;             // R1: a request of a transaction has an unknown fate
    unsigned unpolled;               // produced since the last look at delivery reports
    uint64_t delivered, undelivered; // R11: for counting only
};

// Starts the client under this transactional id and fences whoever had it. BUS_LOST: to be tried again.
enum bus_status producer_open(struct producer *producer, const char *id, const struct producer_settings *settings,
    const struct catalog *catalog, struct error *error);
// Drops whatever is unsent. Does nothing to a closed one.
void producer_close(struct producer *producer);

// Gets handles and leaders of the topics numbered since the last call, in one request, so that no record waits for
// them.
bool producer_warm(struct producer *producer, const struct catalog *catalog, struct error *error);

enum bus_status producer_begin(struct producer *producer, struct error *error);
enum bus_status producer_send(struct producer *producer, const struct bus_message *message, struct error *error);
// Sends the offsets with this membership, then commits. Anything but BUS_OK: the producer must be closed; aborted if it
// could.
enum bus_status producer_commit(struct producer *producer, const rd_kafka_topic_partition_list_t *offsets,
    const rd_kafka_consumer_group_metadata_t *member, struct error *error);
// As well as it can within 5 s.
void producer_abort(struct producer *producer);
