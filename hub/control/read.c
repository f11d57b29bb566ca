// SPDX-License-Identifier: Apache-2.0
// Control topics read once, from the beginning to the end as it is now.
#include "hub/control/control.h"
#include "hub/control/control_topics.h"
#include <stdio.h>

const struct reader_source control_sources[DOCUMENT_KINDS] = {
    {"ctl.registry", 0, 0},
    {"ctl.policy", 0, 0},
    {"ctl.subscriptions", 0, 0},
};

void control_offer(struct documents *documents, const struct kafka_record *record)
{
    struct document_record document = {
        .kind = document_kind_of(record->topic),
        .offset = record->offset,
        .timestamp_ms = record->timestamp_ms,
        .key = record->key,
        .value = record->value,
    };
    if (document.kind != DOCUMENT_KINDS)
        documents_offer(documents, &document);
}

bool control_each(const struct kafka_settings *settings, enum document_kind kind, reader_visit *visit, void *context,
    struct error *error)
{
    struct reader_settings reading = {
        .sources = &control_sources[kind], .n_sources = 1, .from = READER_BEGINNING, .stop_at_end = true};
    struct reader *reader = reader_new(settings, &reading, error);
    if (!reader)
        return false;
    bool good = reader_each(reader, visit, context);
    if (!good)
        *error = *reader_error(reader);
    reader_free(reader);
    return good;
}

static bool offer_record(void *documents, const struct kafka_record *record)
{
    control_offer(documents, record);
    return true;
}

struct documents *control_read(
    const struct kafka_settings *settings, documents_refused *refused, void *context, struct error *error)
{
    struct reader_settings reading = {
        .sources = control_sources, .n_sources = DOCUMENT_KINDS, .from = READER_BEGINNING, .stop_at_end = true};
    struct reader *reader = reader_new(settings, &reading, error);
    if (!reader)
        return NULL;
    struct documents *documents = documents_new(refused, context);
    if (reader_each(reader, offer_record, documents)) {
        snapshot_free(documents_settle(documents));
    } else {
        *error = *reader_error(reader);
        documents = documents_free(documents);
    }
    reader_free(reader);
    return documents;
}

struct refusals {
    size_t n;
    char last[DOCUMENTS_ERROR_BYTES + 64];
};

static void keep_last(void *context, enum document_kind kind, int64_t offset, const char *sentence)
{
    struct refusals *refusals = context;
    refusals->n++;
    snprintf(refusals->last, sizeof refusals->last, "%s at offset %lld: %s", document_topic(kind), (long long)offset,
        sentence);
}

struct snapshot *control_load(const struct kafka_settings *settings, enum cause *cause, char error[CONTROL_ERROR_BYTES])
{
    struct refusals refusals = {0};
    struct error unread = {0};
    char why[DOCUMENTS_ERROR_BYTES];
    struct documents *documents = control_read(settings, keep_last, &refusals, &unread);
    if (cause)
        *cause = unread.cause;
    if (!documents) {
        snprintf(error, CONTROL_ERROR_BYTES, "%s", unread.text);
        return NULL;
    }
    struct snapshot *snapshot = documents_compile(documents, why);
    if (!snapshot)
        snprintf(error, CONTROL_ERROR_BYTES, "%s%s%s", why, refusals.n ? " Refused: " : "", refusals.last);
    documents_free(documents);
    return snapshot;
}
