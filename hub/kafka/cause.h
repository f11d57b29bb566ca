// SPDX-License-Identifier: Apache-2.0
// From librdkafka's codes to what a program can tell apart.
#pragma once
#include "hub/kafka/kafka.h"
#include <librdkafka/rdkafka.h>

// CAUSE_OTHER for every code that says nothing of the three others.
enum cause cause_of(rd_kafka_resp_err_t code);
