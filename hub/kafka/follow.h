// SPDX-License-Identifier: Apache-2.0
// Follows partitions for as long as they grow, committed records only: one client for many topics, each of which may
// come late, be refused or break without the others noticing. For readers that only look; nothing is ever committed.
#pragma once
#include "hub/kafka/reader.h"

struct follow;

// Connects to nothing yet. NULL with a sentence if the settings are refused; they must outlive it.
struct follow *follow_new(const struct kafka_settings *kafka, struct error *error);
struct follow *follow_free(struct follow *follow); // takes NULL, returns NULL

#define FOLLOW_BEGINNING (-2)

enum follow_state {
    FOLLOW_READS,         // not at its end yet
    FOLLOW_CAUGHT_UP,     // has been at its end
    FOLLOW_NOT_PERMITTED, // ended
    FOLLOW_BROKEN,        // ended: the topic is not there, or no longer holds the place; to be removed and added again
};

// Follows a partition from an offset on, or FOLLOW_BEGINNING. Returns its number, or -1 if it cannot be followed.
int follow_add(struct follow *follow, const char *topic, int32_t partition, int64_t offset);
// Forgets all partitions of the topic; their numbers are given out again.
void follow_remove(struct follow *follow, const char *topic);
enum follow_state follow_state(const struct follow *follow, int number);
// The first offset whose record is at least so young; FOLLOW_BEGINNING on the embedded broker, which knows no times,
// and wherever the broker does not tell within timeout_ms.
int64_t follow_since(struct follow *follow, const char *topic, int32_t partition, int64_t since_ms, int timeout_ms);

// The next record, of partition *number, valid until the next call. false if there was none within timeout_ms.
bool follow_next(struct follow *follow, int timeout_ms, int *number, struct kafka_record *record);
