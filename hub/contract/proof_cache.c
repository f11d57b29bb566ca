// SPDX-License-Identifier: Apache-2.0
// A place is a small memory of its own; which one is a batch's, its signature says. In it a batch has one slot for what
// was proved, and one for each of its trees. All nodes of a tree stand in one row, level by level, the root last; a
// node that is there has all its way up there too, because a way is learnt as a whole.
#include "hub/contract/proof_cache_parts.h"
#include <stdlib.h>

#define TREE_NODES  (2 * (1 << TREE_LEVELS) - 1)
#define UPPER       16 // number of the tree above the others
#define SPREAD      5  // between the slots of trees of one batch
#define SMALL_CACHE PROOF_CACHE_PLACES

struct proof_tree_nodes {
    uint8_t signature[PROOF_SIGNATURE_BYTES]; // of the batch
    uint32_t part, levels;
    uint64_t known[(TREE_NODES + 63) / 64]; // by number of node; the root is known, or nothing is
    struct digest nodes[TREE_NODES];
};

struct proof_cache_place {
    unsigned number;
    uint64_t hash; // of the batch at hand
    size_t slots;
    struct proof_claim *claims;
    struct proof_tree_nodes *trees;
};

struct proof_cache {
    struct proof_cache_lock lock; // without functions: for one thread
    unsigned n_places;
    struct proof_claim *claims;
    struct proof_tree_nodes *trees;
    struct proof_cache_place places[PROOF_CACHE_PLACES];
};

struct proof_cache *proof_cache_new(size_t batches)
{
    struct proof_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    cache->n_places = batches < SMALL_CACHE ? 1 : PROOF_CACHE_PLACES;
    const size_t slots = batches < SMALL_CACHE ? batches + (batches == 0) : batches / PROOF_CACHE_PLACES;
    cache->claims = calloc(cache->n_places * slots, sizeof *cache->claims);
    cache->trees = calloc(cache->n_places * slots, sizeof *cache->trees);
    if (!cache->claims || !cache->trees)
        return proof_cache_free(cache);
    for (unsigned i = 0; i < cache->n_places; i++)
        cache->places[i] = (struct proof_cache_place){
            .number = i, .slots = slots, .claims = cache->claims + i * slots, .trees = cache->trees + i * slots};
    return cache;
}

struct proof_cache *proof_cache_free(struct proof_cache *cache)
{
    if (!cache)
        return NULL;
    free(cache->claims);
    free(cache->trees);
    free(cache);
    return NULL;
}

void proof_cache_share(struct proof_cache *cache, const struct proof_cache_lock *lock)
{
    cache->lock = *lock;
}

struct proof_cache_place *proof_cache_enter(struct proof_cache *cache, const uint8_t signature[PROOF_SIGNATURE_BYTES])
{
    uint64_t hash;
    memcpy(&hash, signature, sizeof hash);
    struct proof_cache_place *place = &cache->places[hash % cache->n_places];
    if (cache->lock.take)
        cache->lock.take(cache->lock.context, place->number);
    place->hash = hash / cache->n_places;
    return place;
}

void proof_cache_leave(struct proof_cache *cache, struct proof_cache_place *place)
{
    if (cache->lock.give)
        cache->lock.give(cache->lock.context, place->number);
}

static uint32_t node_number(uint32_t levels, uint32_t level, uint32_t place)
{
    return (UINT32_C(2) << levels) - (UINT32_C(2) << (levels - level)) + place;
}

static bool has_node(const struct proof_tree_nodes *tree, uint32_t level, uint32_t place, struct slice node)
{
    const uint32_t number = node_number(tree->levels, level, place);
    return tree->known[number / 64] >> number % 64 & 1 &&
           memcmp(tree->nodes[number].bytes, node.data, DIGEST_BYTES) == 0;
}

static void put_node(struct proof_tree_nodes *tree, uint32_t level, uint32_t place, struct slice node)
{
    const uint32_t number = node_number(tree->levels, level, place);
    tree->known[number / 64] |= UINT64_C(1) << number % 64;
    memcpy(tree->nodes[number].bytes, node.data, DIGEST_BYTES);
}

static bool is_of(const struct proof_tree_nodes *tree, const struct proof_tree_way *way, const uint8_t *signature)
{
    return tree->part == way->part && tree->levels == way->levels &&
           memcmp(tree->signature, signature, sizeof tree->signature) == 0;
}

