// SPDX-License-Identifier: Apache-2.0
// The thread that keeps the hub's control documents up to date. First everything that is there is read to the end and
// settled as one batch; then records are gathered for as long as they come without a pause, and settled. If the topics
// cannot be read, what is in force stays in force, and reading begins anew after a moment: the documents remember what
// they have.
#include "hub/base/log.h"
#include "hub/base/clock.h"
#include "hub/control/control.h"
#include "hub/control/source.h"
#include "hub/control/control_topics.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PAUSE_MS      50   // without a record: a batch is complete
#define BATCH_RECORDS 4096 // a batch is complete, pause or not
#define RETRY_MS      2000
#define TURN_MS       100

struct control {
    const struct kafka_settings *settings;
    struct source *source;
    struct documents *documents; // the thread's own
    pthread_t thread;
    pthread_mutex_t lock; // guards state
    pthread_cond_t changed;
    struct control_state state;
    atomic_bool stop;
    int64_t next[DOCUMENT_KINDS]; // offsets to go on from
};

static void note_refused(void *context, enum document_kind kind, int64_t offset, const char *sentence)
{
    struct control *control = context;
    log_error(
        "CONTROL-REFUSED", "topic=%s offset=%lld reason=\"%s\"", document_topic(kind), (long long)offset, sentence);
    pthread_mutex_lock(&control->lock);
    control->state.refused_total++;
    snprintf(control->state.error, sizeof control->state.error, "%s at offset %lld was refused: %s",
        document_topic(kind), (long long)offset, sentence);
    pthread_mutex_unlock(&control->lock);
}

static void note_failure(struct control *control, const char *error)
{
    log_warning("CONTROL-UNREADABLE", "reason=\"%s\"", error);
    pthread_mutex_lock(&control->lock);
    control->state.failed = true;
    snprintf(control->state.error, sizeof control->state.error, "%s", error);
    pthread_cond_broadcast(&control->changed);
    pthread_mutex_unlock(&control->lock);
}

static void note_snapshot(struct control *control, const struct snapshot *snapshot)
{
    log_info("CONTROL-IN-FORCE", "registry=%llu policy=%llu subscriptions=%llu",
        (unsigned long long)snapshot->registry_version, (unsigned long long)snapshot->policy_version,
        (unsigned long long)snapshot->subscriptions_version);
    pthread_mutex_lock(&control->lock);
    struct control_state *state = &control->state;
    state->loaded = true;
    state->snapshots_total++;
    state->registry_version = snapshot->registry_version;
    state->policy_version = snapshot->policy_version;
    state->subscriptions_version = snapshot->subscriptions_version;
    pthread_cond_broadcast(&control->changed);
    pthread_mutex_unlock(&control->lock);
}

// What is missing is said once, not at every turn.
static void note_missing(struct control *control)
{
    char error[DOCUMENTS_ERROR_BYTES];
    struct snapshot *snapshot = documents_compile(control->documents, error);
    if (snapshot) {
        snapshot_free(snapshot);
        return;
    }
    log_warning("CONTROL-INCOMPLETE", "reason=\"%s\"", error);
    pthread_mutex_lock(&control->lock);
    bool told = control->state.refused_total > 0;
    if (!told)
        snprintf(control->state.error, sizeof control->state.error, "%s", error);
    pthread_mutex_unlock(&control->lock);
}

static void settle_batch(struct control *control)
{
    struct snapshot *snapshot = documents_settle(control->documents);
    if (!snapshot)
        return;
    source_publish(control->source, snapshot); // first, so that whoever hears of it can take it
    note_snapshot(control, snapshot);
}

static void remember_place(struct control *control, const struct kafka_record *record)
{
    enum document_kind kind = document_kind_of(record->topic);
    if (kind != DOCUMENT_KINDS)
        control->next[kind] = record->offset + 1;
}

// Reads until the reader fails or the control is stopped. Batches end at a pause; before the end of what was there at
// the start (reading to_end), only that end closes the batch, so that old versions do not come into force one after the
// other.
static bool read_on(struct control *control, struct reader *reader, bool to_end)
{
    size_t batch = 0;
    struct kafka_record record;
    while (!atomic_load(&control->stop)) {
        enum reader_status status = reader_next(reader, batch ? PAUSE_MS : 500, &record);
        if (status == READER_RECORD) {
            control_offer(control->documents, &record);
            remember_place(control, &record);
            batch++;
        }
        bool complete = to_end ? status == READER_AT_END : status == READER_NOTHING || batch >= BATCH_RECORDS;
        if (complete) {
            settle_batch(control);
            batch = 0;
        }
        if (status == READER_FAILED || status == READER_AT_END)
            return status == READER_AT_END;
        source_sweep(control->source);
    }
    return false;
}

