// SPDX-License-Identifier: Apache-2.0
// From a message to a record: names without prefix, headers borrowed, the kind of time named.
#include "hub/kafka/record.h"

static size_t read_headers(const rd_kafka_message_t *message, struct kafka_header *rows)
{
    rd_kafka_headers_t *headers = NULL;
    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return 0;
    size_t n = 0, size = 0;
    const char *name = NULL;
    const void *value = NULL;
    while (
        n < RECORD_HEADERS && rd_kafka_header_get_all(headers, n, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR)
        rows[n++] = (struct kafka_header){name, slice_of(value, size)};
    return n;
}

static enum kafka_time time_of(rd_kafka_timestamp_type_t type)
{
    return type == RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME ? KAFKA_TIME_APPENDED
           : type == RD_KAFKA_TIMESTAMP_CREATE_TIME   ? KAFKA_TIME_CREATED
                                                      : KAFKA_TIME_NONE;
}

void record_read(
    const rd_kafka_message_t *message, const char *prefix, struct kafka_header *headers, struct kafka_record *record)
{
    rd_kafka_timestamp_type_t type;
    int64_t timestamp = rd_kafka_message_timestamp(message, &type);
    *record = (struct kafka_record){
        .topic = rd_kafka_topic_name(message->rkt) + strlen(prefix),
        .partition = message->partition,
        .offset = message->offset,
        .timestamp_ms = timestamp,
        .time = time_of(type),
        .key = slice_of(message->key, message->key_len),
        .value = slice_of(message->payload, message->len),
        .tombstone = message->payload == NULL,
        .headers = headers,
        .n_headers = read_headers(message, headers),
    };
}
