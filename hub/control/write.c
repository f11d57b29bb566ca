// SPDX-License-Identifier: Apache-2.0
// A control change is in force for everybody or it did not happen: so every record's fate is waited for.
#include "hub/control/write.h"
#include "hub/kafka/writer.h"
#include <stdio.h>
#include <stdint.h>

// A cluster that has just made hundreds of topics may be busy with them for a while.
#define WRITE_MS 120000

struct outcome_of_writing {
    int64_t *offsets;
    size_t written, failed;
    char *error;
};

static void report(void *context, const struct writer_report *r)
{
    struct outcome_of_writing *outcome = context;
    if (!r->error) {
        outcome->written++;
        if (outcome->offsets)
            outcome->offsets[(uintptr_t)r->cookie] = r->offset;
    } else if (outcome->failed++ == 0) {
        snprintf(outcome->error, KAFKA_ERROR_BYTES, "%s", r->error);
    }
}

static bool send_all(
    struct writer *writer, const char *topic, const struct control_record *records, size_t n, char *error)
{
    for (size_t i = 0; i < n; i++) {
        const struct control_record *r = &records[i];
        if (!writer_send(writer, topic, r->partition, r->key, r->value, NULL, 0, (void *)(uintptr_t)i)) {
            snprintf(error, KAFKA_ERROR_BYTES, "%s", writer_error(writer));
            return false;
        }
    }
    if (writer_flush(writer, WRITE_MS + 10000))
        return true;
    snprintf(error, KAFKA_ERROR_BYTES, "The broker did not answer within %d s.", WRITE_MS / 1000);
    return false;
}

bool control_write(const struct kafka_settings *settings, const char *topic, const struct control_record *records,
    size_t n, int64_t *offsets, size_t *written, char error[KAFKA_ERROR_BYTES])
{
    char why[KAFKA_ERROR_BYTES] = "";
    struct outcome_of_writing outcome = {.offsets = offsets, .error = why};
    struct writer_settings writing = {.report = report, .context = &outcome, .timeout_ms = WRITE_MS};
    struct writer *writer = writer_new(settings, &writing, error);
    *written = 0;
    if (!writer)
        return false;
    bool sent = send_all(writer, topic, records, n, error);
    writer_free(writer);
    *written = outcome.written;
    if (sent && outcome.failed)
        snprintf(error, KAFKA_ERROR_BYTES, "%s", why);
    return sent && !outcome.failed;
}
