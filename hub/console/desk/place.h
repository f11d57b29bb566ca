// SPDX-License-Identifier: Apache-2.0
// A record by its place, "<topic>/<partition>/<offset>", and its bytes.
#pragma once
#include "hub/base/arena.h"
#include "hub/kafka/kafka.h"

struct place {
    const char *topic; // without prefix
    int32_t partition;
    int64_t offset;
};

// false if text is no such place. The topic lives in the arena.
bool place_parse(const char *text, struct arena *arena, struct place *place);
// The other way, out of the arena.
const char *place_text(const struct place *place, struct arena *arena);

enum place_status { PLACE_READ, PLACE_GONE, PLACE_FAILED };

// Reads the one committed record that is there; its value is copied into the arena. PLACE_FAILED with a sentence, when
// kafka's patience is over or 10 s have passed without an answer.
enum place_status place_read(const struct kafka_settings *kafka, const struct place *place, struct arena *arena,
    struct slice *value, struct kafka_error *error);
