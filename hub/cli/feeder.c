// SPDX-License-Identifier: Apache-2.0
// One mailbox with one letter: the newest answer replaces what was not taken yet. Snapshots of a number that was given
// out already are dropped, so the reader sees each one once.
#include "hub/cli/feeder.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#define SOONEST_MS 250
#define LATEST_MS  2500
#define RETRY_MS   1000

struct feeder {
    struct remote *remote;
    atomic_bool stop;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool heard;              // since the last take
    struct outlook *outlook; // not taken yet, or NULL
    int64_t number, at_ms;   // of the newest snapshot
    enum remote_result result;
    char problem[CLI_ERROR_BYTES];
};

// After a snapshot, and after word that there is no newer one, half a collection; after anything else a little.
static int64_t pause_ms(enum remote_result result, int64_t every_ms)
{
    int64_t half = result == REMOTE_OK ? every_ms / 2 : RETRY_MS;
    return half < SOONEST_MS ? SOONEST_MS : half > LATEST_MS ? LATEST_MS : half;
}

// Under the mutex.
static void post(struct feeder *feeder, struct outlook *outlook, enum remote_result result, const char *problem)
{
    feeder->heard = true;
    feeder->result = result;
    snprintf(feeder->problem, sizeof feeder->problem, "%s", result == REMOTE_OK ? "" : problem);
    int64_t number = outlook ? outlook_figure(outlook->json, "number").value : 0;
    int64_t at_ms = outlook ? outlook->at_ms : 0;
    if (!outlook || (number == feeder->number && at_ms == feeder->at_ms)) {
        outlook_free(outlook);
        return;
    }
    feeder->number = number;
    feeder->at_ms = at_ms;
    outlook_free(feeder->outlook);
    feeder->outlook = outlook;
}

static void wait(struct feeder *feeder, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (!atomic_load(&feeder->stop) && pthread_cond_timedwait(&feeder->wake, &feeder->mutex, &until) != ETIMEDOUT)
        ;
}

static void *run(void *context)
{
    struct feeder *feeder = context;
    int64_t every_ms = 0;
    while (!atomic_load(&feeder->stop)) {
        struct outlook *outlook;
        char problem[CLI_ERROR_BYTES] = "";
        enum remote_result result = remote_ask(feeder->remote, &feeder->stop, &outlook, problem);
        every_ms = outlook ? outlook->every_ms : every_ms;
        int64_t ms = pause_ms(result, every_ms);
        pthread_mutex_lock(&feeder->mutex);
        post(feeder, outlook, result, problem);
        wait(feeder, ms);
        pthread_mutex_unlock(&feeder->mutex);
    }
    return NULL;
}

struct feeder *feeder_start(struct remote *remote)
{
    struct feeder *feeder = calloc(1, sizeof *feeder);
    if (!feeder)
        abort();
    feeder->remote = remote;
    feeder->number = -1;
    pthread_mutex_init(&feeder->mutex, NULL);
    pthread_cond_init(&feeder->wake, NULL);
    // A signal is for the thread that waits for keys.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&feeder->thread, NULL, run, feeder) != 0)
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return feeder;
}

struct feeder *feeder_stop(struct feeder *feeder)
{
    if (!feeder)
        return NULL;
    pthread_mutex_lock(&feeder->mutex);
    atomic_store(&feeder->stop, true);
    pthread_cond_signal(&feeder->wake);
    pthread_mutex_unlock(&feeder->mutex);
    pthread_join(feeder->thread, NULL);
    pthread_mutex_destroy(&feeder->mutex);
    pthread_cond_destroy(&feeder->wake);
    outlook_free(feeder->outlook);
    free(feeder);
    return NULL;
}

bool feeder_take(
    struct feeder *feeder, struct outlook **outlook, enum remote_result *result, char problem[CLI_ERROR_BYTES])
{
    pthread_mutex_lock(&feeder->mutex);
    bool heard = feeder->heard;
    *outlook = feeder->outlook;
    *result = feeder->result;
    snprintf(problem, CLI_ERROR_BYTES, "%s", feeder->problem);
    feeder->outlook = NULL;
    feeder->heard = false;
    pthread_mutex_unlock(&feeder->mutex);
    return heard;
}
