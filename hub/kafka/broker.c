// SPDX-License-Identifier: Apache-2.0
// The mock cluster needs a client to live in; that client connects to nothing and does nothing.
#include "hub/kafka/broker_parts.h"
#include <stdio.h>
#include <stdlib.h>

struct broker {
    rd_kafka_t *host;
    rd_kafka_mock_cluster_t *cluster;
};

static void silent(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client, (void)level, (void)facility, (void)text;
}

struct broker *broker_new(char error[KAFKA_ERROR_BYTES])
{
    char text[256] = "no memory";
    struct broker *broker = calloc(1, sizeof *broker);
    if (!broker)
        return NULL;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, silent);
    // librdkafka wakes a thread at most once in linger.ms; the cluster's own would sleep through calls for up to a second.
    rd_kafka_conf_set(conf, "linger.ms", "0", NULL, 0);
    broker->host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (!broker->host)
        rd_kafka_conf_destroy(conf);
    else
        broker->cluster = rd_kafka_mock_cluster_new(broker->host, 1);
    if (broker->cluster)
        return broker;
    snprintf(error, KAFKA_ERROR_BYTES, "The embedded broker does not start (%s): check that ports of 127.0.0.1 can be opened.",
             text);
    return broker_free(broker);
}

struct broker *broker_free(struct broker *broker)
{
    if (!broker)
        return NULL;
    if (broker->cluster)
        rd_kafka_mock_cluster_destroy(broker->cluster);
    if (broker->host)
        rd_kafka_destroy(broker->host);
    free(broker);
    return NULL;
}

const char *broker_bootstrap(const struct broker *broker)
{
    return rd_kafka_mock_cluster_bootstraps(broker->cluster);
}

bool broker_create_topic(struct broker *broker, const char *name, int32_t partitions, char error[KAFKA_ERROR_BYTES])
{
    rd_kafka_resp_err_t code = rd_kafka_mock_topic_create(broker->cluster, name, partitions, 1);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    snprintf(error, KAFKA_ERROR_BYTES, "Topic %s is not created on the embedded broker (%s): it may exist already.", name,
             rd_kafka_err2name(code));
    return false;
}

rd_kafka_mock_cluster_t *broker_cluster(struct broker *broker)
{
    return broker->cluster;
}
