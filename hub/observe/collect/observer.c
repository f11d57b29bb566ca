// SPDX-License-Identifier: Apache-2.0
// One thread: ask the broker, make a snapshot, publish it, and until the next time read what has been appended. Nothing
// that it does waits longer than a question's deadline, and the first snapshot does not wait for the past to be read.
#include "hub/base/log.h"
#include "hub/base/duration.h"
#include "hub/base/clock.h"
#include "hub/base/clock.h"
#include "hub/observe/collect/observer_parts.h"
#include "hub/observe/judge/troubles.h"
#include <stdio.h>
#include <stdlib.h>

#define LISTEN_MS 100 // one wait for a record; how long stopping may take, when nothing is asked

static bool stopped(struct observer *observer)
{
    pthread_mutex_lock(&observer->lock);
    bool stop = observer->stop;
    pthread_mutex_unlock(&observer->lock);
    return stop;
}

// --- one collection -------------------------------------------------------------------------------------------------

int cycle_left(const struct cycle *cycle, int most_ms)
{
    int64_t left = cycle->deadline_ms - clock_steady_ms();
    return left < 1 ? 1 : left < most_ms ? (int)left : most_ms;
}

// Only the thread writes the tables, so it may read them without the lock; what others read changes under it.
static void ask(struct cycle *cycle)
{
    struct observer *observer = cycle->observer;
    observe_topics_take(&observer->topics, cycle);
    observe_groups_take(&observer->groups, cycle);
    observe_lanes_want(cycle);
    if (cycle->answered)
        ages_ask(&observer->ages, observer->survey, cycle->now_ms, cycle_left(cycle, SURVEY_MS));
}

// Who lets the time of a cycle pass may have gone in the middle of it, and then what was told before is no longer true.
static void ask_again_if_late(struct cycle *cycle, struct error *error)
{
    if (!cycle->answered || clock_steady_ms() < cycle->deadline_ms ||
        survey_reachable(cycle->observer->survey, SURVEY_MS / 2, error))
        return;
    cycle->answered = false;
    cycle->topics = (struct survey_topics){0};
    ask(cycle);
}

static void note_answer(struct cycle *cycle, const char *error)
{
    struct observer *observer = cycle->observer;
    if (cycle->answered && !observer->answered)
        observer->reachable_ms = cycle->now_ms;
    if (cycle->answered)
        observer->answered_ms = cycle->now_ms;
    observer->answered = cycle->answered;
    outages_note(&observer->outages, cycle->now_ms, cycle->answered);
    const struct broker_signs signs = {.asked = true,
        .answered = cycle->answered,
        .now_ms = cycle->now_ms,
        .answered_ms = observer->answered_ms,
        .error = error};
    judge_broker(&signs, &cycle->health->arena, &cycle->health->broker);
    if (cycle->answered)
        cycle->health->brokers = figure_of((int64_t)cycle->topics.n_brokers);
}

static void survey(struct cycle *cycle)
{
    struct observer *observer = cycle->observer;
    struct error error = {0};
    cycle->deadline_ms = clock_steady_ms() + CYCLE_MS;
    cycle->answered =
        survey_topics(observer->survey, observe_topics_wanted, SURVEY_MS, cycle->arena, &cycle->topics, &error);
    cycle->now_ms = cycle->health->at_ms = clock_wall_ms();
    ask(cycle);
    ask_again_if_late(cycle, &error);
    note_answer(cycle, error.text);
}

static void keep_following(struct cycle *cycle)
{
    struct observer *observer = cycle->observer;
    if (!cycle->answered)
        return;
    pthread_mutex_lock(&observer->lock);
    observe_control_keep(&observer->control, cycle);
    observe_pulse_keep(&observer->pulses, cycle);
    observe_desk_keep(&observer->desk, cycle);
    observe_ledger_keep(&observer->ledger, cycle);
    observe_quarantine_keep(&observer->quarantine, cycle);
    pthread_mutex_unlock(&observer->lock);
}

