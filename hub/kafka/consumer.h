// SPDX-License-Identifier: Apache-2.0
// The worker's consumer: membership of the group, which lanes are ours, and the records of those that were started.
#pragma once
#include "hub/kafka/catalog.h"

struct consumer_settings {
    const struct kafka_settings *kafka;
    const char *group; // without prefix
    uint32_t lanes, session_ms, refresh_ms, queue_records, queue_kbytes;
    unsigned worker;
};

enum consumer_change { CONSUMER_SAME, CONSUMER_GIVEN, CONSUMER_TAKEN };

struct consumer {
    struct consumer_settings settings;
    rd_kafka_t *client;
    rd_kafka_topic_partition_list_t *assigned; // what the group gave, NULL for nothing
    enum consumer_change change;               // not yet told to the worker
    bool told_taken;                           // told: the partitions go back with the next poll
    bool closing;
    bool *fetching;              // by lane: resumed by us, so that we may pause it (R12)
    rd_kafka_message_t *message; // the worker's, until the next poll
    rd_kafka_message_t *stash;   // came while nobody asked for it
    int64_t rejoin_ms;           // when to ask the group for a new assignment; 0 for never
};

bool consumer_init(struct consumer *consumer, const struct consumer_settings *settings, struct error *error);
void consumer_deinit(struct consumer *consumer);

// The next event. catalog is asked anew when lanes are given.
void consumer_poll(
    struct consumer *consumer, struct catalog *catalog, int timeout_ms, struct bus_event *event, struct error *error);
// Keeps the membership alive during long work; notices changes.
void consumer_pump(struct consumer *consumer);

// Whether this worker may work on the lane now: the group gave it and has not taken it back.
bool consumer_owns(const struct consumer *consumer, uint32_t lane);
// R3: the membership as of now, NULL with a sentence if there is none. To be destroyed by the caller.
rd_kafka_consumer_group_metadata_t *consumer_member(struct consumer *consumer, struct error *error);
// The generation in it; negative if there is none.
int32_t consumer_generation(const rd_kafka_consumer_group_metadata_t *member);
// Another owner was seen in a lane that the group still calls ours: asks for a new assignment if none comes by itself.
void consumer_doubt(struct consumer *consumer);

// Partitions of one lane that are assigned, without offsets. To be destroyed by the caller.
rd_kafka_topic_partition_list_t *consumer_lane(const struct consumer *consumer, uint32_t lane);
enum bus_status consumer_start(
    struct consumer *consumer, uint32_t lane, const rd_kafka_topic_partition_list_t *positions, struct error *error);
void consumer_stop(struct consumer *consumer, uint32_t lane);