// Whether the node at this level and all that is left of the path were walked before.
static bool was_walked(const struct proof_tree_way *way, uint32_t level)
{
    if (!has_node(way->tree, level, way->place >> level, digest_slice(&way->nodes[level])))
        return false;
    for (uint32_t i = level; i < way->levels; i++)
        if (!has_node(way->tree, i, way->place >> i ^ 1, way->path[i]))
            return false;
    return true;
}

static struct digest climb_tree(struct proof_tree_way *way, struct digest leaf, const uint8_t *signature)
{
    const bool known = is_of(way->tree, way, signature);
    way->nodes[0] = leaf;
    for (way->walked = 0; way->walked < way->levels; way->walked++) {
        const uint32_t level = way->walked;
        if (known && was_walked(way, level))
            return way->tree->nodes[node_number(way->levels, way->levels, 0)];
        way->nodes[level + 1] = proof_step(way->nodes[level], way->place >> level, way->path[level]);
    }
    return way->nodes[way->levels];
}

static struct proof_tree_nodes *tree_of(struct proof_cache_place *place, uint32_t part)
{
    return &place->trees[(place->hash + (uint64_t)part * SPREAD) % place->slots];
}

struct digest proof_cache_climb(
    struct proof_cache_place *place, struct digest leaf, const struct envelope *envelope, struct proof_way *way)
{
    const uint32_t levels = envelope->n_path, low = levels < TREE_LEVELS ? levels : TREE_LEVELS;
    way->signature = envelope->signature.data;
    way->n_trees = levels == 0 ? 0 : levels > TREE_LEVELS ? 2 : 1;
    const uint32_t part = envelope->leaf_index >> low;
    way->trees[0] = (struct proof_tree_way){.tree = tree_of(place, part),
        .part = part,
        .levels = low,
        .place = envelope->leaf_index & ((UINT32_C(1) << low) - 1),
        .path = envelope->path};
    way->trees[1] = (struct proof_tree_way){.tree = tree_of(place, UPPER),
        .part = UPPER,
        .levels = levels - low,
        .place = part,
        .path = envelope->path + low};
    for (unsigned i = 0; i < way->n_trees; i++)
        leaf = climb_tree(&way->trees[i], leaf, way->signature);
    return leaf;
}

static struct proof_claim *claim_of(const struct proof_cache_place *place)
{
    return &place->claims[place->hash % place->slots];
}

bool proof_cache_has(const struct proof_cache_place *place, const struct proof_claim *claim)
{
    const struct proof_claim *known = claim_of(place);
    return known->len == claim->len && memcmp(known->statement, claim->statement, claim->len) == 0 &&
           memcmp(known->signature, claim->signature, sizeof claim->signature) == 0 &&
           memcmp(known->key_id, claim->key_id, sizeof claim->key_id) == 0;
}

static void begin_tree(const struct proof_tree_way *way, const uint8_t *signature)
{
    struct proof_tree_nodes *tree = way->tree;
    memset(tree->known, 0, sizeof tree->known);
    memcpy(tree->signature, signature, sizeof tree->signature);
    tree->part = way->part;
    tree->levels = way->levels;
    put_node(tree, way->levels, 0, digest_slice(&way->nodes[way->levels]));
}

// The slot may be another tree's, or that of one with the same signature beside it and another root. If the way met a
// node that was remembered, neither is so, unless the other tree of the batch has just taken the slot.
static void learn_tree(const struct proof_tree_way *way, const uint8_t *signature)
{
    struct proof_tree_nodes *tree = way->tree;
    const bool whole = way->walked == way->levels, same = is_of(tree, way, signature);
    if (!whole && !same)
        return;
    if (whole && !(same && has_node(tree, way->levels, 0, digest_slice(&way->nodes[way->levels]))))
        begin_tree(way, signature);
    for (uint32_t i = 0; i < way->walked; i++) {
        put_node(tree, i, way->place >> i, digest_slice(&way->nodes[i]));
        put_node(tree, i, way->place >> i ^ 1, way->path[i]);
    }
}

void proof_cache_learn(struct proof_cache_place *place, const struct proof_claim *claim, const struct proof_way *way)
{
    *claim_of(place) = *claim;
    for (unsigned i = 0; i < way->n_trees; i++)
        learn_tree(&way->trees[i], way->signature);
}
