// SPDX-License-Identifier: Apache-2.0
// Topics: seen through metadata and one DescribeConfigs for all, made through CreateTopics. The embedded broker knows
// neither call; there topics are made through the broker's own handle, and have no configurations.
#include "hub/kafka/admin_parts.h"
#include "hub/kafka/cause.h"
#include "hub/kafka/ends.h"
#include "hub/base/clock.h"
#include <stdlib.h>

#define ASK_MS     30000
#define VISIBLE_MS 15000

struct admin *admin_new(const struct kafka_settings *settings, struct error *error)
{
    struct admin *admin = calloc(1, sizeof *admin);
    if (!admin || !kafka_settings_keep(&admin->kafka, settings)) {
        error_no_memory(error, "asking the cluster");
        return admin_free(admin);
    }
    admin->probe = kafka_conf_start(&admin->kafka, KAFKA_PROBE, NULL, 0, NULL, NULL, error);
    return admin->probe ? admin : admin_free(admin);
}

struct admin *admin_free(struct admin *admin)
{
    if (!admin)
        return NULL;
    if (admin->probe)
        rd_kafka_destroy(admin->probe);
    kafka_settings_drop(&admin->kafka);
    free(admin);
    return NULL;
}

bool admin_reachable(struct admin *admin, int timeout_ms, struct error *error)
{
    const struct rd_kafka_metadata *answer = NULL;
    rd_kafka_resp_err_t code = rd_kafka_metadata(admin->probe, 1, NULL, &answer, timeout_ms);
    if (answer)
        rd_kafka_metadata_destroy(answer);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    error_say(error, cause_of(code),
        "No broker at %s answers within %d ms (%s): check the address and that the broker runs; a listener that asks "
        "for TLS or a login needs -X security.protocol and its companions.",
        admin->kafka.bootstrap, timeout_ms, rd_kafka_err2name(code));
    return false;
}

bool admin_watermarks(
    struct admin *admin, const char *topic, int32_t partition, int64_t *low, int64_t *high, struct error *error)
{
    char name[KAFKA_NAME_BYTES];
    return kafka_conf_name(&admin->kafka, topic, name, error) &&
           ends_of(admin->probe, name, partition, ASK_MS, low, high, error);
}

rd_kafka_event_t *admin_answer(struct admin *admin, rd_kafka_admin_op_t op, admin_call *call, void *arguments,
    const char *doing, struct error *error)
{
    char text[256];
    rd_kafka_queue_t *queue = rd_kafka_queue_new(admin->probe);
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(admin->probe, op);
    rd_kafka_AdminOptions_set_request_timeout(options, ASK_MS, text, sizeof text);
    if (op == RD_KAFKA_ADMIN_OP_CREATETOPICS)
        rd_kafka_AdminOptions_set_operation_timeout(options, ASK_MS - 5000, text, sizeof text);
    call(admin->probe, arguments, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, ASK_MS + 5000);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    rd_kafka_resp_err_t code = event ? rd_kafka_event_error(event) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return event;
    error_say(error, cause_of(code),
        "The broker at %s did not carry out %s (%s): check that it runs and that this user may.",
        admin->kafka.bootstrap, doing, rd_kafka_err2name(code));
    if (event)
        rd_kafka_event_destroy(event);
    return NULL;
}

// --- creation -------------------------------------------------------------------------------------------------------

struct creation {
    rd_kafka_NewTopic_t **topics;
    size_t n;
};

static void call_create(
    rd_kafka_t *client, void *arguments, const rd_kafka_AdminOptions_t *options, rd_kafka_queue_t *queue)
{
    struct creation *creation = arguments;
    rd_kafka_CreateTopics(client, creation->topics, creation->n, options, queue);
}

static rd_kafka_NewTopic_t *new_topic(const char *name, const struct kafka_topic_row *row, struct error *error)
{
    char text[256];
    rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(name, row->partitions, row->replication, text, sizeof text);
    for (size_t i = 0; topic && i < row->n_configs; i++)
        rd_kafka_NewTopic_set_config(topic, row->configs[i].name, row->configs[i].value);
    if (!topic)
        error_say(error, CAUSE_OTHER, "Topic %s cannot be created: %s.", name, text);
    return topic;
}

static void fill_result(struct kafka_result *result, const rd_kafka_topic_result_t *answer)
{
    rd_kafka_resp_err_t code = rd_kafka_topic_result_error(answer);
    const char *text = rd_kafka_topic_result_error_string(answer);
    result->ok = code == RD_KAFKA_RESP_ERR_NO_ERROR;
    result->existed = code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS;
    if (!result->ok)
        error_say(&result->error, cause_of(code), "Topic %s was not created (%s): %s",
            rd_kafka_topic_result_name(answer), rd_kafka_err2name(code), text ? text : "the broker gives no reason.");
}

