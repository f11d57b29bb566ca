// SPDX-License-Identifier: Apache-2.0
// One thread: ask the broker, make a snapshot, publish it, and until the next time read what has been appended. Nothing
// that it does waits longer than a question's deadline, and the first snapshot does not wait for the past to be read.
#include "hub/base/clock.h"
#include "hub/base/duration.h"
#include "hub/base/log.h"
#include "hub/observe/collect/observer_state.h"
#include "hub/observe/judge/judge.h"
#include "hub/observe/judge/troubles.h"
#include "hub/observe/words.h"
#include <stdio.h>
#include <stdlib.h>

#define LISTEN_MS 100 // one wait for a record; how long stopping may take, when nothing is asked

static bool is_stopped(struct observer *observer)
{
    pthread_mutex_lock(&observer->lock);
    bool stop = observer->stop;
    pthread_mutex_unlock(&observer->lock);
    return stop;
}

// Said once: the next looks lack memory as likely as not.
static void note_memory(struct observer *observer, bool enough)
{
    if (!enough && !observer->without_memory)
        log_warning("LOOK-WITHOUT-MEMORY",
            "newest=%llu effect=\"The picture of before stays the newest; delivery goes on.\" "
            "remedy=\"Give this machine or this process more memory.\"",
            (unsigned long long)observer->number);
    if (enough && observer->without_memory)
        log_info("LOOK-WHOLE", "newest=%llu", (unsigned long long)observer->number);
    observer->without_memory = !enough;
}

// --- one collection -------------------------------------------------------------------------------------------------

// Who lets the time of a cycle pass may have gone in the middle of it, and then what was told before is no longer true.
// Only the thread writes the parts, so it may read them without the lock; what others read changes under it.
static void ask_again_if_late(struct observer *observer, struct cycle *cycle, struct error *error)
{
    if (!cycle->answered || clock_steady_ms() < cycle->deadline_ms ||
        survey_reachable(observer->survey, SURVEY_MS / 2, error))
        return;
    cycle->answered = false;
    cycle->topics = (struct survey_topics){0};
    observer_parts_ask(&observer->parts, cycle);
}

