// SPDX-License-Identifier: Apache-2.0
// A batch of headers is a Merkle tree, one signature vouches for its root, and each item carries the way from its leaf
// up:
//
//          root          path of c: d, ab
//        /      \        The first byte of what is hashed tells leaves (0) from nodes (1): no node can pose as a leaf.
//      ab        cd      Deployment, agency and topic are not taken from the item but put in by the verifier.
//     /  \      /  \     There are three sizes only, all trees are perfect, and a batch that is not full is filled up
//    a    b    c    d    with random leaves: neither size nor place tells how much an agency sent.
#include "hub/contract/proof_cache_parts.h"
#include <stdlib.h>

#define AGENCY_BYTES 64
#define TOPIC_BYTES  100

static const char domain[] = "signalbox/v1/batch"; // its terminator is signed too

struct digest proof_leaf(struct slice header)
{
    static const uint8_t tag = 0;
    return digest_of_parts((const struct slice[]){slice_of(&tag, 1), header}, 2);
}

static struct digest digest_node(struct slice left, struct slice right)
{
    uint8_t bytes[1 + 2 * DIGEST_BYTES] = {1};
    memcpy(bytes + 1, left.data, DIGEST_BYTES);
    memcpy(bytes + 1 + DIGEST_BYTES, right.data, DIGEST_BYTES);
    return digest_of(slice_of(bytes, sizeof bytes));
}

struct digest proof_step(struct digest node, uint32_t place, struct slice sibling)
{
    return place & 1 ? digest_node(sibling, digest_slice(&node)) : digest_node(digest_slice(&node), sibling);
}

// The sizes of batches, by the levels of their trees.
static const uint8_t batch_levels[] = {0, 6, 10};

uint32_t proof_batch(uint32_t n)
{
    for (size_t i = 0; i < sizeof batch_levels; i++)
        if (n <= UINT32_C(1) << batch_levels[i])
            return UINT32_C(1) << batch_levels[i];
    return 0;
}

bool proof_batch_valid(uint32_t size)
{
    return size > 0 && proof_batch(size) == size;
}

uint32_t proof_levels(uint32_t size)
{
    return (uint32_t)__builtin_ctz(size);
}

bool proof_root(
    struct digest leaf, uint32_t index, uint32_t size, const struct slice *path, uint32_t n_path, struct digest *root)
{
    if (!proof_batch_valid(size) || index >= size || n_path != proof_levels(size))
        return false;
    for (uint32_t i = 0; i < n_path; i++) {
        if (path[i].len != DIGEST_BYTES)
            return false;
        leaf = proof_step(leaf, index >> i, path[i]);
    }
    *root = leaf;
    return true;
}

static size_t put_bytes(uint8_t *out, size_t at, const void *bytes, size_t len)
{
    memcpy(out + at, bytes, len);
    return at + len;
}

size_t proof_statement(
    const struct proof_scope *scope, uint32_t size, const struct digest *root, uint8_t out[PROOF_STATEMENT_BYTES])
{
    const struct slice agency = scope->agency, topic = scope->topic;
    if (scope->deployment.len != PROOF_DEPLOYMENT_BYTES || agency.len == 0 || agency.len > AGENCY_BYTES ||
        topic.len == 0 || topic.len > TOPIC_BYTES)
        return 0;
    uint8_t count[] = {(uint8_t)(size >> 24), (uint8_t)(size >> 16), (uint8_t)(size >> 8), (uint8_t)size};
    size_t at = put_bytes(out, 0, domain, sizeof domain);
    at = put_bytes(out, at, scope->deployment.data, PROOF_DEPLOYMENT_BYTES);
    out[at++] = (uint8_t)agency.len;
    at = put_bytes(out, at, agency.data, agency.len);
    out[at++] = (uint8_t)topic.len;
    at = put_bytes(out, at, topic.data, topic.len);
    at = put_bytes(out, at, count, sizeof count);
    return put_bytes(out, at, root->bytes, DIGEST_BYTES);
}

void proof_key_id(const uint8_t public_key[PROOF_PUBLIC_BYTES], uint8_t out[PROOF_KEY_ID_BYTES])
{
    struct digest digest = digest_of(slice_of(public_key, PROOF_PUBLIC_BYTES));
    memcpy(out, digest.bytes, PROOF_KEY_ID_BYTES);
}

