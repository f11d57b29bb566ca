// SPDX-License-Identifier: Apache-2.0
// librdkafka does not bound all of its transactional calls, whatever timeout they are given. A restart is safe by
// design, a thread that hangs with a lane in its hands is not. Time is counted in turns of the watching thread, not by
// a clock: a process that was stopped and woken again (SIGSTOP, a suspended machine) did not hang.
#include "hub/kafka/watch.h"
#include "hub/base/log.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define TURN_MS 100

struct watch {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t ended;
    bool end;
    uint32_t bound_turns;
    _Atomic(const char *) call; // NULL outside of calls
    atomic_uint stamp;          // moves with every call and with progress inside one
};

static void next_turn(struct watch *watch)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TURN_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&watch->ended, &watch->mutex, &until);
}

static void *run(void *context)
{
    struct watch *watch = context;
    unsigned seen = 0;
    uint32_t turns = 0;
    pthread_mutex_lock(&watch->mutex);
    while (!watch->end) {
        next_turn(watch);
        const char *call = atomic_load(&watch->call);
        unsigned stamp = atomic_load(&watch->stamp);
        turns = call && stamp == seen ? turns + 1 : 0;
        seen = stamp;
        if (turns <= watch->bound_turns)
            continue;
        log_error("BUS-STALLED", "call=%s bound_ms=%u action=exit", call, watch->bound_turns * TURN_MS);
        _exit(WATCH_EXIT);
    }
    pthread_mutex_unlock(&watch->mutex);
    return NULL;
}

struct watch *watch_new(uint32_t bound_ms)
{
    struct watch *watch = calloc(1, sizeof *watch);
    if (!watch)
        return NULL;
    watch->bound_turns = bound_ms / TURN_MS;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&watch->ended, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&watch->mutex, NULL);
    if (pthread_create(&watch->thread, NULL, run, watch) == 0)
        return watch;
    pthread_mutex_destroy(&watch->mutex);
    pthread_cond_destroy(&watch->ended);
    free(watch);
    return NULL;
}

struct watch *watch_free(struct watch *watch)
{
    if (!watch)
        return NULL;
    pthread_mutex_lock(&watch->mutex);
    watch->end = true;
    pthread_cond_signal(&watch->ended);
    pthread_mutex_unlock(&watch->mutex);
    pthread_join(watch->thread, NULL);
    pthread_mutex_destroy(&watch->mutex);
    pthread_cond_destroy(&watch->ended);
    free(watch);
    return NULL;
}

void watch_enter(struct watch *watch, const char *call)
{
    watch_progress(watch);
    atomic_store(&watch->call, call);
}

void watch_progress(struct watch *watch)
{
    atomic_fetch_add_explicit(&watch->stamp, 1, memory_order_relaxed);
}

void watch_leave(struct watch *watch)
{
    atomic_store(&watch->call, NULL);
}
