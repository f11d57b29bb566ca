// SPDX-License-Identifier: Apache-2.0
#include "connectors/sdk/api/api_parts.h"
#include "connectors/sdk/item.h"
#include "connectors/sdk/subscriber.h"
#include "hub/base/clock.h"
#include "hub/control/control.h"
#include <signalbox/subscribe.h>
#include <stdio.h>
#include <stdlib.h>

#define REFRESH_MS  5000 // registry and policy are read again at most this often
#define GROUP_BYTES 96

struct signalbox_subscriber {
    struct kafka_settings kafka;
    struct deployment deployment;
    struct snapshot *snapshot;
    int64_t loaded_ms;
    struct subscriber *subscriber;
    char group[GROUP_BYTES], *json; // json: of the item handed out last
};

// A newer snapshot takes the old one's place; if none can be had, or only one of another deployment, the old one stays.
static const struct snapshot *newest_snapshot(void *context)
{
    struct signalbox_subscriber *subscriber = context;
    struct error error;
    if (subscriber->snapshot && clock_steady_ms() - subscriber->loaded_ms < REFRESH_MS)
        return subscriber->snapshot;
    struct snapshot *snapshot = api_load(&subscriber->kafka, &subscriber->deployment, &error);
    subscriber->loaded_ms = clock_steady_ms();
    if (snapshot) {
        snapshot_free(subscriber->snapshot);
        subscriber->snapshot = snapshot;
    }
    return subscriber->snapshot;
}

static enum reader_from reader_place(enum signalbox_from from)
{
    static const enum reader_from places[] = {
        [SIGNALBOX_FROM_COMMITTED] = READER_GROUP,
        [SIGNALBOX_FROM_BEGINNING] = READER_BEGINNING,
        [SIGNALBOX_FROM_END] = READER_END,
        [SIGNALBOX_FROM_TIME] = READER_TIMESTAMP,
    };
    return places[from];
}

static struct subscriber *open_feed(
    struct signalbox_subscriber *subscriber, const struct signalbox_subscriber_settings *from, struct error *why)
{
    const char *deployment = from->connection->deployment;
    const bool committed = from->from == SIGNALBOX_FROM_COMMITTED;
    const struct subscriber_settings settings = {
        .kafka = &subscriber->kafka,
        .force = from->force,
        .exercise = from->exercise,
        .from = reader_place(from->from),
        .timestamp_ms = from->from_unix_ms,
        .group = committed ? subscriber->group : NULL,
        .stop_at_end = from->stop_at_end,
        .snapshot = newest_snapshot,
        .context = subscriber,
    };
    if (!deployment_read(&subscriber->deployment, deployment, why))
        return NULL;
    subscriber->snapshot = api_load(&subscriber->kafka, &subscriber->deployment, why);
    subscriber->loaded_ms = clock_steady_ms();
    return subscriber->snapshot ? subscriber_new(&settings, why) : NULL;
}

static void name_group(struct signalbox_subscriber *subscriber, const struct signalbox_subscriber_settings *settings)
{
    const char *topic = settings->exercise ? "exercise" : "feed";
    if (settings->group)
        snprintf(subscriber->group, sizeof subscriber->group, "%s", settings->group);
    else
        snprintf(subscriber->group, sizeof subscriber->group, "%s-%s", topic, settings->force);
}

struct signalbox_subscriber *signalbox_subscriber_new(
    const struct signalbox_subscriber_settings *settings, struct signalbox_error *error)
{
    struct error why = {.cause = CAUSE_NO_MEMORY, .text = "There is no memory for a reader."};
    struct signalbox_subscriber *subscriber = calloc(1, sizeof *subscriber);
    if (subscriber) {
        subscriber->kafka = api_kafka_settings(settings->connection);
        name_group(subscriber, settings);
        subscriber->subscriber = open_feed(subscriber, settings, &why);
    }
    if (subscriber && subscriber->subscriber)
        return subscriber;
    api_tell_error(error, &why);
    return signalbox_subscriber_free(subscriber);
}

struct signalbox_subscriber *signalbox_subscriber_free(struct signalbox_subscriber *subscriber)
{
    if (!subscriber)
        return NULL;
    if (subscriber->subscriber)
        subscriber_free(subscriber->subscriber);
    snapshot_free(subscriber->snapshot);
    free(subscriber->json);
    free(subscriber);
    return NULL;
}

static void tell_place(const struct kafka_record *record, struct signalbox_received *received)
{
    received->topic = record->topic;
    received->partition = record->partition;
    received->offset = record->offset;
    received->appended_unix_ms = record->timestamp_ms;
}

static enum signalbox_subscriber_status tell_item(struct signalbox_subscriber *subscriber, const struct received *from,
    struct signalbox_received *received, struct signalbox_error *error)
{
    static const struct error why = {.cause = CAUSE_NO_MEMORY, .text = "There is no memory for an item of this size."};
    json_t *item = item_to_json(from->item.header, from->item.bodies);
    free(subscriber->json);
    subscriber->json = item ? json_dumps(item, JSON_COMPACT) : NULL;
    json_decref(item);
    if (!subscriber->json) {
        api_tell_error(error, &why);
        return SIGNALBOX_FAILED;
    }
    received->json = subscriber->json;
    received->len = strlen(subscriber->json);
    return SIGNALBOX_ITEM;
}

enum signalbox_subscriber_status signalbox_subscriber_next(struct signalbox_subscriber *subscriber, int timeout_ms,
    struct signalbox_received *received, struct signalbox_error *error)
{
    struct received from;
    enum subscriber_status status = subscriber_next(subscriber->subscriber, timeout_ms, &from);
    *received = (struct signalbox_received){.json = ""};
    switch (status) {
    case SUBSCRIBER_ITEM:
        tell_place(&from.record, received);
        return tell_item(subscriber, &from, received, error);
    case SUBSCRIBER_REFUSED:
        tell_place(&from.record, received);
        api_tell_problem(&received->problem, &from.why);
        return SIGNALBOX_BAD_ITEM;
    case SUBSCRIBER_NOTHING:
        return SIGNALBOX_NOTHING;
    case SUBSCRIBER_AT_END:
        return SIGNALBOX_AT_END;
    case SUBSCRIBER_FAILED:
    default:
        api_tell_error(error, subscriber_error(subscriber->subscriber));
        return SIGNALBOX_FAILED;
    }
}

bool signalbox_subscriber_commit(struct signalbox_subscriber *subscriber, struct signalbox_error *error)
{
    return subscriber_commit(subscriber->subscriber) || api_tell_error(error, subscriber_error(subscriber->subscriber));
}
