// SPDX-License-Identifier: Apache-2.0
// The force's end of the path. Nothing that the hub says is taken on trust: every record is inspected with the force's
// own copy of the registry. A record that fails is handed out as refused, once, so that somebody sees it; it does not
// stop the feed.
#include "connectors/sdk/subscriber.h"
#include "hub/contract/outcome.h"

#include <stdio.h>
#include <stdlib.h>

#define ROOTS 1024

struct subscriber {
    struct subscriber_settings settings;
    struct reader *reader;
    struct proof_cache *roots;
    struct arena arena; // of the record at hand
    const struct snapshot *snapshot;
    int64_t not_before_ms; // what is older is skipped, until the first that is not
};

static struct reader *open_feed(const struct subscriber_settings *settings, struct error *error)
{
    char topic[96];
    snprintf(topic, sizeof topic, "%s.%s", settings->exercise ? "exercise" : "feed", settings->force);
    struct reader_source source = {.topic = topic, .partition = -1};
    struct reader_settings reader = {.sources = &source,
        .n_sources = 1,
        .from = settings->from,
        .timestamp_ms = settings->timestamp_ms,
        .group = settings->group,
        .stop_at_end = settings->stop_at_end};
    return reader_new(settings->kafka, &reader, error);
}

struct subscriber *subscriber_new(const struct subscriber_settings *settings, struct error *error)
{
    struct subscriber *subscriber = calloc(1, sizeof *subscriber);
    if (!subscriber || !(subscriber->roots = proof_cache_new(ROOTS))) {
        error_say(error, CAUSE_OTHER, "there is no memory left");
        free(subscriber);
        return NULL;
    }
    subscriber->settings = *settings;
    subscriber->not_before_ms = settings->from == READER_TIMESTAMP ? settings->timestamp_ms : INT64_MIN;
    arena_init(&subscriber->arena, 0);
    subscriber->snapshot = settings->snapshot(settings->context);
    subscriber->reader = open_feed(settings, error);
    return subscriber->reader ? subscriber : subscriber_free(subscriber);
}

struct subscriber *subscriber_free(struct subscriber *subscriber)
{
    if (!subscriber)
        return NULL;
    if (subscriber->reader)
        reader_free(subscriber->reader);
    proof_cache_free(subscriber->roots);
    arena_deinit(&subscriber->arena);
    free(subscriber);
    return NULL;
}

static bool inspect_record(struct subscriber *subscriber, struct received *received)
{
    arena_reset(&subscriber->arena);
    return inspect_incoming(received->record.value, subscriber->snapshot, subscriber->settings.force,
        received->record.timestamp_ms, subscriber->roots, &subscriber->arena, &received->item, &received->why);
}

// Whether a newer registry might know better.
static bool may_be_outdated(const struct problem *why)
{
    static const enum outcome outcomes[] = {OUTCOME_AGENCY_UNKNOWN, OUTCOME_KEY_UNKNOWN, OUTCOME_KEY_INACTIVE,
        OUTCOME_KEY_PURPOSE, OUTCOME_ORGANISATION_UNKNOWN};
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
        if (strcmp(why->code, outcome_row(outcomes[i])->code) == 0)
            return true;
    return false;
}

static bool inspect_with_newest(struct subscriber *subscriber, struct received *received)
{
    if (inspect_record(subscriber, received))
        return true;
    if (!may_be_outdated(&received->why))
        return false;
    subscriber_renew(subscriber);
    return inspect_record(subscriber, received);
}

// Kafka looks a time up among the markers of transactions too, and they are younger than the records before them: it
// may begin too early.
static enum reader_status next_record(struct subscriber *subscriber, int timeout_ms, struct kafka_record *record)
{
    enum reader_status status;
    do
        status = reader_next(subscriber->reader, timeout_ms, record);
    while (status == READER_RECORD && record->timestamp_ms < subscriber->not_before_ms);
    if (status == READER_RECORD)
        subscriber->not_before_ms = INT64_MIN;
    return status;
}

enum subscriber_status subscriber_next(struct subscriber *subscriber, int timeout_ms, struct received *received)
{
    *received = (struct received){0};
    switch (next_record(subscriber, timeout_ms, &received->record)) {
    case READER_RECORD:
        return inspect_with_newest(subscriber, received) ? SUBSCRIBER_ITEM : SUBSCRIBER_REFUSED;
    case READER_NOTHING:
        return SUBSCRIBER_NOTHING;
    case READER_AT_END:
        return SUBSCRIBER_AT_END;
    case READER_FAILED:
    default:
        return SUBSCRIBER_FAILED;
    }
}

void subscriber_renew(struct subscriber *subscriber)
{
    subscriber->snapshot = subscriber->settings.snapshot(subscriber->settings.context);
}

bool subscriber_commit(struct subscriber *subscriber)
{
    return reader_commit(subscriber->reader);
}

const struct error *subscriber_error(const struct subscriber *subscriber)
{
    return reader_error(subscriber->reader);
}
