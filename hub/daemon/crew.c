// SPDX-License-Identifier: Apache-2.0
// A worker that ends by itself takes the others with it: what broke it (refused by the broker, a property of
// exactly-once lost) holds for them too, and a process that half works is worse than one that is started again.
#include "hub/daemon/crew.h"
#include "hub/base/log.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CREW_ERROR_BYTES 1024

struct member {
    struct crew *crew;
    unsigned number;
    pthread_t thread;
    struct bus *bus;
    struct worker *worker;
    uint64_t beats; // when crew_got_on last returned true
    _Alignas(128) struct counters counters;
};

struct crew {
    unsigned n, n_started;
    atomic_bool stop, broken;
    pthread_mutex_t lock; // guards error
    char error[CREW_ERROR_BYTES];
    struct member *members;
};

static void note_end(struct crew *crew, const char *why)
{
    pthread_mutex_lock(&crew->lock);
    if (!atomic_load(&crew->broken))
        snprintf(crew->error, sizeof crew->error, "%s", why);
    pthread_mutex_unlock(&crew->lock);
    atomic_store(&crew->broken, true);
}

static void *run(void *argument)
{
    struct member *member = argument;
    char name[16];
    snprintf(name, sizeof name, "worker-%u", member->number);
    pthread_setname_np(pthread_self(), name);
    if (worker_run(member->worker, &member->crew->stop) != 0) {
        log_error("WORKER-BROKEN", "worker=%u reason=\"%s\"", member->number, worker_error(member->worker));
        note_end(member->crew, worker_error(member->worker));
    }
    return NULL;
}

static bool start_member(struct crew *crew, const struct kafka_settings *kafka, struct control_source *control,
    const struct crew_settings *settings, struct kafka_error *error)
{
    struct member *member = &crew->members[crew->n_started];
    struct kafka_bus_settings bus = settings->bus;
    member->crew = crew;
    member->number = bus.worker = crew->n_started;
    member->bus = kafka_bus_new(kafka, &bus, error);
    if (!member->bus)
        return false;
    member->worker = worker_new(member->number, member->bus, control, &member->counters, &settings->worker);
    if (member->worker && pthread_create(&member->thread, NULL, run, member) == 0) {
        crew->n_started++;
        return true;
    }
    worker_free(member->worker);
    kafka_bus_free(member->bus);
    kafka_error_say(error, KAFKA_CAUSE_OTHER, "A worker cannot be started: there is no memory or no thread left.");
    return false;
}

struct crew *crew_start(const struct kafka_settings *kafka, struct control_source *control,
    const struct crew_settings *settings, struct kafka_error *error)
{
    struct crew *crew = calloc(1, sizeof *crew);
    struct member *members = aligned_alloc(_Alignof(struct member), settings->workers * sizeof *members);
    if (!crew || !members)
        abort();
    memset(members, 0, settings->workers * sizeof *members);
    crew->members = members;
    crew->n = settings->workers;
    pthread_mutex_init(&crew->lock, NULL);
    while (crew->n_started < crew->n)
        if (!start_member(crew, kafka, control, settings, error)) {
            if (!crew_stop(crew, 60000))
                abort(); // a thread still uses what would be freed
            return crew_free(crew);
        }
    return crew;
}

bool crew_is_well(const struct crew *crew)
{
    return !atomic_load(&crew->broken);
}

const char *crew_error(const struct crew *crew)
{
    return crew->error;
}

static void add(_Atomic uint64_t *sum, const _Atomic uint64_t *counter)
{
    counter_add(sum, atomic_load_explicit((_Atomic uint64_t *)(uintptr_t)counter, memory_order_relaxed));
}

void crew_counters(const struct crew *crew, struct counters *sum)
{
    memset(sum, 0, sizeof *sum);
    for (unsigned i = 0; i < crew->n_started; i++) {
        const struct counters *one = &crew->members[i].counters;
#define COUNTER(name, help) add(&sum->name, &one->name);
#include "hub/run/counters.def"
#undef COUNTER
        for (unsigned outcome = 0; outcome < OUTCOME_COUNT; outcome++)
            add(&sum->outcomes[outcome], &one->outcomes[outcome]);
    }
}

size_t crew_lanes(const struct crew *crew, struct lane_facts *facts, size_t max)
{
    size_t n = 0;
    for (unsigned i = 0; i < crew->n_started; i++)
        n += lane_board_read(worker_board(crew->members[i].worker), facts + n, max - n);
    return n;
}

static uint64_t beats_of(const struct member *member)
{
    return lane_board_beats(worker_board(member->worker));
}

bool crew_got_on(struct crew *crew)
{
    for (unsigned i = 0; i < crew->n_started; i++)
        if (beats_of(&crew->members[i]) == crew->members[i].beats)
            return false;
    for (unsigned i = 0; i < crew->n_started; i++)
        crew->members[i].beats = beats_of(&crew->members[i]);
    return true;
}

bool crew_stop(struct crew *crew, int timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += timeout_ms / 1000;
    atomic_store(&crew->stop, true);
    for (unsigned i = 0; i < crew->n_started; i++)
        if (pthread_timedjoin_np(crew->members[i].thread, NULL, &until) != 0)
            return false;
    return true;
}

struct crew *crew_free(struct crew *crew)
{
    if (!crew)
        return NULL;
    for (unsigned i = 0; i < crew->n_started; i++) {
        worker_free(crew->members[i].worker);
        kafka_bus_free(crew->members[i].bus);
    }
    pthread_mutex_destroy(&crew->lock);
    free(crew->members);
    free(crew);
    return NULL;
}
