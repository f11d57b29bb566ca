// SPDX-License-Identifier: Apache-2.0
// An idempotent producer with a bounded queue. Partitions are chosen here, by the key, as Kafka's own clients do, and
// not by the library's partitioner, so that the partition is known before the record goes.
#include "hub/kafka/writer.h"
#include "hub/base/digest.h"
#include "hub/base/murmur2.h"
#include "hub/kafka/cause.h"
#include "hub/kafka/kafka_conf.h"
#include "hub/base/clock.h"
#include "hub/base/list.h"
#include <stdio.h>
#include <stdlib.h>

#define TIMEOUT_MS 30000
#define ASK_MS     10000

struct known_topic {
    rd_kafka_topic_t *handle;
    char *name; // without prefix
    int32_t partitions;
};

struct writer {
    rd_kafka_t *client;
    struct kafka_settings kafka;
    struct writer_settings settings;
    struct known_topic *topics;
    size_t n_topics, room, outstanding;
    struct error error;
};

// A client that is finished gives up what it holds, says so of each record, and takes no more; what finished it is the
// reason.
static rd_kafka_resp_err_t reason_of(rd_kafka_t *client, rd_kafka_resp_err_t code)
{
    rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(client, NULL, 0);
    return code && fatal ? fatal : code;
}

static void on_report(rd_kafka_t *client, const rd_kafka_message_t *message, void *context)
{
    struct writer *writer = context;
    struct error error;
    rd_kafka_timestamp_type_t type;
    writer->outstanding--;
    if (!writer->settings.report)
        return;
    rd_kafka_resp_err_t code = reason_of(client, message->err);
    if (code)
        error_say(
            &error, cause_of(code), "The broker did not take the record (%s): send it again.", rd_kafka_err2name(code));
    const struct writer_report report = {
        .cookie = message->_private,
        .error = code ? &error : NULL,
        .perhaps = message->err && rd_kafka_message_status(message) != RD_KAFKA_MSG_STATUS_NOT_PERSISTED,
        .partition = message->partition,
        .offset = message->err ? -1 : message->offset,
        .timestamp_ms = rd_kafka_message_timestamp(message, &type),
    };
    writer->settings.report(writer->settings.context, &report);
}

static void hook_reports(rd_kafka_conf_t *conf, void *context)
{
    rd_kafka_conf_set_opaque(conf, context);
    rd_kafka_conf_set_dr_msg_cb(conf, on_report);
}

static bool start_client(struct writer *writer, struct error *error)
{
    char records[16], timeout[16];
    snprintf(records, sizeof records, "%u", writer->settings.queue_records);
    snprintf(timeout, sizeof timeout, "%u", writer->settings.timeout_ms);
    const struct kafka_property properties[] = {
        {"queue.buffering.max.messages", records, true},
        {"message.timeout.ms", timeout, true},
    };
    writer->client = kafka_conf_start(
        &writer->kafka, KAFKA_WRITE, properties, sizeof properties / sizeof *properties, hook_reports, writer, error);
    return writer->client != NULL;
}

struct writer *writer_new(
    const struct kafka_settings *kafka, const struct writer_settings *settings, struct error *error)
{
    struct writer *writer = calloc(1, sizeof *writer);
    if (!writer || !kafka_settings_keep(&writer->kafka, kafka)) {
        error_no_memory(error, "writing records");
        return writer_free(writer);
    }
    writer->settings = *settings;
    if (!writer->settings.queue_records)
        writer->settings.queue_records = 10000;
    writer->settings.timeout_ms = kafka_patience(kafka, settings->timeout_ms ? settings->timeout_ms : TIMEOUT_MS);
    writer->settings.ask_ms = kafka_patience(kafka, settings->ask_ms ? settings->ask_ms : ASK_MS);
    if (start_client(writer, error))
        return writer;
    return writer_free(writer);
}

struct writer *writer_free(struct writer *writer)
{
    if (!writer)
        return NULL;
    if (writer->client) {
        rd_kafka_purge(writer->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_flush(writer->client, 1000);
    }
    for (size_t i = 0; i < writer->n_topics; i++) {
        rd_kafka_topic_destroy(writer->topics[i].handle);
        free(writer->topics[i].name);
    }
    free(writer->topics);
    if (writer->client)
        rd_kafka_destroy(writer->client);
    kafka_settings_drop(&writer->kafka);
    free(writer);
    return NULL;
}

// Asking for the topic also tells the library its leaders, so that the first record does not wait a second for them.
static int32_t ask_partitions(struct writer *writer, rd_kafka_topic_t *handle)
{
    const struct rd_kafka_metadata *answer = NULL;
    const char *name = rd_kafka_topic_name(handle);
    rd_kafka_resp_err_t code = rd_kafka_metadata(writer->client, 0, handle, &answer, (int)writer->settings.ask_ms);
    int32_t partitions = 0;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR && answer->topic_cnt == 1) {
        code = answer->topics[0].err;
        partitions = answer->topics[0].partition_cnt;
    }
    if (answer)
        rd_kafka_metadata_destroy(answer);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR && partitions > 0)
        return partitions;
    if (code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || code == RD_KAFKA_RESP_ERR_NO_ERROR)
        error_say(&writer->error, CAUSE_MISSING, "Topic %s does not exist: ask the hub's operator to create it.", name);
    else if (code == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
        error_say(&writer->error, CAUSE_NOT_PERMITTED, "This user may not see topic %s: ask the hub's operator.", name);
    else
        error_say(&writer->error, cause_of(code),
            "No broker at %s answers (%s): check the address and -X security properties.", writer->kafka.bootstrap,
            rd_kafka_err2name(code));
    return -1;
}

