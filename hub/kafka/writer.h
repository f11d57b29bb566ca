// SPDX-License-Identifier: Apache-2.0
// Writes records with an idempotent producer, without transactions: for publishers and control commands. One thread at
// a time.
#pragma once
#include "hub/kafka/kafka_record.h"
#include "hub/base/murmur2.h"

struct writer;

// What became of one record. Borrowed: valid during the call only.
struct writer_report {
    void *cookie;              // as given to writer_send
    const struct error *error; // NULL if it was written
    bool perhaps;              // with an error: it was on its way, so it may be written all the same
    int32_t partition;
    int64_t offset;       // -1 if it was not written
    int64_t timestamp_ms; // the broker's append time where the topic has it, else the time of sending
};

struct writer_settings {
    // Called once for every record that writer_send took, from within writer_send, writer_poll, writer_flush or
    // writer_free.
    void (*report)(void *context, const struct writer_report *report); // may be NULL
    void *context;
    uint32_t queue_records; // sent and not yet reported; 0 for 10,000
    uint32_t timeout_ms;    // after which a record counts as not written; 0 for 30,000
    uint32_t ask_ms;        // how long the first record of a topic may wait for the broker's word on it; 0 for 10,000
};

// NULL with a sentence if the settings are refused. Neither settings need outlive the call.
struct writer *writer_new(
    const struct kafka_settings *kafka, const struct writer_settings *settings, struct error *error);
// Records not yet written are given up and reported so. Flush first.
struct writer *writer_free(struct writer *writer);

// topic without prefix. partition -1 chooses murmur2_positive(key) % partitions, as Kafka's own clients do. Copies
// everything. Waits while the queue is full (reports come meanwhile). false with writer_error if the record was not
// taken: the topic is missing, the value is too large, or the queue stayed full for timeout_ms. No report follows then.
bool writer_send(struct writer *writer, const char *topic, int32_t partition, struct slice key, struct slice value,
    const struct kafka_header *headers, size_t n_headers, void *cookie);

// Number of partitions of a topic, or -1 with writer_error. Asks the broker once a topic.
int32_t writer_partitions(struct writer *writer, const char *topic);

// Calls report for what has become known; waits at most timeout_ms for the first.
void writer_poll(struct writer *writer, int timeout_ms);
// Waits until all is reported; false if something was outstanding still after timeout_ms.
bool writer_flush(struct writer *writer, int timeout_ms);

// What went wrong last; valid until the next call.
const struct error *writer_error(const struct writer *writer);
