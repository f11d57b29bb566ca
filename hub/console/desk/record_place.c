// SPDX-License-Identifier: Apache-2.0
// One record, read when an officer asks for it and the desk has written that down.
#include "hub/console/desk/record_place.h"
#include "hub/kafka/reader.h"
#include <stdio.h>
#include <stdlib.h>

#define STEP_MS  500
#define STALL_MS 10000

static bool read_number(const char *text, int64_t most, int64_t *number)
{
    int64_t value = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || value > (most - (*text - '0')) / 10)
            return false;
        value = value * 10 + (*text - '0');
    }
    *number = value;
    return true;
}

bool record_place_parse(const char *text, struct arena *arena, struct record_place *place)
{
    char *copy = arena_text(arena, slice_text(text));
    char *offset = copy ? strrchr(copy, '/') : NULL;
    int64_t partition;
    if (!offset)
        return false;
    *offset++ = 0;
    char *number = strrchr(copy, '/');
    if (!number || number == copy)
        return false;
    *number++ = 0;
    place->topic = copy;
    if (strchr(copy, '/') || !read_number(number, INT32_MAX, &partition) ||
        !read_number(offset, INT64_MAX, &place->offset))
        return false;
    place->partition = (int32_t)partition;
    return true;
}

const char *record_place_text(const struct record_place *place, struct arena *arena)
{
    return arena_printf(arena, "%s/%d/%lld", place->topic, place->partition, (long long)place->offset);
}

static enum record_place_status take(struct reader *reader, const struct record_place *place, struct arena *arena,
    struct slice *value, struct error *error)
{
    struct kafka_record record;
    enum reader_status status = READER_NOTHING;
    while (status == READER_NOTHING)
        status = reader_next(reader, STEP_MS, &record);
    if (status == READER_RECORD && record.offset == place->offset) {
        *value = arena_copy(arena, record.value);
        return RECORD_PLACE_READ;
    }
    if (status == READER_RECORD || status == READER_AT_END)
        return RECORD_PLACE_GONE;
    *error = *reader_error(reader);
    return RECORD_PLACE_FAILED;
}

enum record_place_status record_place_read(const struct kafka_settings *kafka, const struct record_place *place,
    struct arena *arena, struct slice *value, struct error *error)
{
    const struct reader_source source = {place->topic, place->partition, place->offset};
    const struct reader_settings settings = {
        .sources = &source, .n_sources = 1, .from = READER_OFFSET, .stop_at_end = true, .stall_ms = STALL_MS};
    struct reader *reader = reader_new(kafka, &settings, error);
    if (!reader)
        return RECORD_PLACE_FAILED;
    enum record_place_status status = take(reader, place, arena, value, error);
    reader_free(reader);
    return status;
}
