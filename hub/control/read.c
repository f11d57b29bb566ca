// SPDX-License-Identifier: Apache-2.0
// Control topics read once, from the beginning to the end as it is now.
#include "hub/control/control.h"
#include "hub/control/control_topics.h"
#include <stdlib.h>

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
    bool good = documents && reader_each(reader, offer_record, documents);
    if (documents && !good)
        *error = *reader_error(reader);
    if (good)
        snapshot_free(documents_settle(documents));
    if (!documents || documents_incomplete(documents))
        good = error_no_memory(error, "the control documents");
    reader_free(reader);
    return good ? documents : documents_free(documents);
}

struct confirmation {
    enum document_kind kind;
    const int64_t *offsets;
    size_t n, refused;
    struct error *error;
};

static int compare_offsets(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static void note_own(void *context, enum document_kind kind, int64_t offset, const char *sentence)
{
    struct confirmation *own = context;
    if (kind != own->kind || !bsearch(&offset, own->offsets, own->n, sizeof offset, compare_offsets))
        return;
    if (own->refused++ == 0)
        error_say(own->error, CAUSE_OTHER, "%s", sentence);
}

bool control_confirm(const struct kafka_settings *settings, enum document_kind kind, const int64_t *offsets, size_t n,
    size_t *refused, struct error *error)
{
    struct confirmation own = {.kind = kind, .offsets = offsets, .n = n, .error = error};
    struct error unread;
    struct documents *documents = control_read(settings, note_own, &own, &unread);
    *refused = documents ? own.refused : 0;
    if (!documents)
        *error = unread;
    bool good = documents && own.refused == 0;
    documents_free(documents);
    return good;
}

struct refusals {
    size_t n;
    struct error last;
};

static void keep_last(void *context, enum document_kind kind, int64_t offset, const char *sentence)
{
    struct refusals *refusals = context;
    refusals->n++;
    error_say(&refusals->last, CAUSE_OTHER, "%s at offset %lld: %s", document_topic(kind), (long long)offset, sentence);
}

struct snapshot *control_load(const struct kafka_settings *settings, struct error *error)
{
    struct refusals refusals = {0};
    struct documents *documents = control_read(settings, keep_last, &refusals, error);
    if (!documents)
        return NULL;
    struct snapshot *snapshot = documents_compile(documents, error);
    if (!snapshot && refusals.n)
        error_say(error, error->cause, "%s Refused: %s", error->text, refusals.last.text);
    documents_free(documents);
    return snapshot;
}
