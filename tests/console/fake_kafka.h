// SPDX-License-Identifier: Apache-2.0
// hub/kafka/reader.h and writer.h without Kafka: records that a test gives are read, and what is written is kept.
// Linked before the library, they stand in for the real ones, whose library ends the process without memory.
#pragma once
#include "hub/kafka/kafka_record.h"

// What readers find from now on, in the order of offsets; borrowed.
void fake_kafka_give(const struct kafka_record *records, size_t n);
// How many records were written to a topic since the last fake_kafka_forget, and the value of the i-th of them.
size_t fake_kafka_written(const char *topic);
struct slice fake_kafka_value(const char *topic, size_t i);
void fake_kafka_forget(void);
