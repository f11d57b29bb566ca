// SPDX-License-Identifier: Apache-2.0
// A message of librdkafka as a record that the rest of the hub can read.
#pragma once
#include "hub/kafka/kafka_conf.h"
#include "hub/kafka/kafka_record.h"

#define RECORD_HEADERS 64 // further ones are left out

// Borrows from the message and from headers, which holds RECORD_HEADERS. The message is of a topic that carries the
// prefix.
void record_read(
    const rd_kafka_message_t *message, const char *prefix, struct kafka_header *headers, struct kafka_record *record);
