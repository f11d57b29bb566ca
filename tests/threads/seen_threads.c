// SPDX-License-Identifier: Apache-2.0
// What ThreadSanitizer of gcc 12 does not know, by what it knows: C11's threads, mutexes and conditions as POSIX ones,
// and a lock waited for by another clock. librdkafka uses C11's: without this file its threads are unknown to
// ThreadSanitizer, and nothing that it hands from one thread to another is seen to be handed over. Linked into every
// program of a build with SIGNALBOX_SANITIZE=thread; the loader then gives it to librdkafka as well. glibc's types of
// both kinds are the same storage.
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t), "a mutex is a mutex");
_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "a condition is a condition");
_Static_assert(sizeof(thrd_t) == sizeof(pthread_t), "a thread is a thread");
_Static_assert(sizeof(tss_t) == sizeof(pthread_key_t), "a key is a key");
_Static_assert(sizeof(once_flag) == sizeof(pthread_once_t), "once is once");

static int status_of(int error)
{
    switch (error) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    case ENOMEM:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

struct start {
    thrd_start_t function;
    void *argument;
};

static void *run_start(void *context)
{
    struct start start = *(struct start *)context;
    free(context);
    return (void *)(intptr_t)start.function(start.argument);
}

int thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
    struct start *start = malloc(sizeof *start);
    if (!start)
        return thrd_nomem;
    *start = (struct start){function, argument};
    int status = status_of(pthread_create(thread, NULL, run_start, start));
    if (status != thrd_success)
        free(start);
    return status;
}

int thrd_join(thrd_t thread, int *result)
{
    void *returned = NULL;
    int status = status_of(pthread_join(thread, &returned));
    if (result)
        *result = (int)(intptr_t)returned;
    return status;
}

int thrd_detach(thrd_t thread)
{
    return status_of(pthread_detach(thread));
}

int mtx_init(mtx_t *mutex, int type)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
    int error = pthread_mutex_init((pthread_mutex_t *)mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
    return status_of(error);
}

int mtx_lock(mtx_t *mutex)
{
    return status_of(pthread_mutex_lock((pthread_mutex_t *)mutex));
}

int mtx_trylock(mtx_t *mutex)
{
    return status_of(pthread_mutex_trylock((pthread_mutex_t *)mutex));
}

int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
    return status_of(pthread_mutex_timedlock((pthread_mutex_t *)mutex, until));
}

int mtx_unlock(mtx_t *mutex)
{
    return status_of(pthread_mutex_unlock((pthread_mutex_t *)mutex));
}

void mtx_destroy(mtx_t *mutex)
{
    pthread_mutex_destroy((pthread_mutex_t *)mutex);
}

int cnd_init(cnd_t *condition)
{
    return status_of(pthread_cond_init((pthread_cond_t *)condition, NULL));
}

int cnd_signal(cnd_t *condition)
{
    return status_of(pthread_cond_signal((pthread_cond_t *)condition));
}

int cnd_broadcast(cnd_t *condition)
{
    return status_of(pthread_cond_broadcast((pthread_cond_t *)condition));
}

int cnd_wait(cnd_t *condition, mtx_t *mutex)
{
    return status_of(pthread_cond_wait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex));
}

int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex, const struct timespec *restrict until)
{
    return status_of(pthread_cond_timedwait((pthread_cond_t *)condition, (pthread_mutex_t *)mutex, until));
}

void cnd_destroy(cnd_t *condition)
{
    pthread_cond_destroy((pthread_cond_t *)condition);
}

void call_once(once_flag *flag, void (*function)(void))
{
    pthread_once((pthread_once_t *)flag, function);
}

int tss_create(tss_t *key, tss_dtor_t destructor)
{
    return status_of(pthread_key_create((pthread_key_t *)key, destructor));
}

void *tss_get(tss_t key)
{
    return pthread_getspecific(key);
}

int tss_set(tss_t key, void *value)
{
    return status_of(pthread_setspecific(key, value));
}

void tss_delete(tss_t key)
{
    pthread_key_delete(key);
}

// The time that is left by the other clock, by the one that pthread_mutex_timedlock knows.
int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
    struct timespec now, by;
    clock_gettime(clock, &now);
    clock_gettime(CLOCK_REALTIME, &by);
    by.tv_sec += until->tv_sec - now.tv_sec;
    by.tv_nsec += until->tv_nsec - now.tv_nsec;
    if (by.tv_nsec < 0 || by.tv_nsec >= 1000000000) {
        long carry = by.tv_nsec < 0 ? -1 : 1;
        by.tv_sec += carry;
        by.tv_nsec -= carry * 1000000000;
    }
    return pthread_mutex_timedlock(mutex, &by);
}
