// SPDX-License-Identifier: Apache-2.0
// What is remembered of batches never changes a verdict: an empty, a small and a large memory, and none at all, agree.
#include "tests/kit/core/spoilt_proofs.h"
#include <criterion/criterion.h>

#define PROOFS 8000

static struct arena arena;
static struct spoilt_pool pool;

static void begin(void)
{
    arena_init(&arena, 0);
    spoilt_pool_init(&pool, &arena);
}

static void end(void)
{
    arena_deinit(&arena);
}

TestSuite(proof_cache, .init = begin, .fini = end, .timeout = 120);

Test(proof_cache, of_any_size_gives_the_verdicts_of_none)
{
    static const size_t sizes[] = {1, 3, 64, 4096};
    EVP_PKEY *key = kit_key("kent")->key;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct proof_cache *warm = proof_cache_new(sizes[s]);
        struct kit_random random = {s + 1};
        unsigned good = 0;
        for (int i = 0; i < PROOFS; i++) {
            static struct spoilt_proof proof;
            spoilt_proof_make(&proof, &pool, &random);
            bool expected = proof_verify(&proof.envelope, &proof.scope, key, NULL);
            cr_assert_eq(
                proof_verify(&proof.envelope, &proof.scope, key, warm), expected, "proof %d, %zu batches", i, sizes[s]);
            good += expected;
        }
        cr_expect(good > PROOFS / 5 && good < PROOFS / 2, "%u of %d are good", good, PROOFS);
        proof_cache_free(warm);
    }
}

// With all of its batch in memory, so that every walk may end at once.
Test(proof_cache, a_flipped_bit_in_any_node_of_a_path_is_noticed_beside_a_whole_tree)
{
    const struct proof_scope scope = {kit_deployment(), slice_text("kent"), slice_text("in.kent")};
    EVP_PKEY *key = kit_key("kent")->key;
    struct proof_cache *warm = proof_cache_new(4096);
    for (size_t i = 0; i < SPOILT_POOL; i++)
        cr_assert(proof_verify(&pool.good[i], &scope, key, warm));
    for (size_t i = 0; i < SPOILT_POOL; i += 7) {
        struct envelope envelope = pool.good[i];
        for (uint32_t level = 0; level < envelope.n_path; level++) {
            uint8_t node[DIGEST_BYTES];
            memcpy(node, pool.good[i].path[level].data, DIGEST_BYTES);
            node[(i + level) % DIGEST_BYTES] ^= 1;
            envelope.path[level] = slice_of(node, DIGEST_BYTES);
            cr_assert_not(proof_verify(&envelope, &scope, key, warm), "item %zu, level %u", i, level);
            envelope.path[level] = pool.good[i].path[level];
        }
        cr_assert(proof_verify(&envelope, &scope, key, warm));
    }
    proof_cache_free(warm);
}

// Once the root is known the key is not asked for any more: one verification is enough for a batch, in any order.
Test(proof_cache, a_batch_is_verified_once)
{
    const struct proof_scope scope = {kit_deployment(), slice_text("kent"), slice_text("in.kent")};
    struct proof_cache *cache = proof_cache_new(4096);
    for (size_t first = 2; first < SPOILT_POOL; first += 64) {
        const struct envelope *one = &pool.good[first];
        cr_assert(proof_verify(one, &scope, kit_key("kent")->key, cache));
        for (size_t i = SPOILT_POOL; i-- > 2;)
            if (slice_equal(pool.good[i].signature, one->signature))
                cr_assert(proof_verify(&pool.good[i], &scope, NULL, cache), "item %zu after %zu", i, first);
    }
    proof_cache_free(cache);
}