static struct known_topic *add_topic(
    struct writer *writer, const char *topic, rd_kafka_topic_t *handle, int32_t partitions)
{
    char *name = strdup(topic);
    if (!name || !list_room(&writer->topics, &writer->room, writer->n_topics + 1, sizeof *writer->topics)) {
        free(name);
        error_no_memory(&writer->error, "another topic");
        return NULL;
    }
    writer->topics[writer->n_topics] = (struct known_topic){handle, name, partitions};
    return &writer->topics[writer->n_topics++];
}

static struct known_topic *topic_of(struct writer *writer, const char *topic)
{
    for (size_t i = 0; i < writer->n_topics; i++)
        if (strcmp(writer->topics[i].name, topic) == 0)
            return &writer->topics[i];
    char name[KAFKA_NAME_BYTES];
    if (!kafka_conf_name(&writer->kafka, topic, name, &writer->error))
        return NULL;
    rd_kafka_topic_t *handle = rd_kafka_topic_new(writer->client, name, NULL);
    int32_t partitions = handle ? ask_partitions(writer, handle) : -1;
    struct known_topic *known = partitions > 0 ? add_topic(writer, topic, handle, partitions) : NULL;
    if (!known && handle)
        rd_kafka_topic_destroy(handle);
    if (!handle)
        error_say(&writer->error, CAUSE_OTHER, "Topic %s has a name that Kafka does not allow.", name);
    return known;
}

int32_t writer_partitions(struct writer *writer, const char *topic)
{
    const struct known_topic *known = topic_of(writer, topic);
    return known ? known->partitions : -1;
}

static rd_kafka_resp_err_t produce_record(struct writer *writer, rd_kafka_topic_t *topic, int32_t partition,
    struct slice key, struct slice value, const struct kafka_header *headers, size_t n_headers, void *cookie)
{
    rd_kafka_headers_t *list = rd_kafka_headers_new(n_headers);
    for (size_t i = 0; i < n_headers; i++)
        rd_kafka_header_add(list, headers[i].name, -1, headers[i].value.data, (ssize_t)headers[i].value.len);
    void *payload = (void *)(uintptr_t)value.data;
    rd_kafka_resp_err_t code = rd_kafka_producev(writer->client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key.data, key.len),
        RD_KAFKA_V_VALUE(payload, value.len), RD_KAFKA_V_HEADERS(list), RD_KAFKA_V_OPAQUE(cookie), RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        rd_kafka_headers_destroy(list);
    return reason_of(writer->client, code);
}

static bool not_taken(struct writer *writer, const char *topic, size_t size, rd_kafka_resp_err_t code)
{
    if (code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
        error_say(&writer->error, CAUSE_OTHER, "A record of %zu bytes is too large for topic %s: make it smaller.",
            size, topic);
    else if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        error_say(&writer->error, CAUSE_UNREACHABLE,
            "Nothing was written for %u s and the queue is full: check that the broker at %s runs.",
            writer->settings.timeout_ms / 1000, writer->kafka.bootstrap);
    else if (code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
        error_say(&writer->error, CAUSE_MISSING, "Topic %s has no such partition.", topic);
    else
        error_say(&writer->error, cause_of(code), "A record for topic %s was not taken (%s).", topic,
            rd_kafka_err2name(code));
    return false;
}

bool writer_send(struct writer *writer, const char *topic, int32_t partition, struct slice key, struct slice value,
    const struct kafka_header *headers, size_t n_headers, void *cookie)
{
    const struct known_topic *known = topic_of(writer, topic);
    if (!known)
        return false;
    if (partition < 0)
        partition = (int32_t)(murmur2_positive(key) % (uint32_t)known->partitions);
    rd_kafka_topic_t *handle = known->handle; // a report may send, and so move the table
    int64_t deadline = clock_steady_ms() + writer->settings.timeout_ms;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
    if (partition < known->partitions)
        code = produce_record(writer, handle, partition, key, value, headers, n_headers, cookie);
    while (code == RD_KAFKA_RESP_ERR__QUEUE_FULL && clock_steady_ms() < deadline) {
        rd_kafka_poll(writer->client, 50);
        code = produce_record(writer, handle, partition, key, value, headers, n_headers, cookie);
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return not_taken(writer, topic, value.len, code);
    writer->outstanding++;
    rd_kafka_poll(writer->client, 0);
    return true;
}

void writer_poll(struct writer *writer, int timeout_ms)
{
    rd_kafka_poll(writer->client, timeout_ms);
}

bool writer_flush(struct writer *writer, int timeout_ms)
{
    if (rd_kafka_flush(writer->client, timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR && writer->outstanding == 0)
        return true;
    error_say(&writer->error, CAUSE_UNREACHABLE, "%zu records are not written yet: check that the broker at %s runs.",
        writer->outstanding, writer->kafka.bootstrap);
    return false;
}

const struct error *writer_error(const struct writer *writer)
{
    return &writer->error;
}
