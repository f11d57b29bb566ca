// SPDX-License-Identifier: Apache-2.0
// From what the consumer hands out to what the worker understands.
#pragma once
#include "hub/kafka/kafka_conf.h"
#include "hub/run/bus.h"

// The record in a message; its slices are the message's.
void inbound_record(const rd_kafka_message_t *message, const char *prefix, struct record *record);
// Whether the worker can go on after this error; else a sentence. started: whether its partition's records are wanted
// now.
bool inbound_error(rd_kafka_t *client, const rd_kafka_message_t *message, bool started, struct error *error);
