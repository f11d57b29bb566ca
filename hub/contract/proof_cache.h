// SPDX-License-Identifier: Apache-2.0
// Batches verified lately, so that a batch is verified once and a way to its root is hashed once: what was proved, and
// the nodes of trees whose root was signed. Bounded: an old batch makes room for a new one.
//
// A node that is remembered ends a walk only if the rest of the path is, byte for byte, the one that was walked from
// it; and what the walk ends at is accepted without looking at the signature only if key, signature and all that was
// signed are, byte for byte, those that were verified. So forgetting or keeping never changes a verdict.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define PROOF_CACHE_PLACES  64   // locked one by one
#define PROOF_CACHE_BATCHES 4096 // enough for lanes that are far apart in a backlog

// How threads that share a cache keep out of each other's way: place is below PROOF_CACHE_PLACES. Who waits for a place
// waits at most for the verification of one signature.
struct proof_cache_lock {
    void (*take)(void *context, unsigned place);
    void (*give)(void *context, unsigned place);
    void *context;
};

struct proof_cache;
// For about so many batches, 4.5 KB each once they are used. For one thread, until it is shared. NULL without memory.
struct proof_cache *proof_cache_new(size_t batches);
struct proof_cache *proof_cache_free(struct proof_cache *cache);
// From now on for many threads.
void proof_cache_share(struct proof_cache *cache, const struct proof_cache_lock *lock);
