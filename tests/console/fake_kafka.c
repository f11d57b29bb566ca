// SPDX-License-Identifier: Apache-2.0
// One request at a time writes and reads, so there is one reader and one writer. Each takes one piece of memory when it
// is made, so that making it can fail; what is written lies in tables.
#include "tests/console/fake_kafka.h"
#include "hub/kafka/reader.h"
#include "hub/kafka/writer.h"
#include <stdlib.h>
#include <string.h>

#define WRITTEN     16
#define VALUE_BYTES 8192

static const struct kafka_record *given;
static size_t n_given;

static struct written {
    char topic[64];
    uint8_t value[VALUE_BYTES];
    size_t len;
} written[WRITTEN];
static size_t n_written;

void fake_kafka_give(const struct kafka_record *records, size_t n)
{
    given = records;
    n_given = n;
}

size_t fake_kafka_written(const char *topic)
{
    size_t n = 0;
    for (size_t i = 0; i < n_written; i++)
        n += strcmp(written[i].topic, topic) == 0;
    return n;
}

struct slice fake_kafka_value(const char *topic, size_t i)
{
    for (size_t at = 0; at < n_written; at++)
        if (strcmp(written[at].topic, topic) == 0 && i-- == 0)
            return slice_of(written[at].value, written[at].len);
    return (struct slice){0};
}

void fake_kafka_forget(void)
{
    n_written = 0;
}

// --- reading --------------------------------------------------------------------------------------------------------

struct reader {
    struct reader_settings settings;
    struct reader_source sources[8];
    size_t at;
    struct error error;
};

struct reader *reader_new(
    const struct kafka_settings *kafka, const struct reader_settings *settings, struct error *error)
{
    (void)kafka;
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader) {
        error_no_memory(error, "a reader");
        return NULL;
    }
    reader->settings = *settings;
    for (size_t i = 0; i < settings->n_sources; i++)
        reader->sources[i] = settings->sources[i];
    return reader;
}

struct reader *reader_free(struct reader *reader)
{
    free(reader);
    return NULL;
}

static bool is_asked_for(const struct reader *reader, const struct kafka_record *record)
{
    for (size_t i = 0; i < reader->settings.n_sources; i++) {
        const struct reader_source *source = &reader->sources[i];
        if (strcmp(source->topic, record->topic) == 0 && source->partition == record->partition &&
            (reader->settings.from != READER_OFFSET || record->offset >= source->offset))
            return true;
    }
    return false;
}

enum reader_status reader_next(struct reader *reader, int timeout_ms, struct kafka_record *record)
{
    (void)timeout_ms;
    while (reader->at < n_given) {
        *record = given[reader->at++];
        if (is_asked_for(reader, record))
            return READER_RECORD;
    }
    return READER_AT_END;
}

bool reader_each(struct reader *reader, reader_visit *visit, void *context)
{
    struct kafka_record record;
    bool more = true;
    while (more && reader_next(reader, 0, &record) == READER_RECORD)
        more = visit(context, &record);
    return true;
}

bool reader_commit(struct reader *reader)
{
    (void)reader;
    return true;
}

const struct error *reader_error(const struct reader *reader)
{
    return &reader->error;
}

// --- writing --------------------------------------------------------------------------------------------------------

struct writer {
    struct writer_settings settings;
    void *cookies[WRITTEN]; // of what was sent and not yet reported
    size_t n;
    struct error error;
};

struct writer *writer_new(
    const struct kafka_settings *kafka, const struct writer_settings *settings, struct error *error)
{
    (void)kafka;
    struct writer *writer = calloc(1, sizeof *writer);
    if (writer)
        writer->settings = *settings;
    else
        error_no_memory(error, "a writer");
    return writer;
}

struct writer *writer_free(struct writer *writer)
{
    free(writer);
    return NULL;
}

bool writer_send(struct writer *writer, const char *topic, int32_t partition, struct slice key, struct slice value,
    const struct kafka_header *headers, size_t n_headers, void *cookie)
{
    (void)partition, (void)key, (void)headers, (void)n_headers;
    if (n_written == WRITTEN || writer->n == WRITTEN || value.len > VALUE_BYTES)
        return error_say(&writer->error, CAUSE_OTHER, "The fake has no room for this record.");
    struct written *record = &written[n_written++];
    strncpy(record->topic, topic, sizeof record->topic - 1);
    memcpy(record->value, value.data, value.len);
    record->len = value.len;
    writer->cookies[writer->n++] = cookie;
    return true;
}

int32_t writer_partitions(struct writer *writer, const char *topic)
{
    (void)writer, (void)topic;
    return 1;
}

void writer_poll(struct writer *writer, int timeout_ms)
{
    (void)timeout_ms;
    for (size_t i = 0; i < writer->n; i++)
        if (writer->settings.report)
            writer->settings.report(writer->settings.context, &(struct writer_report){.cookie = writer->cookies[i]});
    writer->n = 0;
}

bool writer_flush(struct writer *writer, int timeout_ms)
{
    writer_poll(writer, timeout_ms);
    return true;
}

const struct error *writer_error(const struct writer *writer)
{
    return &writer->error;
}
