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
    bool again;                   // there was no memory for all documents: they are read again from their beginning
};

struct reading {
    bool to_end;
    size_t batch; // records that are not settled yet
    enum reader_status status;
    struct error error; // why it ended before its end
};

static void note_refused(void *context, enum document_kind kind, int64_t offset, const char *sentence)
{
    struct control *control = context;
    log_error(
        "CONTROL-REFUSED", "topic=%s offset=%lld reason=\"%s\"", document_topic(kind), (long long)offset, sentence);
    pthread_mutex_lock(&control->lock);
    control->state.refused_total++;
    error_say(&control->state.error, CAUSE_OTHER, "%s at offset %lld was refused: %s", document_topic(kind),
        (long long)offset, sentence);
    pthread_mutex_unlock(&control->lock);
}

static void note_failure(struct control *control, const struct error *error)
{
    log_warning("CONTROL-UNREADABLE", "reason=\"%s\"", error->text);
    pthread_mutex_lock(&control->lock);
    control->state.failed = true;
    control->state.error = *error;
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
    struct error error;
    struct snapshot *snapshot = documents_compile(control->documents, &error);
    if (snapshot) {
        snapshot_free(snapshot);
        return;
    }
    log_warning("CONTROL-INCOMPLETE", "reason=\"%s\"", error.text);
    pthread_mutex_lock(&control->lock);
    bool told = control->state.refused_total > 0;
    if (!told)
        control->state.error = error;
    pthread_mutex_unlock(&control->lock);
}

// Without memory for all that was read, all is read again: false with a sentence.
static bool settle_batch(struct control *control, struct error *error)
{
    struct snapshot *snapshot = documents_settle(control->documents);
    if (documents_incomplete(control->documents))
        return error_no_memory(error, "the control documents");
    if (!snapshot)
        return true;
    if (!source_publish(control->source, snapshot)) // first, so that whoever hears of it can take it
        return error_no_memory(error, "a newer snapshot");
    note_snapshot(control, snapshot);
    return true;
}

static void remember_place(struct control *control, const struct kafka_record *record)
{
    enum document_kind kind = document_kind_of(record->topic);
    if (kind != DOCUMENT_KINDS)
        control->next[kind] = record->offset + 1;
}

// Takes the next record, if there is one. Batches end at a pause; before the end of what was there at the start
// (reading to_end), only that end closes the batch, so that old versions do not come into force one after the other.
static bool take_next(struct control *control, struct reader *reader, struct reading *reading)
{
    struct kafka_record record;
    reading->status = reader_next(reader, reading->batch ? PAUSE_MS : 500, &record);
    if (reading->status == READER_RECORD) {
        control_offer(control->documents, &record);
        remember_place(control, &record);
        reading->batch++;
    }
    bool pauses = reading->status == READER_NOTHING || reading->batch >= BATCH_RECORDS;
    bool complete = reading->to_end ? reading->status == READER_AT_END : pauses;
    if (complete)
        reading->batch = 0;
    return !complete || settle_batch(control, &reading->error);
}

// Reads until the reader fails or the control is stopped. Whether the end was reached.
static bool read_on(struct control *control, struct reader *reader, struct reading *reading)
{
    while (!atomic_load(&control->stop)) {
        if (!take_next(control, reader, reading)) {
            control->again = true;
            return false;
        }
        if (reading->status == READER_FAILED)
            reading->error = *reader_error(reader);
        if (reading->status == READER_FAILED || reading->status == READER_AT_END)
            return reading->status == READER_AT_END;
        source_sweep(control->source);
    }
    return false;
}

static bool read_from_where_we_are(struct control *control, bool to_end)
{
    struct reader_source sources[DOCUMENT_KINDS];
    for (unsigned i = 0; i < DOCUMENT_KINDS; i++)
        sources[i] = (struct reader_source){control_sources[i].topic, 0, control->next[i]};
    struct reader_settings settings = {
        .sources = sources, .n_sources = DOCUMENT_KINDS, .from = READER_OFFSET, .stop_at_end = to_end};
    struct reading reading = {.to_end = to_end};
    struct reader *reader = reader_new(control->settings, &settings, &reading.error);
    bool good = reader && read_on(control, reader, &reading);
    if (!good && !atomic_load(&control->stop))
        note_failure(control, &reading.error);
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

// Forgets the documents; what is in force stays in force with those who have it.
static bool begin_anew(struct control *control)
{
    struct documents *documents = documents_new(note_refused, control);
    if (!documents)
        return false;
    documents_free(control->documents);
    control->documents = documents;
    for (unsigned i = 0; i < DOCUMENT_KINDS; i++)
        control->next[i] = -1;
    control->again = false;
    return true;
}

static void *follow_topics(void *argument)
{
    struct control *control = argument;
    while (!atomic_load(&control->stop)) {
        bool ready = !control->again || begin_anew(control);
        if (ready && read_from_where_we_are(control, true)) {
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

static void init_locks(struct control *control)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&control->lock, NULL);
    pthread_cond_init(&control->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static struct control *free_all(struct control *control)
{
    documents_free(control->documents);
    source_free(control->source);
    pthread_cond_destroy(&control->changed);
    pthread_mutex_destroy(&control->lock);
    free(control);
    return NULL;
}

struct control *control_follow(const struct kafka_settings *settings, unsigned workers, struct error *error)
{
    if (!kafka_settings_check(settings, error))
        return NULL;
    struct control *control = calloc(1, sizeof *control);
    if (!control) {
        error_no_memory(error, "the control data");
        return NULL;
    }
    init_locks(control);
    control->settings = settings;
    control->source = source_new(workers);
    control->again = true;
    if (!control->source || !begin_anew(control))
        error_no_memory(error, "the control data");
    else if (pthread_create(&control->thread, NULL, follow_topics, control) == 0)
        return control;
    else
        error_say(error, CAUSE_NO_MEMORY, "The thread that follows the control topics cannot be started.");
    return free_all(control);
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
    return free_all(control);
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

bool control_wait(struct control *control, int timeout_ms, const atomic_bool *stop, struct error *error)
{
    int64_t begin_ms = clock_steady_ms();
    do {
        struct timespec until = clock_steady_after(TURN_MS);
        if (wait_until(control, &until))
            return true;
    } while (!atomic_load(stop) && (timeout_ms < 0 || clock_steady_ms() - begin_ms < timeout_ms));
    *error = control_state(control).error;
    return *error->text ? false
                        : error_say(error, CAUSE_OTHER, "The control topics have not been read to their end yet.");
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
