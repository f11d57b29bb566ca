// SPDX-License-Identifier: Apache-2.0
// What a broker tells of many things at once, asked again and again by one who only looks: topics with their offsets,
// groups with their places, and the age of records. Names are without the settings' prefix, both ways. Every call ends
// at its deadline; what was not told by then is unknown. Needs Describe on topics and groups, DescribeConfigs for
// retention, Read for the age of records.
#pragma once
#include "hub/base/arena.h"
#include "hub/kafka/kafka.h"

enum survey_state { SURVEY_UNKNOWN, SURVEY_KNOWN, SURVEY_NOT_PERMITTED };

struct survey_number {
    enum survey_state state;
    int64_t value;
};

struct survey;

// Connects to nothing yet. NULL with a sentence if the settings are refused; they must outlive it.
struct survey *survey_new(const struct kafka_settings *kafka, struct error *error);
struct survey *survey_free(struct survey *survey); // takes NULL, returns NULL

struct survey_partition {
    int32_t partition;
    struct survey_number leader, preferred; // broker ids; leader unknown: there is none
    struct survey_number replicas, in_sync;
    struct survey_number start, stable, end; // first offset held, last stable offset, true end
};

struct survey_topic {
    const char *name;
    struct survey_partition *partitions; // by number
    size_t n_partitions;
};

struct survey_topics {
    struct survey_topic *rows; // by name
    size_t n;
    size_t n_brokers; // that are alive
};

// Whether a topic is to be asked about.
typedef bool survey_wants(const char *name);

// The topics wanted that the broker lets us see. false with a sentence if no broker answers. All lives in the arena.
bool survey_topics(struct survey *survey, survey_wants *wants, int timeout_ms, struct arena *arena,
    struct survey_topics *topics, struct error *error);
// Whether a broker still answers.
bool survey_reachable(struct survey *survey, int timeout_ms, struct error *error);
// NULL if it is not among them.
const struct survey_topic *survey_topics_find(const struct survey_topics *topics, const char *name);
// Of topics that survey_topics does not have: not permitted, or unknown where they are not there (or nobody answers).
// One request for all.
void survey_topic_states(
    struct survey *survey, const char *const *names, size_t n, int timeout_ms, enum survey_state *states);
// retention.ms of each topic, in their order; -1 is without end. Unknown on the embedded broker.
void survey_retention(
    struct survey *survey, const struct survey_topics *topics, int timeout_ms, struct survey_number *retention_ms);

struct survey_place {
    const char *topic;
    int32_t partition;
    int64_t offset;
};

struct survey_group {
    const char *name;
    enum survey_state state;     // whether the broker told its places
    struct survey_place *places; // committed; topics without the prefix are left out
    size_t n_places;
    struct survey_number members;  // unknown too for groups of the protocol that this librdkafka does not know
    const char *state_name;        // "Stable", "Empty", ...; "" if not known
    struct survey_place *assigned; // what its members have; offset -1
    size_t n_assigned;
};

struct survey_groups {
    enum survey_state state; // of the list itself
    struct survey_group *rows;
    size_t n;
};

// All groups of consumers that carry the prefix and that the broker lets us see, and those named in also. Unknown on
// the embedded broker. All lives in the arena.
void survey_groups(struct survey *survey, const char *const *also, size_t n_also, int timeout_ms, struct arena *arena,
    struct survey_groups *groups);

enum survey_found {
    SURVEY_FOUND_UNTOLD,        // not within the time
    SURVEY_FOUND_RECORD,        // at_offset and at_ms are set
    SURVEY_FOUND_NONE,          // only markers of transactions up to the end, or nothing at all
    SURVEY_FOUND_GONE,          // the broker no longer holds this offset
    SURVEY_FOUND_NOT_PERMITTED, // Read on the topic is not granted
};

struct survey_record {
    const char *topic;
    int32_t partition;
    int64_t offset, end; // in: from where to look, and the last stable offset
    enum survey_found found;
    // of the first committed record from offset on; its time is that of the broker where it has it
    int64_t at_offset, at_ms;
};

// Looks for all of them at once. Each costs the broker one read of a batch: ask only for what has changed.
void survey_records(struct survey *survey, struct survey_record *rows, size_t n, int timeout_ms);
