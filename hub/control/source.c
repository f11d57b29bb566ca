// SPDX-License-Identifier: Apache-2.0
// A worker looks at one atomic pointer between transactions and takes the lock only when that has changed, so that
// control changes cost the lanes nothing. Under the lock it is written down who has what; what nobody has is freed by
// the publisher.
#include "hub/control/source.h"
#include "hub/rules/snapshot.h"
#include <stdatomic.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

struct kept {
    struct snapshot *snapshot;
    struct kept *next;
};

struct source {
    struct control_source interface;
    pthread_mutex_t lock;
    _Atomic(const struct snapshot *) newest;
    struct kept *kept; // newest first
    unsigned n_workers;
    const struct snapshot *held[]; // by worker; its own to read, under the lock to write
};

static const struct snapshot *take_newest(struct control_source *interface, unsigned worker)
{
    struct source *source = (struct source *)((char *)interface - offsetof(struct source, interface));
    if (worker >= source->n_workers)
        abort(); // a worker that nobody was told of
    if (atomic_load_explicit(&source->newest, memory_order_acquire) == source->held[worker])
        return source->held[worker];
    pthread_mutex_lock(&source->lock);
    source->held[worker] = atomic_load_explicit(&source->newest, memory_order_relaxed);
    pthread_mutex_unlock(&source->lock);
    return source->held[worker];
}

struct source *source_new(unsigned workers)
{
    struct source *source = calloc(1, sizeof *source + workers * sizeof *source->held);
    if (!source)
        return NULL;
    source->interface.take = take_newest;
    source->n_workers = workers;
    pthread_mutex_init(&source->lock, NULL);
    return source;
}

struct source *source_free(struct source *source)
{
    if (!source)
        return NULL;
    while (source->kept) {
        struct kept *kept = source->kept;
        source->kept = kept->next;
        snapshot_free(kept->snapshot);
        free(kept);
    }
    pthread_mutex_destroy(&source->lock);
    free(source);
    return NULL;
}

struct control_source *source_interface(struct source *source)
{
    return &source->interface;
}

bool source_publish(struct source *source, struct snapshot *snapshot)
{
    struct kept *kept = malloc(sizeof *kept);
    if (!kept) {
        snapshot_free(snapshot);
        return false;
    }
    pthread_mutex_lock(&source->lock);
    *kept = (struct kept){snapshot, source->kept};
    source->kept = kept;
    atomic_store_explicit(&source->newest, snapshot, memory_order_release);
    pthread_mutex_unlock(&source->lock);
    source_sweep(source);
    return true;
}

static bool in_use(const struct source *source, const struct snapshot *snapshot)
{
    bool used = snapshot == atomic_load_explicit(&source->newest, memory_order_relaxed);
    for (unsigned i = 0; i < source->n_workers; i++)
        used |= source->held[i] == snapshot;
    return used;
}

size_t source_sweep(struct source *source)
{
    size_t alive = 0;
    pthread_mutex_lock(&source->lock);
    for (struct kept **place = &source->kept; *place;) {
        struct kept *kept = *place;
        if (in_use(source, kept->snapshot)) {
            alive++;
            place = &kept->next;
            continue;
        }
        *place = kept->next;
        snapshot_free(kept->snapshot);
        free(kept);
    }
    pthread_mutex_unlock(&source->lock);
    return alive;
}
