// SPDX-License-Identifier: Apache-2.0
// How long topics keep their records: one DescribeConfigs for all of them.
#include "hub/kafka/survey_parts.h"
#include <stdlib.h>

static rd_kafka_AdminOptions_t *options_until(struct survey *survey, int64_t deadline_ms)
{
    char text[256];
    rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(survey->probe, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_AdminOptions_set_request_timeout(options, survey_left(deadline_ms), text, sizeof text);
    return options;
}

static struct survey_number retention_of(const rd_kafka_ConfigResource_t *told)
{
    size_t n = 0;
    enum survey_state state = survey_state_of(rd_kafka_ConfigResource_error(told));
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(told, &n);
    for (size_t i = 0; state == SURVEY_KNOWN && i < n; i++) {
        const char *value = rd_kafka_ConfigEntry_value(entries[i]);
        if (value && strcmp(rd_kafka_ConfigEntry_name(entries[i]), "retention.ms") == 0)
            return (struct survey_number){SURVEY_KNOWN, strtoll(value, NULL, 10)};
    }
    return (struct survey_number){state == SURVEY_KNOWN ? SURVEY_UNKNOWN : state, 0};
}

static rd_kafka_event_t *ask_configs(struct survey *survey, const struct survey_topics *topics, int64_t deadline_ms)
{
    size_t n = 0;
    char full[KAFKA_NAME_BYTES];
    struct error error;
    rd_kafka_ConfigResource_t **resources = calloc(topics->n, sizeof(rd_kafka_ConfigResource_t *));
    for (size_t i = 0; resources && i < topics->n; i++)
        if (kafka_conf_name(&survey->kafka, topics->rows[i].name, full, &error))
            resources[n++] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, full);
    if (!n) {
        free(resources);
        return NULL;
    }
    rd_kafka_queue_t *queue = rd_kafka_queue_new(survey->probe);
    rd_kafka_AdminOptions_t *options = options_until(survey, deadline_ms);
    rd_kafka_DescribeConfigs(survey->probe, resources, n, options, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, survey_left(deadline_ms) + 500);
    rd_kafka_ConfigResource_destroy_array(resources, n);
    free(resources);
    rd_kafka_AdminOptions_destroy(options);
    rd_kafka_queue_destroy(queue);
    return event;
}

void survey_retention(
    struct survey *survey, const struct survey_topics *topics, int timeout_ms, struct survey_number *retention_ms)
{
    size_t n = 0;
    struct error error;
    memset(retention_ms, 0, topics->n * sizeof *retention_ms);
    if (topics->n == 0 || survey->kafka.embedded || !survey_connect(survey, &error))
        return;
    rd_kafka_event_t *event = ask_configs(survey, topics, clock_steady_ms() + timeout_ms);
    const rd_kafka_DescribeConfigs_result_t *result =
        event && !rd_kafka_event_error(event) ? rd_kafka_event_DescribeConfigs_result(event) : NULL;
    const rd_kafka_ConfigResource_t **told = result ? rd_kafka_DescribeConfigs_result_resources(result, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        const char *name = survey_bare(survey, rd_kafka_ConfigResource_name(told[i]));
        const struct survey_topic *topic = name ? survey_topics_find(topics, name) : NULL;
        if (topic)
            retention_ms[topic - topics->rows] = retention_of(told[i]);
    }
    if (event)
        rd_kafka_event_destroy(event);
}
