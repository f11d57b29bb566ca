// SPDX-License-Identifier: Apache-2.0
// The list of topics, with the values of chosen configurations of all of them by one request. The whole answer is one
// allocation for the rows and one for each text.
#include "hub/kafka/admin_parts.h"
#include "hub/kafka/cause.h"
#include <stdlib.h>

#define ASK_MS 15000

struct kafka_topics *admin_topics_free(struct kafka_topics *topics)
{
    if (!topics)
        return NULL;
    for (size_t i = 0; i < topics->n; i++) {
        struct kafka_config *configs = (struct kafka_config *)(uintptr_t)topics->rows[i].configs;
        for (size_t k = 0; configs && k < topics->rows[i].n_configs; k++) {
            free((char *)(uintptr_t)configs[k].name);
            free((char *)(uintptr_t)configs[k].value);
        }
        free(configs);
        free((char *)(uintptr_t)topics->rows[i].name);
    }
    free(topics->rows);
    free(topics);
    return NULL;
}

const struct kafka_topic *admin_topics_find(const struct kafka_topics *topics, const char *name)
{
    for (size_t i = 0; i < topics->n; i++)
        if (strcmp(topics->rows[i].name, name) == 0)
            return &topics->rows[i];
    return NULL;
}

static bool is_ours(const rd_kafka_metadata_topic_t *topic, const char *prefix)
{
    return topic->err == RD_KAFKA_RESP_ERR_NO_ERROR && strncmp(topic->topic, prefix, strlen(prefix)) == 0 &&
           strncmp(topic->topic, "__", 2) != 0;
}

static struct kafka_config *new_configs(const char *const *names, size_t n)
{
    struct kafka_config *configs = calloc(n ? n : 1, sizeof *configs);
    for (size_t i = 0; configs && i < n; i++) {
        configs[i].name = strdup(names[i]);
        if (configs[i].name)
            continue;
        while (i-- > 0)
            free((char *)(uintptr_t)configs[i].name);
        free(configs);
        return NULL;
    }
    return configs;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct kafka_topic *)a)->name, ((const struct kafka_topic *)b)->name);
}

static struct kafka_topics *from_metadata(
    const struct rd_kafka_metadata *answer, const char *prefix, const char *const *config_names, size_t n_names)
{
    struct kafka_topics *topics = calloc(1, sizeof *topics);
    if (topics)
        topics->rows = calloc((size_t)answer->topic_cnt + 1, sizeof *topics->rows);
    if (!topics || !topics->rows)
        return admin_topics_free(topics);
    for (int i = 0; i < answer->topic_cnt; i++) {
        const rd_kafka_metadata_topic_t *topic = &answer->topics[i];
        if (!is_ours(topic, prefix))
            continue;
        struct kafka_topic *row = &topics->rows[topics->n++];
        *row = (struct kafka_topic){
            .name = strdup(topic->topic + strlen(prefix)),
            .partitions = topic->partition_cnt,
            .replication = topic->partition_cnt ? topic->partitions[0].replica_cnt : 0,
            .configs = new_configs(config_names, n_names),
            .n_configs = n_names,
        };
        if (!row->name || !row->configs)
            return admin_topics_free(topics);
    }
    qsort(topics->rows, topics->n, sizeof *topics->rows, by_name);
    return topics;
}

struct description {
    rd_kafka_ConfigResource_t **resources;
    size_t n;
};

static void call_describe(
    rd_kafka_t *client, void *arguments, const rd_kafka_AdminOptions_t *options, rd_kafka_queue_t *queue)
{
    struct description *description = arguments;
    rd_kafka_DescribeConfigs(client, description->resources, description->n, options, queue);
}

static void fill_configs(const struct kafka_topic *row, const rd_kafka_ConfigResource_t *resource)
{
    size_t n = 0;
    struct kafka_config *configs = (struct kafka_config *)(uintptr_t)row->configs;
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < row->n_configs; k++) {
            const char *value = rd_kafka_ConfigEntry_value(entries[i]);
            if (value && !configs[k].value && strcmp(configs[k].name, rd_kafka_ConfigEntry_name(entries[i])) == 0)
                configs[k].value = strdup(value);
        }
}

static bool describe_topics(struct admin *admin, struct kafka_topics *topics, struct error *error)
{
    char name[KAFKA_NAME_BYTES];
    struct description description = {.resources = calloc(topics->n, sizeof(rd_kafka_ConfigResource_t *))};
    for (; description.resources && description.n < topics->n; description.n++)
        if (kafka_conf_name(&admin->kafka, topics->rows[description.n].name, name, error))
            description.resources[description.n] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
    rd_kafka_event_t *event = admin_answer(admin, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, call_describe, &description,
        "telling configurations of topics", error);
    size_t n = 0;
    const rd_kafka_ConfigResource_t **answers =
        event ? rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        const char *full = rd_kafka_ConfigResource_name(answers[i]);
        const struct kafka_topic *row = admin_topics_find(topics, full + strlen(admin->kafka.prefix));
        if (row)
            fill_configs(row, answers[i]);
    }
    rd_kafka_ConfigResource_destroy_array(description.resources, description.n);
    free(description.resources);
    if (event)
        rd_kafka_event_destroy(event);
    return event != NULL;
}

struct kafka_topics *admin_topics(
    struct admin *admin, const char *const *config_names, size_t n_names, struct error *error)
{
    const struct rd_kafka_metadata *answer = NULL;
    rd_kafka_resp_err_t code = rd_kafka_metadata(admin->probe, 1, NULL, &answer, ASK_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        error_say(error, cause_of(code),
            "No broker at %s tells its topics (%s): check the address and -X security properties.",
            admin->kafka.bootstrap, rd_kafka_err2name(code));
        return NULL;
    }
    size_t n_told = admin->kafka.embedded ? 0 : n_names;
    struct kafka_topics *topics = from_metadata(answer, admin->kafka.prefix, config_names, n_told);
    rd_kafka_metadata_destroy(answer);
    if (!topics)
        error_no_memory(error, "the list of topics");
    if (!topics || topics->n == 0 || n_told == 0 || describe_topics(admin, topics, error))
        return topics;
    return admin_topics_free(topics);
}
