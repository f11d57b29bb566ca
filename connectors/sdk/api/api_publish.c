// SPDX-License-Identifier: Apache-2.0
#include "connectors/sdk/api/api_parts.h"
#include "connectors/sdk/keys.h"
#include "connectors/sdk/publisher.h"
#include "hub/base/clock.h"
#include <signalbox/publish.h>
#include <stdlib.h>

struct signalbox_key {
    EVP_PKEY *key;
};

struct signalbox_publisher {
    struct signalbox_publisher_settings settings;
    struct kafka_settings kafka;
    struct deployment deployment;
    struct publisher *publisher;
};

struct signalbox_key *signalbox_key_load(const char *path, struct signalbox_error *error)
{
    struct error why = {.cause = CAUSE_NO_MEMORY, .text = "There is no memory for a key."};
    struct signalbox_key *key = calloc(1, sizeof *key);
    if (key && (key->key = keys_load(path, &why)))
        return key;
    free(key);
    api_tell_error(error, &why);
    return NULL;
}

struct signalbox_key *signalbox_key_free(struct signalbox_key *key)
{
    if (key)
        EVP_PKEY_free(key->key);
    free(key);
    return NULL;
}

static void pass_sent_on(void *context, const struct publisher_sent *sent)
{
    const struct signalbox_publisher *publisher = context;
    struct signalbox_error error;
    const struct signalbox_sent told = {.line = sent->line,
        .name = sent->name,
        .error = sent->error ? &error : NULL,
        .partition = sent->partition,
        .offset = sent->offset};
    if (sent->error)
        api_tell_error(&error, sent->error);
    if (publisher->settings.sent)
        publisher->settings.sent(publisher->settings.context, &told);
}

static struct publisher *open_publisher(struct signalbox_publisher *publisher, struct error *why)
{
    const struct signalbox_publisher_settings *from = &publisher->settings;
    if (!deployment_read(&publisher->deployment, from->connection->deployment, why) ||
        (from->control && !deployment_keep(&publisher->deployment, from->control->snapshot, why)))
        return NULL;
    const struct publisher_settings settings = {
        .kafka = &publisher->kafka,
        .agency = from->agency,
        .key = from->key->key,
        .batch = from->batch ? from->batch : PUBLISHER_BATCH,
        .snapshot = from->control ? from->control->snapshot : NULL,
        .deployment = deployment_id(&publisher->deployment),
        .folder = from->folder,
        .sent = pass_sent_on,
        .context = publisher,
    };
    return publisher_new(&settings, why);
}

struct signalbox_publisher *signalbox_publisher_new(
    const struct signalbox_publisher_settings *settings, struct signalbox_error *error)
{
    struct error why = {.cause = CAUSE_NO_MEMORY, .text = "There is no memory for a publisher."};
    struct signalbox_publisher *publisher = calloc(1, sizeof *publisher);
    if (publisher) {
        publisher->settings = *settings;
        publisher->kafka = api_kafka_settings(settings->connection);
        publisher->publisher = open_publisher(publisher, &why);
    }
    if (publisher && publisher->publisher)
        return publisher;
    free(publisher);
    api_tell_error(error, &why);
    return NULL;
}

struct signalbox_publisher *signalbox_publisher_free(struct signalbox_publisher *publisher)
{
    if (publisher)
        publisher_free(publisher->publisher);
    free(publisher);
    return NULL;
}

bool signalbox_publisher_add(struct signalbox_publisher *publisher, const char *json, size_t len, uint64_t line,
    char name[SIGNALBOX_NAME_BYTES], struct signalbox_problem *problem)
{
    struct problem why;
    char unwanted[ITEM_NAME_BYTES];
    json_t *value = api_read_json(json, len, &why);
    bool taken =
        value && publisher_add(publisher->publisher, value, line, clock_wall_ms(), name ? name : unwanted, &why);
    json_decref(value);
    return taken || api_tell_problem(problem, &why);
}

bool signalbox_publisher_send(struct signalbox_publisher *publisher)
{
    return publisher_send(publisher->publisher);
}

bool signalbox_publisher_flush(struct signalbox_publisher *publisher, int timeout_ms)
{
    return publisher_flush(publisher->publisher, timeout_ms);
}

void signalbox_publisher_poll(struct signalbox_publisher *publisher)
{
    publisher_poll(publisher->publisher);
}
