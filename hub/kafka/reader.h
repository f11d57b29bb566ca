// SPDX-License-Identifier: Apache-2.0
// Reads topics record by record: feeds, receipts, control topics, the ledger. Committed records only unless told
// otherwise. One thread at a time.
#pragma once
#include "hub/kafka/kafka_record.h"

struct reader;

enum reader_from {
    READER_BEGINNING,
    READER_END,       // only what comes after the start
    READER_OFFSET,    // each source's own offset; -1 there for its beginning
    READER_TIMESTAMP, // the first record of at least settings.timestamp_ms
    READER_GROUP,     // where the group stands; sources are shared among its members; new groups start at the beginning
};

struct reader_source {
    const char *topic; // without prefix
    int32_t partition; // -1 for all of them. Ignored with READER_GROUP: the group shares out whole topics
    int64_t offset;    // READER_OFFSET only
};

struct reader_settings {
    const struct reader_source *sources;
    size_t n_sources;
    enum reader_from from;
    int64_t timestamp_ms;
    const char *group; // without prefix; needed with READER_GROUP, else NULL
    bool uncommitted;  // also what was aborted or is still open; for audits of what was ever written
    bool stop_at_end;  // READER_END once every partition is read to its true end as it was at the start
    uint32_t stall_ms; // stop_at_end: fail after this long without progress towards the end; 0 for 30,000
};

enum reader_status {
    READER_RECORD,  // *record is set, valid until the next call
    READER_NOTHING, // nothing within the time
    READER_AT_END,  // stop_at_end: all has been handed out; stays so
    READER_FAILED,  // reader_error says why and what to do; stays so
};

// NULL with a sentence: settings refused, or a topic is missing. Asks the broker for the topics and their ends.
// Neither settings need outlive the call.
struct reader *reader_new(
    const struct kafka_settings *kafka, const struct reader_settings *settings, struct error *error);
// Leaves the group without committing.
struct reader *reader_free(struct reader *reader);

enum reader_status reader_next(struct reader *reader, int timeout_ms, struct kafka_record *record);

// READER_GROUP: commits all that has been handed out, the last record included. false with reader_error; to be tried
// again.
bool reader_commit(struct reader *reader);

// Shows every record to the end of all partitions, for a reader with stop_at_end. visit returns false when that is
// enough. What the record points to is borrowed. false with reader_error if they cannot be read.
typedef bool reader_visit(void *context, const struct kafka_record *record);
bool reader_each(struct reader *reader, reader_visit *visit, void *context);

// What went wrong last; valid until the next call.
const struct error *reader_error(const struct reader *reader);