static bool read_from_where_we_are(struct control *control, bool to_end)
{
    struct reader_source sources[DOCUMENT_KINDS];
    for (unsigned i = 0; i < DOCUMENT_KINDS; i++)
        sources[i] = (struct reader_source){control_sources[i].topic, 0, control->next[i]};
    struct reader_settings reading = {
        .sources = sources, .n_sources = DOCUMENT_KINDS, .from = READER_OFFSET, .stop_at_end = to_end};
    struct error error;
    struct reader *reader = reader_new(control->settings, &reading, &error);
    if (!reader) {
        note_failure(control, error.text);
        return false;
    }
    bool good = read_on(control, reader, to_end);
    if (!good && !atomic_load(&control->stop))
        note_failure(control, reader_error(reader)->text);
    reader_free(reader);
    return good;
}

static void wait_before_retry(struct control *control)
{
    struct timespec until = clock_steady_after(RETRY_MS);
    pthread_mutex_lock(&control->lock);
    while (!atomic_load(&control->stop) && pthread_cond_timedwait(&control->changed, &control->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&control->lock);
}

static void *follow_topics(void *argument)
{
    struct control *control = argument;
    while (!atomic_load(&control->stop)) {
        if (read_from_where_we_are(control, true)) {
            note_missing(control);
            pthread_mutex_lock(&control->lock);
            control->state.failed = false;
            pthread_mutex_unlock(&control->lock);
            read_from_where_we_are(control, false);
        }
        if (!atomic_load(&control->stop))
            wait_before_retry(control);
    }
    return NULL;
}

struct control *control_follow(const struct kafka_settings *settings, unsigned workers, char error[CONTROL_ERROR_BYTES])
{
    struct error why;
    if (!kafka_settings_check(settings, &why)) {
        snprintf(error, CONTROL_ERROR_BYTES, "%s", why.text);
        return NULL;
    }
    struct control *control = calloc(1, sizeof *control);
    pthread_condattr_t attributes;
    if (!control || pthread_condattr_init(&attributes) || pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC))
        abort();
    control->settings = settings;
    control->source = source_new(workers);
    control->documents = documents_new(note_refused, control);
    for (unsigned i = 0; i < DOCUMENT_KINDS; i++)
        control->next[i] = -1;
    pthread_mutex_init(&control->lock, NULL);
    pthread_cond_init(&control->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    if (pthread_create(&control->thread, NULL, follow_topics, control) == 0)
        return control;
    snprintf(error, CONTROL_ERROR_BYTES, "The thread that follows the control topics cannot be started.");
    source_free(control->source);
    documents_free(control->documents);
    free(control);
    return NULL;
}

struct control *control_free(struct control *control)
{
    if (!control)
        return NULL;
    atomic_store(&control->stop, true);
    pthread_mutex_lock(&control->lock);
    pthread_cond_broadcast(&control->changed);
    pthread_mutex_unlock(&control->lock);
    pthread_join(control->thread, NULL);
    documents_free(control->documents);
    source_free(control->source);
    pthread_cond_destroy(&control->changed);
    pthread_mutex_destroy(&control->lock);
    free(control);
    return NULL;
}

static bool wait_until(struct control *control, const struct timespec *until)
{
    pthread_mutex_lock(&control->lock);
    if (!control->state.loaded)
        pthread_cond_timedwait(&control->changed, &control->lock, until);
    bool loaded = control->state.loaded;
    pthread_mutex_unlock(&control->lock);
    return loaded;
}

bool control_wait(struct control *control, int timeout_ms, const atomic_bool *stop, char error[CONTROL_ERROR_BYTES])
{
    int64_t begin_ms = clock_steady_ms();
    do {
        struct timespec until = clock_steady_after(TURN_MS);
        if (wait_until(control, &until))
            return true;
    } while (!atomic_load(stop) && (timeout_ms < 0 || clock_steady_ms() - begin_ms < timeout_ms));
    struct control_state state = control_state(control);
    snprintf(error, CONTROL_ERROR_BYTES, "%s",
        *state.error ? state.error : "The control topics have not been read to their end yet.");
    return false;
}

struct control_state control_state(struct control *control)
{
    pthread_mutex_lock(&control->lock);
    struct control_state state = control->state;
    pthread_mutex_unlock(&control->lock);
    return state;
}

struct control_source *control_source(struct control *control)
{
    return source_interface(control->source);
}
