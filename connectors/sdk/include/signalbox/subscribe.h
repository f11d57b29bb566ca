// SPDX-License-Identifier: Apache-2.0
// Reading the feed of a force: every item is checked again with the force's own copy of the registry.
#pragma once
#include <signalbox/item.h>

#ifdef __cplusplus
extern "C" {
#endif

enum signalbox_from {
    SIGNALBOX_FROM_COMMITTED, // where the group stands; the beginning if it stands nowhere
    SIGNALBOX_FROM_BEGINNING,
    SIGNALBOX_FROM_END,
    SIGNALBOX_FROM_TIME,
};

struct signalbox_subscriber_settings {
    const struct signalbox_connection *connection;
    const char *force; // id in the registry
    enum signalbox_from from;
    // For SIGNALBOX_FROM_COMMITTED: who reads, by a name; NULL for "feed-<force>", or "exercise-<force>" for exercises.
    const char *group;
    int64_t from_unix_ms; // for SIGNALBOX_FROM_TIME
    bool stop_at_end;     // SIGNALBOX_AT_END once all is read that was there at the start
    bool exercise;        // the force's topic for exercises instead of its feed
};

enum signalbox_subscriber_status {
    SIGNALBOX_ITEM,     // received->json is a good item
    SIGNALBOX_BAD_ITEM, // received->problem says why it must not be used; the feed goes on
    SIGNALBOX_NOTHING,  // nothing within the time
    SIGNALBOX_AT_END,
    SIGNALBOX_FAILED, // the error says why and what to do
};

// Valid until the next call.
struct signalbox_received {
    const char *json; // one line; holds the parts that this force may see, and no trace of others
    size_t len;
    const char *topic; // and its place there
    int32_t partition;
    int64_t offset;
    int64_t appended_unix_ms;
    struct signalbox_problem problem;
};

struct signalbox_subscriber;
// Reads registry and policy, and opens the feed. NULL with an error. What the settings point to must outlive it.
SIGNALBOX_API struct signalbox_subscriber *signalbox_subscriber_new(
    const struct signalbox_subscriber_settings *settings, struct signalbox_error *error);
SIGNALBOX_API struct signalbox_subscriber *signalbox_subscriber_free(struct signalbox_subscriber *subscriber);

SIGNALBOX_API enum signalbox_subscriber_status signalbox_subscriber_next(struct signalbox_subscriber *subscriber,
    int timeout_ms, struct signalbox_received *received, struct signalbox_error *error);
// SIGNALBOX_FROM_COMMITTED: all that was handed out is safe on your side and need not come again. Without it everything
// since the last time comes again at the next start. false with an error, to be tried again.
SIGNALBOX_API bool signalbox_subscriber_commit(struct signalbox_subscriber *subscriber, struct signalbox_error *error);

#ifdef __cplusplus
}
#endif
