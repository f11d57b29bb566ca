// SPDX-License-Identifier: Apache-2.0
// librdkafka does not bound all of its transactional calls, whatever timeout they are given. A restart is safe by
// design, a thread that hangs with a lane in its hands is not. Time is counted in turns of the watching thread, not by
// a clock: a process that was stopped and woken again (SIGSTOP, a suspended machine) did not hang.
#include "hub/kafka/watchdog.h"
#include "hub/base/clock.h"
#include "hub/base/log.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define TURN_MS 100

struct watchdog {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t ended;
    bool end;
    uint32_t bound_turns;
    _Atomic(const char *) call; // NULL outside of calls
    atomic_uint stamp;          // moves with every call and with progress inside one
};

static void next_turn(struct watchdog *watchdog)
{
    struct timespec until = clock_steady_after(TURN_MS);
    pthread_cond_timedwait(&watchdog->ended, &watchdog->mutex, &until);
}

static void *watch_calls(void *context)
{
    struct watchdog *watchdog = context;
    unsigned seen = 0;
    uint32_t turns = 0;
    pthread_mutex_lock(&watchdog->mutex);
    while (!watchdog->end) {
        next_turn(watchdog);
        const char *call = atomic_load(&watchdog->call);
        unsigned stamp = atomic_load(&watchdog->stamp);
        turns = call && stamp == seen ? turns + 1 : 0;
        seen = stamp;
        if (turns <= watchdog->bound_turns)
            continue;
        log_error("BUS-STALLED", "call=%s bound_ms=%u action=exit", call, watchdog->bound_turns * TURN_MS);
        _exit(WATCHDOG_EXIT);
    }
    pthread_mutex_unlock(&watchdog->mutex);
    return NULL;
}

struct watchdog *watchdog_new(uint32_t bound_ms)
{
    struct watchdog *watchdog = calloc(1, sizeof *watchdog);
    if (!watchdog)
        return NULL;
    watchdog->bound_turns = bound_ms / TURN_MS;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&watchdog->ended, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&watchdog->mutex, NULL);
    if (pthread_create(&watchdog->thread, NULL, watch_calls, watchdog) == 0)
        return watchdog;
    pthread_mutex_destroy(&watchdog->mutex);
    pthread_cond_destroy(&watchdog->ended);
    free(watchdog);
    return NULL;
}

struct watchdog *watchdog_free(struct watchdog *watchdog)
{
    if (!watchdog)
        return NULL;
    pthread_mutex_lock(&watchdog->mutex);
    watchdog->end = true;
    pthread_cond_signal(&watchdog->ended);
    pthread_mutex_unlock(&watchdog->mutex);
    pthread_join(watchdog->thread, NULL);
    pthread_mutex_destroy(&watchdog->mutex);
    pthread_cond_destroy(&watchdog->ended);
    free(watchdog);
    return NULL;
}

void watchdog_enter(struct watchdog *watchdog, const char *call)
{
    watchdog_progress(watchdog);
    atomic_store(&watchdog->call, call);
}

void watchdog_progress(struct watchdog *watchdog)
{
    atomic_fetch_add_explicit(&watchdog->stamp, 1, memory_order_relaxed);
}

void watchdog_leave(struct watchdog *watchdog)
{
    atomic_store(&watchdog->call, NULL);
}
