// SPDX-License-Identifier: Apache-2.0
// A record by its place, "<topic>/<partition>/<offset>", and its bytes.
#pragma once
#include "hub/base/arena.h"
#include "hub/kafka/kafka.h"

struct record_place {
    const char *topic; // without prefix
    int32_t partition;
    int64_t offset;
};

// false if text is no such place. The topic lives in the arena.
bool record_place_parse(const char *text, struct arena *arena, struct record_place *place);
// The other way, out of the arena.
const char *record_place_text(const struct record_place *place, struct arena *arena);

enum record_place_status { RECORD_PLACE_READ, RECORD_PLACE_GONE, RECORD_PLACE_FAILED };

// Reads the one committed record that is there; its value is copied into the arena. RECORD_PLACE_FAILED with a
// sentence, when kafka's patience is over or 10 s have passed without an answer.
enum record_place_status record_place_read(const struct kafka_settings *kafka, const struct record_place *place,
    struct arena *arena, struct slice *value, struct error *error);
