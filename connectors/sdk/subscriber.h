// SPDX-License-Identifier: Apache-2.0
// Reads the feed of a force and checks every item again on the force's side. One thread at a time.
#pragma once
#include "connectors/sdk/inspect.h"
#include "hub/kafka/reader.h"

struct subscriber;

struct subscriber_settings {
    const struct kafka_settings *kafka;
    const char *force;
    bool exercise;         // exercise.<force> instead of feed.<force>
    enum reader_from from; // READER_GROUP to go on where the group stands
    int64_t timestamp_ms;  // READER_TIMESTAMP
    const char *group;     // READER_GROUP
    bool stop_at_end;
    // The control snapshot to check with, never NULL. Asked for at the start, and again when an item cannot be checked
    // because its agency, key or organisation is not known: it may be newer. Valid until the next call.
    const struct snapshot *(*snapshot)(void *context);
    void *context;
};

enum subscriber_status {
    SUBSCRIBER_ITEM,    // received->item is good
    SUBSCRIBER_REFUSED, // received->why says why; received->item must not be used
    SUBSCRIBER_NOTHING, // nothing within the time
    SUBSCRIBER_AT_END,
    SUBSCRIBER_FAILED, // subscriber_error says why and what to do
};

// Valid until the next call.
struct received {
    struct kafka_record record;
    struct inspected item;
    struct problem why;
};

// NULL with a sentence. The settings but kafka must outlive it.
struct subscriber *subscriber_new(const struct subscriber_settings *settings, struct error *error);
struct subscriber *subscriber_free(struct subscriber *subscriber);

enum subscriber_status subscriber_next(struct subscriber *subscriber, int timeout_ms, struct received *received);
// Asks for the control snapshot again: what comes from now on is checked with the newest.
void subscriber_renew(struct subscriber *subscriber);
// READER_GROUP: everything handed out is kept and need not come again. false with subscriber_error; to be tried again.
bool subscriber_commit(struct subscriber *subscriber);
const struct error *subscriber_error(const struct subscriber *subscriber);