static void fill_results(const struct creation *creation, const char (*names)[KAFKA_NAME_BYTES],
    struct kafka_result *results, const rd_kafka_CreateTopics_result_t *answer)
{
    size_t n = 0;
    const rd_kafka_topic_result_t **rows = rd_kafka_CreateTopics_result_topics(answer, &n);
    for (size_t i = 0; i < creation->n; i++)
        for (size_t k = 0; k < n; k++)
            if (strcmp(names[i], rd_kafka_topic_result_name(rows[k])) == 0)
                fill_result(&results[i], rows[k]);
}

static bool first_failure(const struct kafka_result *results, size_t n, struct error *error)
{
    for (size_t i = 0; i < n; i++)
        if (!results[i].ok) {
            *error = results[i].error;
            return false;
        }
    return true;
}

static bool create_on_cluster(struct admin *admin, const char (*names)[KAFKA_NAME_BYTES],
    const struct kafka_topic_row *rows, size_t n, struct kafka_result *results, struct error *error)
{
    struct creation creation = {.topics = calloc(n, sizeof(rd_kafka_NewTopic_t *))};
    bool good = creation.topics || error_no_memory(error, "topics");
    while (good && creation.n < n) {
        creation.topics[creation.n] = new_topic(names[creation.n], &rows[creation.n], error);
        good = creation.topics[creation.n] != NULL;
        creation.n += good;
    }
    rd_kafka_event_t *event = NULL;
    if (good)
        event = admin_answer(admin, RD_KAFKA_ADMIN_OP_CREATETOPICS, call_create, &creation, "creating topics", error);
    if (event) {
        fill_results(&creation, names, results, rd_kafka_event_CreateTopics_result(event));
        rd_kafka_event_destroy(event);
    }
    if (creation.topics)
        rd_kafka_NewTopic_destroy_array(creation.topics, creation.n);
    free(creation.topics);
    return event && first_failure(results, n, error);
}

static bool create_on_embedded(struct admin *admin, const char (*names)[KAFKA_NAME_BYTES],
    const struct kafka_topic_row *rows, size_t n, struct kafka_result *results, struct error *error)
{
    if (!admin->kafka.broker) {
        error_say(
            error, CAUSE_OTHER, "Topics of the embedded broker can be created only by the process that it runs in.");
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        results[i].ok = broker_create_topic(admin->kafka.broker, names[i], rows[i].partitions, &results[i].error);
        results[i].existed = !results[i].ok;
    }
    return first_failure(results, n, error);
}

static bool all_visible(
    struct admin *admin, const struct kafka_topic_row *rows, const struct kafka_result *results, size_t n)
{
    struct error ignored;
    struct kafka_topics *topics = admin_topics(admin, NULL, 0, &ignored);
    bool all = topics != NULL;
    for (size_t i = 0; all && i < n; i++)
        all = !results[i].ok || admin_topics_find(topics, rows[i].name);
    if (topics)
        admin_topics_free(topics);
    return all;
}

// A broker says that a topic is made when its controller knows; until the broker itself does, whoever comes to write is
// told that there is no such topic.
static void wait_until_visible(
    struct admin *admin, const struct kafka_topic_row *rows, const struct kafka_result *results, size_t n)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int64_t deadline = clock_steady_ms() + VISIBLE_MS; clock_steady_ms() < deadline; nanosleep(&pause, NULL))
        if (all_visible(admin, rows, results, n))
            return;
}

bool admin_create(struct admin *admin, const struct kafka_topic_row *rows, size_t n, struct kafka_result *results,
    struct error *error)
{
    if (n == 0)
        return true;
    memset(results, 0, n * sizeof *results);
    char(*names)[KAFKA_NAME_BYTES] = calloc(n, sizeof *names);
    bool good = names || error_no_memory(error, "topics");
    for (size_t i = 0; good && i < n; i++)
        good = kafka_conf_name(&admin->kafka, rows[i].name, names[i], error);
    if (good)
        good = (admin->kafka.embedded ? create_on_embedded : create_on_cluster)(
            admin, (const char(*)[KAFKA_NAME_BYTES])names, rows, n, results, error);
    if (names && !admin->kafka.embedded)
        wait_until_visible(admin, rows, results, n);
    free(names);
    return good;
}
