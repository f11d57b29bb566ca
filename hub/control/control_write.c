// SPDX-License-Identifier: Apache-2.0
// A control change is in force for everybody or it did not happen: so every record's fate is waited for.
#include "hub/control/control_write.h"
#include "hub/kafka/writer.h"
#include <stdint.h>
#include <stdio.h>

// A cluster that has just made hundreds of topics may be busy with them for a while.
#define WRITE_MS 120000

struct outcome_of_writing {
    int64_t *offsets;
    size_t taken, written, failed, perhaps;
    struct error error; // of the first that failed
};

static void note_report(void *context, const struct writer_report *r)
{
    struct outcome_of_writing *outcome = context;
    if (!r->error) {
        outcome->written++;
        if (outcome->offsets)
            outcome->offsets[(uintptr_t)r->cookie] = r->offset;
        return;
    }
    outcome->perhaps += r->perhaps;
    if (outcome->failed++ == 0)
        outcome->error = *r->error;
}

static bool send_all(struct writer *writer, const char *topic, const struct control_record *records, size_t n,
    struct outcome_of_writing *outcome, uint32_t within_ms, struct error *error)
{
    for (size_t i = 0; i < n; i++, outcome->taken++) {
        const struct control_record *r = &records[i];
        if (!writer_send(writer, topic, r->partition, r->key, r->value, NULL, 0, (void *)(uintptr_t)i)) {
            *error = *writer_error(writer);
            return false;
        }
    }
    if (writer_flush(writer, (int)within_ms))
        return true;
    error_say(error, CAUSE_UNREACHABLE, "The broker did not answer within %.1f s.", within_ms / 1000.0);
    return false;
}

static void add_doubt(struct error *error)
{
    size_t len = strlen(error->text);
    snprintf(
        error->text + len, sizeof error->text - len, " It may be written all the same: look before you repeat it.");
}

bool control_write(const struct kafka_settings *settings, const char *topic, const struct control_record *records,
    size_t n, int64_t *offsets, size_t *written, struct error *error)
{
    struct outcome_of_writing outcome = {.offsets = offsets};
    struct writer_settings writing = {.report = note_report, .context = &outcome, .timeout_ms = WRITE_MS};
    struct writer *writer = writer_new(settings, &writing, error);
    *written = 0;
    if (!writer)
        return false;
    bool sent = send_all(writer, topic, records, n, &outcome, kafka_patience(settings, WRITE_MS), error);
    writer_free(writer); // what nobody has answered yet is reported now
    *written = outcome.written;
    if (outcome.written == n)
        return true;
    if (sent)
        *error = outcome.error;
    if (outcome.perhaps || outcome.written + outcome.failed < outcome.taken)
        add_doubt(error);
    return false;
}
