// SPDX-License-Identifier: Apache-2.0
// Two questions about an error: what to do with the transaction (by the library's own flags, in a fixed order), and
// what to tell the worker afterwards (by a table of the few codes that mean more than "try again from what is
// committed").
#include "hub/kafka/fault.h"
#include "hub/kafka/cause.h"

struct meaning {
    rd_kafka_resp_err_t code;
    enum bus_status status;
    const char *text;
};

#define FENCED   "another hub owns the lane now; this one waits until the group gives it the lane again"
#define NO_RIGHT "grant the hub's user this right and start again"

static const struct meaning meanings[] = {
    {RD_KAFKA_RESP_ERR__FENCED, BUS_FENCED, FENCED},
    {RD_KAFKA_RESP_ERR_PRODUCER_FENCED, BUS_FENCED, FENCED},
    {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, BUS_FENCED, FENCED},
    {RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, BUS_FENCED, FENCED},
    {RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, BUS_FENCED, FENCED},
    {RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, BUS_FENCED, FENCED},
    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, BUS_BROKEN, NO_RIGHT},
    {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, BUS_BROKEN, NO_RIGHT},
    {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, BUS_BROKEN, NO_RIGHT},
    {RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, BUS_BROKEN, NO_RIGHT},
    {RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, BUS_BROKEN, "check the credentials"},
    {RD_KAFKA_RESP_ERR__AUTHENTICATION, BUS_BROKEN, "check the credentials"},
    {RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT, BUS_BROKEN,
        "raise transaction.max.timeout.ms on the broker to at least the hub's transaction timeout"},
    {RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION, BUS_BROKEN, "the broker is too old: Apache Kafka 3.7 or later is needed"},
    {RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, BUS_BROKEN, "the broker is too old: Apache Kafka 3.7 or later is needed"},
    {RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT, BUS_BROKEN,
        "the topic has an old message format: Apache Kafka 3.7 or later is needed"},
};

enum fault fault_of(const rd_kafka_error_t *error)
{
    if (!error)
        return FAULT_NONE;
    if (rd_kafka_error_is_fatal(error))
        return FAULT_FATAL;
    if (rd_kafka_error_txn_requires_abort(error))
        return FAULT_ABORT;
    return rd_kafka_error_is_retriable(error) ? FAULT_RETRY : FAULT_FATAL;
}

enum bus_status fault_status(const rd_kafka_error_t *fault, const char *doing, struct error *error)
{
    struct meaning meaning = {
        RD_KAFKA_RESP_ERR_NO_ERROR, BUS_LOST, "the lane is taken up again from what is committed"};
    rd_kafka_resp_err_t code = rd_kafka_error_code(fault);
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].code == code)
            meaning = meanings[i];
    error_say(
        error, cause_of(code), "Kafka's answer to %s is %s: %s.", doing, rd_kafka_error_name(fault), meaning.text);
    return meaning.status;
}
