// SPDX-License-Identifier: Apache-2.0
// One table of the codes that say more than "it failed". Where a code is known, the error that tells of it takes its
// cause from here, so that nobody need read sentences.
#include "hub/kafka/cause.h"
#include <stdarg.h>
#include <stdio.h>

static const struct {
    rd_kafka_resp_err_t code;
    enum kafka_cause cause;
} causes[] = {
    {RD_KAFKA_RESP_ERR__TRANSPORT, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR__RESOLVE, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR__TIMED_OUT, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR__WAIT_COORD, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR__SSL, KAFKA_CAUSE_UNREACHABLE},
    {RD_KAFKA_RESP_ERR__AUTHENTICATION, KAFKA_CAUSE_NOT_PERMITTED},
    {RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, KAFKA_CAUSE_NOT_PERMITTED},
    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, KAFKA_CAUSE_NOT_PERMITTED},
    {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, KAFKA_CAUSE_NOT_PERMITTED},
    {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, KAFKA_CAUSE_NOT_PERMITTED},
    {RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, KAFKA_CAUSE_NOT_PERMITTED},
    {RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTHORIZATION_FAILED, KAFKA_CAUSE_NOT_PERMITTED},
    {RD_KAFKA_RESP_ERR_POLICY_VIOLATION, KAFKA_CAUSE_NOT_PERMITTED},
    {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, KAFKA_CAUSE_MISSING},
    {RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, KAFKA_CAUSE_MISSING},
    {RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, KAFKA_CAUSE_MISSING},
};

enum kafka_cause cause_of(rd_kafka_resp_err_t code)
{
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (causes[i].code == code)
            return causes[i].cause;
    return KAFKA_CAUSE_OTHER;
}

void kafka_error_say(struct kafka_error *error, enum kafka_cause cause, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    error->cause = cause;
    vsnprintf(error->text, sizeof error->text, format, list);
    va_end(list);
}