static bool is_key(EVP_PKEY *key, const uint8_t key_id[PROOF_KEY_ID_BYTES])
{
    uint8_t public_key[PROOF_PUBLIC_BYTES], id[PROOF_KEY_ID_BYTES];
    size_t len = sizeof public_key;
    if (EVP_PKEY_get_raw_public_key(key, public_key, &len) != 1 || len != sizeof public_key)
        return false;
    proof_key_id(public_key, id);
    return memcmp(id, key_id, sizeof id) == 0;
}

static bool is_signed(const struct proof_claim *claim, EVP_PKEY *key)
{
    if (!key || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519 || !is_key(key, claim->key_id))
        return false;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(context, claim->signature, sizeof claim->signature, claim->statement, claim->len) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

// What the envelope claims of a root. false if it cannot be signed at all.
static bool make_claim(const struct envelope *envelope, const struct proof_scope *scope, const struct digest *root,
    struct proof_claim *claim)
{
    memcpy(claim->key_id, envelope->key_id.data, sizeof claim->key_id);
    memcpy(claim->signature, envelope->signature.data, sizeof claim->signature);
    claim->len = proof_statement(scope, envelope->batch_size, root, claim->statement);
    return claim->len > 0;
}

static bool verify_alone(const struct envelope *envelope, const struct proof_scope *scope, EVP_PKEY *key)
{
    struct proof_claim claim;
    struct digest root;
    return proof_root(proof_leaf(envelope->header), envelope->leaf_index, envelope->batch_size, envelope->path,
               envelope->n_path, &root) &&
           make_claim(envelope, scope, &root, &claim) && is_signed(&claim, key);
}

static bool verify_in(struct proof_cache_place *place, const struct envelope *envelope, struct digest leaf,
    const struct proof_scope *scope, EVP_PKEY *key)
{
    struct proof_claim claim;
    struct proof_way way;
    struct digest root = proof_cache_climb(place, leaf, envelope, &way);
    if (!make_claim(envelope, scope, &root, &claim) || !(proof_cache_has(place, &claim) || is_signed(&claim, key)))
        return false;
    proof_cache_learn(place, &claim, &way);
    return true;
}

static bool is_formed(const struct envelope *envelope)
{
    if (envelope->key_id.len != PROOF_KEY_ID_BYTES || envelope->signature.len != PROOF_SIGNATURE_BYTES ||
        !proof_batch_valid(envelope->batch_size) || envelope->leaf_index >= envelope->batch_size ||
        envelope->n_path != proof_levels(envelope->batch_size))
        return false;
    for (uint32_t i = 0; i < envelope->n_path; i++)
        if (envelope->path[i].len != DIGEST_BYTES)
            return false;
    return true;
}

bool proof_verify(
    const struct envelope *envelope, const struct proof_scope *scope, EVP_PKEY *key, struct proof_cache *cache)
{
    if (!is_formed(envelope))
        return false;
    if (!cache)
        return verify_alone(envelope, scope, key);
    const struct digest leaf = proof_leaf(envelope->header); // hashed while nobody has to wait for it
    struct proof_cache_place *place = proof_cache_enter(cache, envelope->signature.data);
    bool good = verify_in(place, envelope, leaf, scope, key);
    proof_cache_leave(cache, place);
    return good;
}

// Appends to the path of every leaf its sibling at this level.
static void add_siblings(const struct digest *nodes, uint32_t level, uint32_t n, struct digest *paths)
{
    for (uint32_t leaf = 0; leaf < n; leaf++)
        paths[(size_t)leaf * ENVELOPE_PATH + level] = nodes[(leaf >> level) ^ 1];
}

bool proof_tree(const struct digest *leaves, uint32_t n, struct digest *root, struct digest *paths)
{
    struct digest *nodes = proof_batch_valid(n) ? malloc(n * sizeof *nodes) : NULL;
    if (!nodes)
        return false;
    memcpy(nodes, leaves, n * sizeof *nodes);
    for (uint32_t level = 0; n >> level > 1; level++) {
        add_siblings(nodes, level, n, paths);
        for (uint32_t i = 0; i < n >> level; i += 2)
            nodes[i / 2] = digest_node(digest_slice(&nodes[i]), digest_slice(&nodes[i + 1]));
    }
    *root = nodes[0];
    free(nodes);
    return true;
}
