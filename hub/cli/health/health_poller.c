// SPDX-License-Identifier: Apache-2.0
// One mailbox with one letter: the newest answer replaces what was not taken yet. Snapshots of a number that was given
// out already are dropped, so the reader sees each one once.
#include "hub/cli/health/health_poller.h"
#include "hub/base/clock.h"
#include "hub/cli/frame/memory.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#define SOONEST_MS 250
#define LATEST_MS  2500
#define RETRY_MS   1000

struct health_poller {
    struct remote *remote;
    atomic_bool stop;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool heard;               // since the last take
    struct health_view *view; // not taken yet, or NULL
    int64_t number, at_ms;    // of the newest snapshot
    enum remote_result result;
    struct error problem; // its text is empty if there is none
};

// After a snapshot, and after word that there is no newer one, half a collection; after anything else a little.
static int64_t pause_ms(enum remote_result result, int64_t every_ms)
{
    int64_t half = result == REMOTE_OK ? every_ms / 2 : RETRY_MS;
    return half < SOONEST_MS ? SOONEST_MS : half > LATEST_MS ? LATEST_MS : half;
}

// Under the mutex.
static void post_answer(
    struct health_poller *poller, struct health_view *view, enum remote_result result, const struct error *problem)
{
    poller->heard = true;
    poller->result = result;
    poller->problem = result == REMOTE_OK ? (struct error){.text = ""} : *problem;
    int64_t number = view ? health_view_figure(view->json, "number").value : 0;
    int64_t at_ms = view ? view->at_ms : 0;
    if (!view || (number == poller->number && at_ms == poller->at_ms)) {
        health_view_free(view);
        return;
    }
    poller->number = number;
    poller->at_ms = at_ms;
    health_view_free(poller->view);
    poller->view = view;
}

static void wait_for_stop(struct health_poller *poller, int64_t ms)
{
    struct timespec until = clock_wall_after(ms);
    while (!atomic_load(&poller->stop) && pthread_cond_timedwait(&poller->wake, &poller->mutex, &until) != ETIMEDOUT)
        ;
}

static void *run_poller(void *context)
{
    struct health_poller *poller = context;
    int64_t every_ms = 0;
    while (!atomic_load(&poller->stop)) {
        struct health_view *view;
        struct error problem = {.text = ""};
        enum remote_result result = remote_ask(poller->remote, &poller->stop, &view, &problem);
        every_ms = view ? view->every_ms : every_ms;
        int64_t ms = pause_ms(result, every_ms);
        pthread_mutex_lock(&poller->mutex);
        post_answer(poller, view, result, &problem);
        wait_for_stop(poller, ms);
        pthread_mutex_unlock(&poller->mutex);
    }
    return NULL;
}

struct health_poller *health_poller_start(struct remote *remote)
{
    struct health_poller *poller = memory_need(calloc(1, sizeof *poller));
    poller->remote = remote;
    poller->number = -1;
    pthread_mutex_init(&poller->mutex, NULL);
    pthread_cond_init(&poller->wake, NULL);
    // A signal is for the thread that waits for keys.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&poller->thread, NULL, run_poller, poller) != 0)
        memory_end();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return poller;
}

struct health_poller *health_poller_stop(struct health_poller *poller)
{
    if (!poller)
        return NULL;
    pthread_mutex_lock(&poller->mutex);
    atomic_store(&poller->stop, true);
    pthread_cond_signal(&poller->wake);
    pthread_mutex_unlock(&poller->mutex);
    pthread_join(poller->thread, NULL);
    pthread_mutex_destroy(&poller->mutex);
    pthread_cond_destroy(&poller->wake);
    health_view_free(poller->view);
    free(poller);
    return NULL;
}

bool health_poller_take(
    struct health_poller *poller, struct health_view **view, enum remote_result *result, struct error *problem)
{
    pthread_mutex_lock(&poller->mutex);
    bool heard = poller->heard;
    *view = poller->view;
    *result = poller->result;
    *problem = poller->problem;
    poller->view = NULL;
    poller->heard = false;
    pthread_mutex_unlock(&poller->mutex);
    return heard;
}
