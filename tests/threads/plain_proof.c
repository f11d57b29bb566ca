// SPDX-License-Identifier: Apache-2.0
// Workers share one memory of verified batches: what each thread finds is what it finds with no memory at all. For
// ThreadSanitizer, and true without it.
#include "tests/kit/core/spoilt_proofs.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define THREADS 4
#define PROOFS  1500

static struct spoilt_pool pool;
static struct proof_cache *cache;
static pthread_mutex_t places[PROOF_CACHE_PLACES];
static EVP_PKEY *key;
static atomic_uint wrong, good;

static void take_place(void *context, unsigned place)
{
    (void)context;
    pthread_mutex_lock(&places[place]);
}

static void give_place(void *context, unsigned place)
{
    (void)context;
    pthread_mutex_unlock(&places[place]);
}

static void *verify_many(void *seed)
{
    struct kit_random random = {(uint64_t)(uintptr_t)seed};
    struct spoilt_proof proof;
    for (int i = 0; i < PROOFS; i++) {
        spoilt_proof_make(&proof, &pool, &random);
        bool expected = proof_verify(&proof.envelope, &proof.scope, key, NULL);
        if (proof_verify(&proof.envelope, &proof.scope, key, cache) != expected)
            atomic_fetch_add(&wrong, 1);
        atomic_fetch_add(&good, expected);
    }
    return NULL;
}

int main(void)
{
    struct arena arena;
    pthread_t threads[THREADS];
    arena_init(&arena, 0);
    spoilt_pool_init(&pool, &arena);
    key = kit_key("kent")->key;
    cache = proof_cache_new(128);
    if (!cache)
        return EXIT_FAILURE;
    for (unsigned i = 0; i < PROOF_CACHE_PLACES; i++)
        pthread_mutex_init(&places[i], NULL);
    proof_cache_share(cache, &(struct proof_cache_lock){.take = take_place, .give = give_place});
    for (uintptr_t i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, verify_many, (void *)(i + 1)) != 0)
            return EXIT_FAILURE;
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("%d proofs, %u good, %u judged otherwise than without a memory\n", THREADS * PROOFS, atomic_load(&good),
        atomic_load(&wrong));
    proof_cache_free(cache);
    arena_deinit(&arena);
    return atomic_load(&wrong) == 0 && atomic_load(&good) > PROOFS / 2 ? EXIT_SUCCESS : EXIT_FAILURE;
}