static void note_answer(struct observer *observer, struct cycle *cycle, const char *error)
{
    if (cycle->answered && !observer->answered)
        observer->reachable_ms = cycle->now_ms;
    if (cycle->answered)
        observer->answered_ms = cycle->now_ms;
    observer->answered = cycle->answered;
    cycle->reachable_ms = observer->reachable_ms;
    cycle->answered_ms = cycle->health->broker_answered_ms = observer->answered_ms;
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

static void ask_broker(struct observer *observer, struct cycle *cycle)
{
    struct error error = {0};
    cycle->deadline_ms = clock_steady_ms() + CYCLE_MS;
    cycle->answered =
        survey_topics(observer->survey, observe_topics_wanted, SURVEY_MS, cycle->arena, &cycle->topics, &error);
    cycle->now_ms = cycle->health->at_ms = clock_wall_ms();
    if (error.cause == CAUSE_NO_MEMORY && !cycle->answered)
        cycle_fail(cycle);
    observer_parts_ask(&observer->parts, cycle);
    ask_again_if_late(observer, cycle, &error);
    note_answer(observer, cycle, error.text);
}

// A record that waits is the follower's, which lets go of it with any topic that is begun anew.
static void make_snapshot(struct observer *observer, struct cycle *cycle)
{
    pthread_mutex_lock(&observer->lock); // the quarantine sorts itself while it is read
    if (cycle->answered && !observer->record_waits)
        observer_parts_keep(&observer->parts, cycle);
    observer_parts_report(&observer->parts, cycle);
    pthread_mutex_unlock(&observer->lock);
}

static struct health *begin_health(const struct observer *observer)
{
    struct health *health = health_new();
    if (!health)
        return NULL;
    health->number = observer->number + 1;
    health->every_ms = observer->settings.every_ms;
    health->began_ms = observer->began_ms;
    health->version = words_copy(&health->arena, observer->version);
    health->prefix = words_copy(&health->arena, observer->kafka.prefix);
    health->bootstrap = words_copy(&health->arena, observer->kafka.bootstrap);
    health->embedded = observer->kafka.embedded;
    return health;
}

// false if there was no memory for its points in the charts.
static bool publish_health(struct observer *observer, struct health *health)
{
    pthread_mutex_lock(&observer->lock);
    bool charted = figure_history_take(&observer->history, health);
    const struct health *before = observer->newest;
    observer->newest = health;
    observer->number = health->number;
    pthread_cond_broadcast(&observer->changed);
    pthread_mutex_unlock(&observer->lock);
    health_drop(before);
    return charted;
}

// false without memory: then there is no new snapshot.
static bool collect_health(struct observer *observer)
{
    int64_t began_ms = clock_steady_ms();
    arena_reset(&observer->scratch);
    struct cycle cycle = {.settings = &observer->settings,
        .survey = observer->survey,
        .follow = observer->follow,
        .outages = &observer->outages,
        .health = begin_health(observer),
        .arena = &observer->scratch};
    if (!cycle.health)
        return false;
    ask_broker(observer, &cycle);
    if (cycle_is_whole(&cycle))
        make_snapshot(observer, &cycle);
    if (!cycle_is_whole(&cycle) || !troubles_find(cycle.health, observer->number ? observer->newest : NULL)) {
        health_drop(cycle.health);
        return false;
    }
    cycle.health->took_ms = (uint32_t)(clock_steady_ms() - began_ms);
    return publish_health(observer, cycle.health);
}

// --- what is appended -----------------------------------------------------------------------------------------------

// Takes a record, or settles what was taken. false without memory.
static bool take_next(struct observer *observer, int wait_ms)
{
    int number = 0;
    if (!observer->record_waits)
        observer->record_waits = follow_next(observer->follow, wait_ms, &number, &observer->record);
    pthread_mutex_lock(&observer->lock);
    bool had_memory = observer->record_waits
                          ? observer_parts_take(&observer->parts, &observer->record, clock_wall_ms())
                          : observer_parts_settle(&observer->parts, observer->follow, clock_wall_ms());
    pthread_mutex_unlock(&observer->lock);
    observer->record_waits = observer->record_waits && !had_memory;
    return had_memory;
}

static void pause_listening(struct observer *observer)
{
    const struct timespec until = clock_steady_after(LISTEN_MS);
    pthread_mutex_lock(&observer->lock);
    while (!observer->stop && pthread_cond_timedwait(&observer->changed, &observer->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&observer->lock);
}

// false if something waits for memory.
static bool listen_until(struct observer *observer, int64_t until_ms)
{
    while (clock_steady_ms() < until_ms && !is_stopped(observer)) {
        int64_t left_ms = until_ms - clock_steady_ms();
        if (!take_next(observer, left_ms <= 0 ? 0 : left_ms < LISTEN_MS ? (int)left_ms : LISTEN_MS))
            pause_listening(observer);
    }
    if (observer->record_waits)
        return false;
    pthread_mutex_lock(&observer->lock);
    bool had_memory = observer_parts_settle(&observer->parts, observer->follow, clock_wall_ms());
    pthread_mutex_unlock(&observer->lock);
    return had_memory;
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

static void *watch_cluster(void *context)
{
    struct observer *observer = context;
    bool had_memory = true;
    while (!is_stopped(observer)) {
        int64_t began_ms = clock_steady_ms();
        had_memory &= collect_health(observer);
        note_memory(observer, had_memory);
        had_memory = listen_until(observer, next_look(observer, began_ms));
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

static void init_lock(struct observer *observer)
{
    pthread_condattr_t attributes;
    pthread_mutex_init(&observer->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&observer->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static bool init_tables(struct observer *observer)
{
    struct health *empty = begin_health(observer);
    observer->newest = empty;
    if (!observer_parts_init(&observer->parts, &observer->settings) || !empty || empty->arena.failed)
        return false;
    empty->number = 0;
    empty->at_ms = observer->began_ms;
    return true;
}

static struct observer *destroy_observer(struct observer *observer)
{
    follow_free(observer->follow);
    survey_free(observer->survey);
    observer_parts_deinit(&observer->parts);
    figure_history_deinit(&observer->history);
    health_drop(observer->newest);
    arena_deinit(&observer->scratch);
    pthread_cond_destroy(&observer->changed);
    pthread_mutex_destroy(&observer->lock);
    free(observer);
    return NULL;
}

static bool start_watching(struct observer *observer, struct error *error)
{
    if (!init_tables(observer))
        return error_no_memory(error, "watching the cluster");
    observer->survey = survey_new(&observer->kafka, error);
    observer->follow = observer->survey ? follow_new(&observer->kafka, error) : NULL;
    if (!observer->follow)
        return false;
    if (pthread_create(&observer->thread, NULL, watch_cluster, observer) != 0)
        return error_say(error, CAUSE_OTHER, "The thread that watches the cluster cannot be started.");
    return true;
}

struct observer *observer_start(
    const struct kafka_settings *kafka, const struct observer_settings *settings, struct error *error)
{
    struct observer *observer = calloc(1, sizeof *observer);
    if (!observer) {
        error_no_memory(error, "watching the cluster");
        return NULL;
    }
    observer->kafka = *kafka;
    observer->settings = *settings;
    set_defaults(&observer->settings);
    snprintf(observer->version, sizeof observer->version, "%s", settings->version ? settings->version : "");
    observer->began_ms = clock_wall_ms();
    init_lock(observer);
    arena_init(&observer->scratch, 0);
    return start_watching(observer, error) ? observer : destroy_observer(observer);
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
    return destroy_observer(observer);
}

void observer_console_certificate(struct observer *observer, const struct digest *sha256, int64_t to_ms)
{
    pthread_mutex_lock(&observer->lock);
    observer->parts.console = (struct console_certificate){*sha256, to_ms};
    pthread_mutex_unlock(&observer->lock);
}
