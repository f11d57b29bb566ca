// SPDX-License-Identifier: Apache-2.0
// The mock cluster needs a client to live in; that client connects to nothing and does nothing.
#include "hub/kafka/broker_parts.h"
#include "hub/kafka/cause.h"
#include <stdlib.h>
#include <time.h>

struct broker {
    rd_kafka_t *host;
    rd_kafka_mock_cluster_t *cluster;
};

static void drop_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    (void)client, (void)level, (void)facility, (void)text;
}

struct broker *broker_new(struct error *error)
{
    char text[256] = "no memory";
    struct broker *broker = calloc(1, sizeof *broker);
    if (!broker)
        return NULL;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_log_cb(conf, drop_log);
    broker->host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof text);
    if (!broker->host)
        rd_kafka_conf_destroy(conf);
    else
        broker->cluster = rd_kafka_mock_cluster_new(broker->host, 1);
    if (broker->cluster)
        return broker;
    error_say(error, CAUSE_OTHER,
        "The embedded broker does not start (%s): check that ports of 127.0.0.1 can be opened.", text);
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

// The cluster's thread serves calls first and empties its wake-up pipe afterwards, so a call that comes in between is
// slept over for up to a second (2.0.2). A moment's pause after the last call lets it get back to waiting.
static void let_it_settle(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 300000}, NULL);
}

bool broker_create_topic(struct broker *broker, const char *name, int32_t partitions, struct error *error)
{
    let_it_settle();
    rd_kafka_resp_err_t code = rd_kafka_mock_topic_create(broker->cluster, name, partitions, 1);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
        return true;
    error_say(error, cause_of(code), "Topic %s is not created on the embedded broker (%s): it may exist already.", name,
        rd_kafka_err2name(code));
    return false;
}

rd_kafka_mock_cluster_t *broker_cluster(struct broker *broker)
{
    return broker->cluster;
}
