// SPDX-License-Identifier: Apache-2.0
// One record, read when an officer asks for it; it is shown when the desk has that in writing.
#include "hub/console/actions/record_read.h"
#include "hub/kafka/reader.h"

#define STEP_MS  500
#define STALL_MS 10000

static enum record_read_status take_value(struct reader *reader, const struct record_place *place, struct arena *arena,
    struct slice *value, struct error *error)
{
    struct kafka_record record;
    enum reader_status status = READER_NOTHING;
    while (status == READER_NOTHING)
        status = reader_next(reader, STEP_MS, &record);
    if (status == READER_RECORD && record.offset == place->offset) {
        *value = arena_copy(arena, record.value);
        return !arena->failed || error_no_memory(error, "the record") ? RECORD_READ_DONE : RECORD_READ_FAILED;
    }
    if (status == READER_RECORD || status == READER_AT_END)
        return RECORD_READ_GONE;
    *error = *reader_error(reader);
    return RECORD_READ_FAILED;
}

enum record_read_status record_read_value(const struct kafka_settings *kafka, const struct record_place *place,
    struct arena *arena, struct slice *value, struct error *error)
{
    const struct reader_source source = {place->topic, place->partition, place->offset};
    const struct reader_settings settings = {
        .sources = &source, .n_sources = 1, .from = READER_OFFSET, .stop_at_end = true, .stall_ms = STALL_MS};
    struct reader *reader = reader_new(kafka, &settings, error);
    if (!reader)
        return RECORD_READ_FAILED;
    enum record_read_status status = take_value(reader, place, arena, value, error);
    reader_free(reader);
    return status;
}
