// SPDX-License-Identifier: Apache-2.0
// Proofs of kent's, good ones and such as somebody spoilt: from a seed, so always the same.
#pragma once
#include "tests/kit/core/envelopes.h"
#include "tests/kit/core/random.h"

#define SPOILT_POOL (2 + 2 * 64 + 200)

// Two signed alone, two batches of 64, and 200 items of a batch of 1,024. They live in the arena.
struct spoilt_pool {
    struct envelope good[SPOILT_POOL];
};
void spoilt_pool_init(struct spoilt_pool *pool, struct arena *arena);

// One of the pool, with up to three things changed: none is good for every scope, so what is good now and then is
// whatever was not changed, or changed back. Borrows from the pool, and from itself: it must not be copied.
struct spoilt_proof {
    struct envelope envelope;
    struct proof_scope scope;
    uint8_t signature[PROOF_SIGNATURE_BYTES], key_id[PROOF_KEY_ID_BYTES], path[ENVELOPE_PATH][DIGEST_BYTES];
};
void spoilt_proof_make(struct spoilt_proof *proof, const struct spoilt_pool *pool, struct kit_random *random);
