// SPDX-License-Identifier: Apache-2.0
// The bytes of a record.
#pragma once
#include "hub/console/desk/record_place.h"
#include "hub/kafka/kafka.h"

enum record_read_status { RECORD_READ_DONE, RECORD_READ_GONE, RECORD_READ_FAILED };

// Reads the one committed record that is there; its value is copied into the arena. RECORD_READ_FAILED with a sentence,
// without memory, or when kafka's patience is over or 10 s have passed without an answer.
enum record_read_status record_read_value(const struct kafka_settings *kafka, const struct record_place *place,
    struct arena *arena, struct slice *value, struct error *error);
