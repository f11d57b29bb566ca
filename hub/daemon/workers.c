// SPDX-License-Identifier: Apache-2.0
// A worker that ends by itself takes the others with it: what broke it (refused by the broker, a property of
// exactly-once lost) holds for them too, and a process that half works is worse than one that is started again.
#include "hub/daemon/workers.h"
#include "hub/contract/outcome.h"
#include "hub/contract/proof_cache.h"
#include "hub/base/clock.h"
#include "hub/base/log.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define STARTED_MS 60000 // for those that were started before one could not be

struct member {
    struct workers *workers;
    unsigned number;
    pthread_t thread;
    struct bus *bus;
    struct worker *worker;
    uint64_t beats; // when workers_got_on last returned true
    _Alignas(128) struct counters counters;
};

struct workers {
    unsigned n, n_started;
    atomic_bool stop, broken;
    pthread_mutex_t lock; // guards error
    struct error error;
    struct proof_cache *roots; // one verification of a batch is enough for all
    pthread_mutex_t places[PROOF_CACHE_PLACES];
    struct member *members;
};

static void take_place(void *context, unsigned place)
{
    struct workers *workers = context;
    pthread_mutex_lock(&workers->places[place]);
}

static void give_place(void *context, unsigned place)
{
    struct workers *workers = context;
    pthread_mutex_unlock(&workers->places[place]);
}

static bool share_roots(struct workers *workers)
{
    for (unsigned i = 0; i < PROOF_CACHE_PLACES; i++)
        pthread_mutex_init(&workers->places[i], NULL);
    workers->roots = proof_cache_new(PROOF_CACHE_BATCHES);
    if (workers->roots)
        proof_cache_share(
            workers->roots, &(struct proof_cache_lock){.take = take_place, .give = give_place, .context = workers});
    return workers->roots != NULL;
}

static void note_end(struct workers *workers, const struct error *why)
{
    pthread_mutex_lock(&workers->lock);
    if (!atomic_load(&workers->broken))
        workers->error = *why;
    pthread_mutex_unlock(&workers->lock);
    atomic_store(&workers->broken, true);
}

static void *run_member(void *argument)
{
    struct member *member = argument;
    char name[16];
    snprintf(name, sizeof name, "worker-%u", member->number);
    pthread_setname_np(pthread_self(), name);
    if (worker_run(member->worker, &member->workers->stop) != 0) {
        log_error("WORKER-BROKEN", "worker=%u reason=\"%s\"", member->number, worker_error(member->worker)->text);
        note_end(member->workers, worker_error(member->worker));
    }
    return NULL;
}

static bool start_member(struct workers *workers, const struct kafka_settings *kafka, struct control_source *control,
    const struct workers_settings *settings, struct error *error)
{
    struct member *member = &workers->members[workers->n_started];
    struct kafka_bus_settings bus = settings->bus;
    struct worker_settings worker = settings->worker;
    worker.roots = workers->roots;
    member->workers = workers;
    member->number = bus.worker = workers->n_started;
    member->bus = kafka_bus_new(kafka, &bus, error);
    if (!member->bus)
        return false;
    member->worker = worker_new(member->number, member->bus, control, &member->counters, &worker);
    if (member->worker && pthread_create(&member->thread, NULL, run_member, member) == 0) {
        workers->n_started++;
        return true;
    }
    worker_free(member->worker);
    kafka_bus_free(member->bus);
    error_say(error, CAUSE_OTHER, "A worker cannot be started: there is no memory or no thread left.");
    return false;
}

struct workers *workers_start(const struct kafka_settings *kafka, struct control_source *control,
    const struct workers_settings *settings, struct error *error)
{
    struct workers *workers = calloc(1, sizeof *workers);
    struct member *members = aligned_alloc(_Alignof(struct member), settings->workers * sizeof *members);
    if (!workers || !members || !share_roots(workers)) {
        free(workers);
        free(members);
        error_no_memory(error, "the workers");
        return NULL;
    }
    memset(members, 0, settings->workers * sizeof *members);
    workers->members = members;
    workers->n = settings->workers;
    pthread_mutex_init(&workers->lock, NULL);
    while (workers->n_started < workers->n)
        if (!start_member(workers, kafka, control, settings, error)) {
            workers_stop(workers, STARTED_MS);
            return workers_free(workers);
        }
    return workers;
}

bool workers_is_well(const struct workers *workers)
{
    return !atomic_load(&workers->broken);
}

const struct error *workers_error(const struct workers *workers)
{
    return &workers->error;
}

static void add_counter(_Atomic uint64_t *sum, const _Atomic uint64_t *counter)
{
    counter_add(sum, atomic_load_explicit((_Atomic uint64_t *)(uintptr_t)counter, memory_order_relaxed));
}

void workers_counters(const struct workers *workers, struct counters *sum)
{
    memset(sum, 0, sizeof *sum);
    for (unsigned i = 0; i < workers->n_started; i++) {
        const struct counters *one = &workers->members[i].counters;
#define COUNTER(name, help) add_counter(&sum->name, &one->name);
#include "hub/run/counters.def"
#undef COUNTER
        for (unsigned outcome = 0; outcome < OUTCOME_COUNT; outcome++)
            add_counter(&sum->outcomes[outcome], &one->outcomes[outcome]);
    }
}

size_t workers_lanes(const struct workers *workers, struct lane_facts *facts, size_t max)
{
    size_t n = 0;
    for (unsigned i = 0; i < workers->n_started; i++)
        n += lane_board_read(worker_board(workers->members[i].worker), facts + n, max - n);
    return n;
}

static uint64_t beats_of(const struct member *member)
{
    return lane_board_beats(worker_board(member->worker));
}

bool workers_got_on(struct workers *workers)
{
    for (unsigned i = 0; i < workers->n_started; i++)
        if (beats_of(&workers->members[i]) == workers->members[i].beats)
            return false;
    for (unsigned i = 0; i < workers->n_started; i++)
        workers->members[i].beats = beats_of(&workers->members[i]);
    return true;
}

static bool join_members(struct workers *workers, int timeout_ms)
{
    struct timespec until = clock_wall_after(timeout_ms);
    for (unsigned i = 0; i < workers->n_started; i++)
        if (pthread_timedjoin_np(workers->members[i].thread, NULL, &until) != 0)
            return false;
    return true;
}

void workers_stop(struct workers *workers, int timeout_ms)
{
    atomic_store(&workers->stop, true);
    if (join_members(workers, timeout_ms))
        return;
    log_error("HUB-STUCK",
        "reason=\"A worker did not end within %d s; the process ends without it, and the next start takes over its "
        "lanes.\"",
        timeout_ms / 1000);
    _exit(EXIT_FAILURE); // its thread uses what would be freed
}

struct workers *workers_free(struct workers *workers)
{
    if (!workers)
        return NULL;
    for (unsigned i = 0; i < workers->n_started; i++) {
        worker_free(workers->members[i].worker);
        kafka_bus_free(workers->members[i].bus);
    }
    pthread_mutex_destroy(&workers->lock);
    for (unsigned i = 0; i < PROOF_CACHE_PLACES; i++)
        pthread_mutex_destroy(&workers->places[i]);
    proof_cache_free(workers->roots);
    free(workers->members);
    free(workers);
    return NULL;
}
