// SPDX-License-Identifier: Apache-2.0
// The partition hash that Kafka's own clients use.
#pragma once
#include "hub/base/slice.h"

// murmur2 as Kafka's Java client's default partitioner has it (org.apache.kafka.common.utils.Utils), made positive as
// it does.
uint32_t murmur2_positive(struct slice key);
