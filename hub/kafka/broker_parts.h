// SPDX-License-Identifier: Apache-2.0
// For tests that make the embedded broker fail.
#pragma once
#include "hub/kafka/broker.h"
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

rd_kafka_mock_cluster_t *broker_cluster(struct broker *broker);