// Later ones read what the earlier ones filled in.
static void report(struct cycle *cycle)
{
    struct observer *observer = cycle->observer;
    observe_topics_report(&observer->topics, cycle);
    observe_groups_report(&observer->groups, cycle);
    observe_pulse_report(&observer->pulses, cycle);
    observe_control_report(&observer->control, cycle);
    observe_lanes_report(cycle);
    observe_forces_report(cycle);
    observe_keys_report(cycle);
    observe_quarantine_report(&observer->quarantine, cycle);
}

static const char *text(struct health *health, const char *words)
{
    return arena_text(&health->arena, slice_text(words));
}

static struct health *begin(struct observer *observer)
{
    struct health *health = health_new();
    health->number = ++observer->number;
    health->every_ms = observer->settings.every_ms;
    health->began_ms = observer->began_ms;
    health->version = text(health, observer->version);
    health->prefix = text(health, observer->kafka.prefix);
    health->bootstrap = text(health, observer->kafka.bootstrap);
    health->embedded = observer->kafka.embedded;
    return health;
}

static void publish(struct observer *observer, struct health *health)
{
    pthread_mutex_lock(&observer->lock);
    figure_history_take(&observer->history, health);
    const struct health *before = observer->newest;
    observer->newest = health;
    pthread_cond_broadcast(&observer->changed);
    pthread_mutex_unlock(&observer->lock);
    health_drop(before);
}

static void collect(struct observer *observer)
{
    int64_t began_ms = clock_steady_ms();
    arena_reset(&observer->scratch);
    struct cycle cycle = {.observer = observer, .health = begin(observer), .arena = &observer->scratch};
    survey(&cycle);
    keep_following(&cycle);
    pthread_mutex_lock(&observer->lock); // the quarantine sorts itself while it is read
    report(&cycle);
    pthread_mutex_unlock(&observer->lock);
    cycle.health->broker_answered_ms = observer->answered_ms;
    troubles_find(cycle.health, observer->number > 1 ? observer->newest : NULL);
    cycle.health->took_ms = (uint32_t)(clock_steady_ms() - began_ms);
    publish(observer, cycle.health);
}

// --- what is appended -----------------------------------------------------------------------------------------------

static void take(struct observer *observer, const struct kafka_record *record)
{
    if (strcmp(record->topic, "pulse") == 0) {
        observe_pulse_take(&observer->pulses, record, clock_wall_ms());
    } else if (strcmp(record->topic, "ledger") == 0) {
        observe_ledger_take(&observer->ledger, record, &observer->control);
    } else if (strcmp(record->topic, "quarantine") == 0) {
        observe_quarantine_take(&observer->quarantine, record, &observer->desk);
    } else if (strcmp(record->topic, "desk") == 0) {
        const char *object = observe_desk_take(&observer->desk, record);
        if (object)
            observe_quarantine_mark(&observer->quarantine, object, &observer->desk);
    } else {
        observe_control_take(&observer->control, record);
    }
}

static void settle(struct observer *observer)
{
    observe_control_settle(&observer->control, observer, clock_wall_ms());
    observe_ledger_settle(&observer->ledger, observer->follow);
    followed_look(&observer->pulses.topic, observer->follow);
    followed_look(&observer->desk.topic, observer->follow);
    followed_look(&observer->quarantine.topic, observer->follow);
}

static void listen(struct observer *observer, int64_t until_ms)
{
    while (clock_steady_ms() < until_ms && !stopped(observer)) {
        struct kafka_record record;
        int number = 0,
            wait = until_ms - clock_steady_ms() < LISTEN_MS ? (int)(until_ms - clock_steady_ms()) : LISTEN_MS;
        bool got = follow_next(observer->follow, wait > 0 ? wait : 0, &number, &record);
        pthread_mutex_lock(&observer->lock);
        if (got)
            take(observer, &record);
        else
            settle(observer);
        pthread_mutex_unlock(&observer->lock);
    }
    pthread_mutex_lock(&observer->lock);
    settle(observer);
    pthread_mutex_unlock(&observer->lock);
}

