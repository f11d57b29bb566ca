// SPDX-License-Identifier: Apache-2.0
// Changes of a topic. AlterConfigs replaces everything that was set on the topic, and librdkafka 2.0.2 has no
// incremental call: so what is set is read first, and sent again together with what is new.
#include "hub/kafka/admin_parts.h"
#include "hub/kafka/cause.h"

static bool refuse_embedded(const struct admin *admin, struct error *error)
{
    if (admin->kafka.embedded)
        error_say(error, CAUSE_OTHER, "The embedded broker cannot change a topic: start it anew.");
    return admin->kafka.embedded;
}

static void call_describe(
    rd_kafka_t *client, void *arguments, const rd_kafka_AdminOptions_t *options, rd_kafka_queue_t *queue)
{
    rd_kafka_ConfigResource_t *resource = arguments;
    rd_kafka_DescribeConfigs(client, &resource, 1, options, queue);
}

static void call_alter(
    rd_kafka_t *client, void *arguments, const rd_kafka_AdminOptions_t *options, rd_kafka_queue_t *queue)
{
    rd_kafka_ConfigResource_t *resource = arguments;
    rd_kafka_AlterConfigs(client, &resource, 1, options, queue);
}

static bool check_resources(
    const char *name, const char *doing, const rd_kafka_ConfigResource_t **rows, size_t n, struct error *error)
{
    rd_kafka_resp_err_t code = n == 1 ? rd_kafka_ConfigResource_error(rows[0]) : RD_KAFKA_RESP_ERR__BAD_MSG;
    const char *reason = n == 1 ? rd_kafka_ConfigResource_error_string(rows[0]) : NULL;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        error_say(error, cause_of(code), "Topic %s: %s was refused: %s", name, doing,
            reason ? reason : "no reason was given.");
    return code == RD_KAFKA_RESP_ERR_NO_ERROR;
}

static bool is_among(const char *name, const struct kafka_config *configs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(configs[i].name, name) == 0)
            return true;
    return false;
}

// Copies what is set on the topic itself, not what it has from the broker, but for what is to be set anew: a name that
// stands twice is refused by the broker.
static bool copy_set(struct admin *admin, const char *name, const struct kafka_config *configs, size_t n_configs,
    rd_kafka_ConfigResource_t *wanted, struct error *error)
{
    rd_kafka_ConfigResource_t *asked = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
    rd_kafka_event_t *event = admin_answer(
        admin, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, call_describe, asked, "telling a topic's configurations", error);
    rd_kafka_ConfigResource_destroy(asked);
    if (!event)
        return false;
    size_t n = 0, n_entries = 0;
    const rd_kafka_ConfigResource_t **rows =
        rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &n);
    bool good = check_resources(name, "telling its configurations", rows, n, error);
    const rd_kafka_ConfigEntry_t **entries = good ? rd_kafka_ConfigResource_configs(rows[0], &n_entries) : NULL;
    for (size_t i = 0; i < n_entries; i++)
        if (rd_kafka_ConfigEntry_source(entries[i]) == RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG &&
            !is_among(rd_kafka_ConfigEntry_name(entries[i]), configs, n_configs))
            rd_kafka_ConfigResource_set_config(
                wanted, rd_kafka_ConfigEntry_name(entries[i]), rd_kafka_ConfigEntry_value(entries[i]));
    rd_kafka_event_destroy(event);
    return good;
}

static bool alter_configs(struct admin *admin, const char *name, rd_kafka_ConfigResource_t *wanted, struct error *error)
{
    rd_kafka_event_t *event = admin_answer(
        admin, RD_KAFKA_ADMIN_OP_ALTERCONFIGS, call_alter, wanted, "changing a topic's configurations", error);
    if (!event)
        return false;
    size_t n = 0;
    const rd_kafka_ConfigResource_t **rows =
        rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(event), &n);
    bool good = check_resources(name, "changing its configurations", rows, n, error);
    rd_kafka_event_destroy(event);
    return good;
}

bool admin_configure(
    struct admin *admin, const char *topic, const struct kafka_config *configs, size_t n, struct error *error)
{
    char name[KAFKA_NAME_BYTES];
    if (refuse_embedded(admin, error) || !kafka_conf_name(&admin->kafka, topic, name, error))
        return false;
    rd_kafka_ConfigResource_t *wanted = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name);
    bool good = copy_set(admin, name, configs, n, wanted, error);
    for (size_t i = 0; good && i < n; i++)
        rd_kafka_ConfigResource_set_config(wanted, configs[i].name, configs[i].value);
    good = good && alter_configs(admin, name, wanted, error);
    rd_kafka_ConfigResource_destroy(wanted);
    return good;
}
