// SPDX-License-Identifier: Apache-2.0
// What the files of the admin share.
#pragma once
#include "hub/kafka/admin.h"
#include "hub/kafka/broker.h"
#include "hub/kafka/kafka_conf.h"

struct admin {
    struct kafka_settings kafka;
    rd_kafka_t *probe;
};

typedef void admin_call(
    rd_kafka_t *client, void *arguments, const rd_kafka_AdminOptions_t *options, rd_kafka_queue_t *queue);

// One request and its answer, or NULL with a sentence; doing is such as "creating topics".
rd_kafka_event_t *admin_answer(struct admin *admin, rd_kafka_admin_op_t op, admin_call *call, void *arguments,
    const char *doing, struct error *error);
