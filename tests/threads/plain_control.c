// SPDX-License-Identifier: Apache-2.0
// Control snapshots that change while workers use them: a worker looks things up in the one that it took, until it
// takes the next, and versions never go back. For ThreadSanitizer, and true without it.
#include "hub/control/source.h"
#include "hub/contract/outcome.h"
#include "hub/rules/registry.h"
#include "tests/kit/core/control.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define WORKERS   3
#define SNAPSHOTS 40

struct looker {
    unsigned number;
    struct control_source *control;
    unsigned long looked, wrong;
};

// Whether the agency's key is there, and can be used for what a lane uses it for.
static bool key_is_there(const struct snapshot *snapshot)
{
    unsigned kent = registry_find(snapshot->registry, slice_text("kent"));
    const Signalbox__V1__Organisation *row = kent == ORG_NONE ? NULL : registry_row(snapshot->registry, kent);
    EVP_PKEY *key = NULL;
    if (!row || row->n_keys == 0)
        return false;
    const struct slice id = slice_of(row->keys[0]->key_id.data, row->keys[0]->key_id.len);
    return registry_key(snapshot->registry, kent, id, KIT_NOW_MS, &key) == OUTCOME_ACCEPTED &&
           EVP_PKEY_get_id(key) != 0;
}

static void *look_up(void *context)
{
    struct looker *looker = context;
    for (uint64_t version = 0; version < SNAPSHOTS; looker->looked++) {
        const struct snapshot *snapshot = looker->control->take(looker->control, looker->number);
        if (!snapshot)
            continue;
        if (snapshot->registry_version < version || !key_is_there(snapshot))
            looker->wrong++;
        version = snapshot->registry_version;
    }
    return NULL;
}

static struct snapshot *snapshot_of_version(uint64_t version)
{
    struct snapshot *snapshot = kit_snapshot();
    snapshot->registry_version = version;
    return snapshot;
}

int main(void)
{
    struct source *source = source_new(WORKERS);
    struct looker lookers[WORKERS];
    pthread_t threads[WORKERS];
    unsigned long looked = 0, wrong = 0;
    for (unsigned i = 0; i < WORKERS; i++) {
        lookers[i] = (struct looker){.number = i, .control = source_interface(source)};
        pthread_create(&threads[i], NULL, look_up, &lookers[i]);
    }
    for (uint64_t version = 1; version <= SNAPSHOTS; version++) {
        source_publish(source, snapshot_of_version(version));
        source_sweep(source);
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
        looked += lookers[i].looked;
        wrong += lookers[i].wrong;
    }
    size_t left = source_sweep(source);
    source_free(source);
    printf("%lu looked, %lu wrong, %zu snapshots left\n", looked, wrong, left);
    return wrong == 0 && left == 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
