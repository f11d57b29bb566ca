// SPDX-License-Identifier: Apache-2.0
// The worker's consumer: membership of the group, which lanes are ours, and the records of those that were started.
#pragma once
#include "hub/kafka/catalog.h"

struct source_settings {
    const struct kafka_settings *kafka;
    const char *group; // without prefix
    uint32_t lanes, session_ms, refresh_ms, queue_records, queue_kbytes;
    unsigned worker;
};

enum source_change { SOURCE_SAME, SOURCE_GIVEN, SOURCE_TAKEN };

struct source {
    struct source_settings settings;
    rd_kafka_t *client;
    rd_kafka_topic_partition_list_t *assigned; // what the group gave, NULL for nothing
    enum source_change change;                 // not yet told to the worker
    bool told_taken;                           // told: the partitions go back with the next poll
    bool closing;
    bool *fetching;              // by lane: resumed by us, so that we may pause it (R12)
    rd_kafka_message_t *message; // the worker's, until the next poll
    rd_kafka_message_t *stash;   // came while nobody asked for it
    int64_t rejoin_ms;           // when to ask the group for a new assignment; 0 for never
};

bool source_init(struct source *source, const struct source_settings *settings, struct kafka_error *error);
void source_deinit(struct source *source);

// The next event. catalog is asked anew when lanes are given.
void source_poll(
    struct source *source, struct catalog *catalog, int timeout_ms, struct bus_event *event, struct kafka_error *error);
// Keeps the membership alive during long work; notices changes.
void source_pump(struct source *source);

// Whether this worker may work on the lane now: the group gave it and has not taken it back.
bool source_owns(const struct source *source, uint32_t lane);
// R3: the membership as of now, NULL with a sentence if there is none. To be destroyed by the caller.
rd_kafka_consumer_group_metadata_t *source_member(struct source *source, struct kafka_error *error);
// The generation in it; negative if there is none.
int32_t source_generation(const rd_kafka_consumer_group_metadata_t *member);
// Another owner was seen in a lane that the group still calls ours: asks for a new assignment if none comes by itself.
void source_doubt(struct source *source);

// Partitions of one lane that are assigned, without offsets. To be destroyed by the caller.
rd_kafka_topic_partition_list_t *source_lane(const struct source *source, uint32_t lane);
enum bus_status source_start(
    struct source *source, uint32_t lane, const rd_kafka_topic_partition_list_t *positions, struct kafka_error *error);
void source_stop(struct source *source, uint32_t lane);