// The first looks come faster: each brings what the one before made it possible to ask. However long a look took, half
// of the time between two belongs to what is appended.
static int64_t next_look(const struct observer *observer, int64_t began_ms)
{
    int64_t every_ms = observer->settings.every_ms, now_ms = clock_steady_ms();
    bool starting = observer->number < 4 && observer->answered;
    int64_t due_ms = began_ms + (starting && every_ms > 1000 ? 1000 : every_ms);
    int64_t least_ms = now_ms + (starting ? 200 : every_ms / 2);
    return due_ms > least_ms ? due_ms : least_ms;
}

static void *run(void *context)
{
    struct observer *observer = context;
    while (!stopped(observer)) {
        int64_t began_ms = clock_steady_ms();
        collect(observer);
        listen(observer, next_look(observer, began_ms));
    }
    return NULL;
}

// --- life -----------------------------------------------------------------------------------------------------------

static void set_defaults(struct observer_settings *settings)
{
    settings->every_ms = settings->every_ms ? settings->every_ms : 5000;
    settings->silent_after_ms = settings->silent_after_ms ? settings->silent_after_ms : DAY_MS;
    settings->history_ms = settings->history_ms ? settings->history_ms : 56 * DAY_MS;
    settings->ledger_cache_bytes = settings->ledger_cache_bytes ? settings->ledger_cache_bytes : (size_t)64 << 20;
    settings->slow_ms = settings->slow_ms ? settings->slow_ms : 10000;
    settings->transaction_ms = settings->transaction_ms ? settings->transaction_ms : 10000;
}

static void init(struct observer *observer)
{
    pthread_condattr_t attributes;
    pthread_mutex_init(&observer->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&observer->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    arena_init(&observer->scratch, 0);
    set_defaults(&observer->settings);
    observer->began_ms = clock_wall_ms();
    observe_control_init(&observer->control);
    observe_pulse_init(&observer->pulses);
    observe_desk_init(&observer->desk);
    observe_ledger_init(&observer->ledger, observer->settings.history_ms, observer->settings.ledger_cache_bytes);
    observe_quarantine_init(&observer->quarantine);
    struct health *empty = begin(observer);
    observer->number = empty->number = 0;
    empty->at_ms = observer->began_ms;
    observer->newest = empty;
}

static void deinit(struct observer *observer)
{
    follow_free(observer->follow);
    survey_free(observer->survey);
    observe_topics_deinit(&observer->topics);
    observe_groups_deinit(&observer->groups);
    observe_control_deinit(&observer->control);
    observe_pulse_deinit(&observer->pulses);
    observe_desk_deinit(&observer->desk);
    observe_ledger_deinit(&observer->ledger);
    observe_quarantine_deinit(&observer->quarantine);
    figure_history_deinit(&observer->history);
    health_drop(observer->newest);
    arena_deinit(&observer->scratch);
    pthread_cond_destroy(&observer->changed);
    pthread_mutex_destroy(&observer->lock);
    free(observer);
}

struct observer *observer_start(
    const struct kafka_settings *kafka, const struct observer_settings *settings, struct error *error)
{
    struct observer *observer = calloc(1, sizeof *observer);
    if (!observer)
        abort();
    observer->kafka = *kafka;
    observer->settings = *settings;
    snprintf(observer->version, sizeof observer->version, "%s", settings->version ? settings->version : "");
    init(observer);
    observer->survey = survey_new(&observer->kafka, error);
    observer->follow = observer->survey ? follow_new(&observer->kafka, error) : NULL;
    if (observer->follow && pthread_create(&observer->thread, NULL, run, observer) == 0)
        return observer;
    if (observer->follow)
        error_say(error, CAUSE_OTHER, "The thread that watches the cluster cannot be started.");
    deinit(observer);
    return NULL;
}

struct observer *observer_stop(struct observer *observer)
{
    if (!observer)
        return NULL;
    pthread_mutex_lock(&observer->lock);
    observer->stop = true;
    pthread_cond_broadcast(&observer->changed);
    pthread_mutex_unlock(&observer->lock);
    pthread_join(observer->thread, NULL);
    deinit(observer);
    return NULL;
}
