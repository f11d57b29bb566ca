// SPDX-License-Identifier: Apache-2.0
// The embedded broker: librdkafka's mock cluster in this process. For trying and for tests of the path, never for
// keeping data. It keeps no offsets that were committed in transactions, delivers aborted records, fences nobody, and
// holds at most 5 MiB or 100,000 records a partition (the oldest go first).
#pragma once
#include "hub/kafka/kafka.h"

struct broker;

// Listens on free ports of 127.0.0.1. NULL with a sentence.
struct broker *broker_new(struct error *error);
// Everything it held is gone. Free all that is connected to it first.
struct broker *broker_free(struct broker *broker);

// host:port, valid until broker_free.
const char *broker_bootstrap(const struct broker *broker);
// name as it is, prefix included. false with a sentence if it exists.
bool broker_create_topic(struct broker *broker, const char *name, int32_t partitions, struct error *error);
