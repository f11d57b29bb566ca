// SPDX-License-Identifier: Apache-2.0
#include "tests/kit/core/spoilt_proofs.h"
#include <stdlib.h>

static size_t add_batch(struct spoilt_pool *pool, size_t at, struct arena *arena, uint32_t n, uint32_t kept)
{
    static struct kit_item *items[1024];
    static struct slice values[1024];
    struct refusal why;
    for (uint32_t i = 0; i < n; i++)
        items[i] = kit_report(arena, "kent", 1000 * at + i);
    kit_batch(arena, items, n, values);
    for (uint32_t i = 0; i < kept; i++)
        if (!envelope_open(values[i * (n / kept)], NULL, &pool->good[at + i], &why))
            abort();
    return at + kept;
}

void spoilt_pool_init(struct spoilt_pool *pool, struct arena *arena)
{
    size_t at = add_batch(pool, 0, arena, 1, 1);
    at = add_batch(pool, at, arena, 1, 1);
    at = add_batch(pool, at, arena, 64, 64);
    at = add_batch(pool, at, arena, 64, 64);
    add_batch(pool, at, arena, 1000, 200);
}

static struct slice own_bytes(uint8_t *own, struct slice bytes)
{
    if (bytes.len)
        memmove(own, bytes.data, bytes.len);
    return slice_of(own, bytes.len);
}

static void flip_bit(struct kit_random *random, uint8_t *bytes, size_t len)
{
    bytes[kit_below(random, len)] ^= (uint8_t)(1u << kit_below(random, 8));
}

static void spoil_scope(struct spoilt_proof *proof, struct kit_random *random)
{
    struct slice *const which[] = {&proof->scope.deployment, &proof->scope.agency, &proof->scope.topic};
    *which[kit_below(random, 3)] = slice_text("another, of 16 b");
}

static void spoil_once(struct spoilt_proof *proof, const struct envelope *other, struct kit_random *random)
{
    static const uint32_t sizes[] = {1, 64, 1024}, lengths[] = {0, 6, 10};
    struct envelope *envelope = &proof->envelope;
    const size_t level = kit_below(random, 10);
    switch (kit_below(random, 10)) {
    case 0:
        if (level < envelope->n_path) {
            envelope->path[level] = own_bytes(proof->path[level], envelope->path[level]);
            flip_bit(random, proof->path[level], DIGEST_BYTES);
        }
        break;
    case 1:
        if (level < other->n_path)
            envelope->path[level] = other->path[level];
        break;
    case 2:
        envelope->signature = own_bytes(proof->signature, envelope->signature);
        flip_bit(random, proof->signature, sizeof proof->signature);
        break;
    case 3:
        envelope->signature = other->signature;
        break;
    case 4:
        envelope->key_id = own_bytes(proof->key_id, envelope->key_id);
        flip_bit(random, proof->key_id, sizeof proof->key_id);
        break;
    case 5:
        envelope->header = other->header;
        break;
    case 6:
        envelope->leaf_index = kit_below(random, 2) ? other->leaf_index : (uint32_t)kit_below(random, 1026);
        break;
    case 7:
        envelope->batch_size = sizes[kit_below(random, 3)];
        break;
    case 8:
        memcpy(envelope->path, other->path, sizeof envelope->path);
        envelope->n_path = kit_below(random, 2) ? other->n_path : lengths[kit_below(random, 3)];
        break;
    default:
        spoil_scope(proof, random);
    }
}

void spoilt_proof_make(struct spoilt_proof *proof, const struct spoilt_pool *pool, struct kit_random *random)
{
    proof->envelope = pool->good[kit_below(random, SPOILT_POOL)];
    proof->scope = (struct proof_scope){kit_deployment(), slice_text("kent"), slice_text("in.kent")};
    for (uint64_t n = kit_below(random, 4); n > 0; n--)
        spoil_once(proof, &pool->good[kit_below(random, SPOILT_POOL)], random);
}
