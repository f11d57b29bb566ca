// SPDX-License-Identifier: Apache-2.0
// A batch of headers is a Merkle tree, one signature vouches for its root, and each item carries the way from its leaf
// up:
//
//              root              path of c: d, ab, e
//            /      \            A node without a sibling rises unchanged, so a path may be shorter than the tree is
//            high.
//         abcd       e
//        /    \      |           The first byte of what is hashed tells leaves (0) from nodes (1): no node can pose as
//        a leaf.
//      ab      cd    |           Deployment, agency and topic are not taken from the item but put in by the verifier.
//     a  b    c  d   e
#include "hub/contract/proof.h"
#include <stdlib.h>

#define PROOF_BATCH  UINT32_C(65536)
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

// RFC 9162, section 2.1.3.2: place and last are the numbers of this node and of the last one, level by level.
bool proof_root(
    struct digest leaf, uint32_t index, uint32_t size, const struct slice *path, uint32_t n_path, struct digest *root)
{
    if (size == 0 || size > PROOF_BATCH || index >= size)
        return false;
    uint32_t place = index, last = size - 1;
    for (uint32_t i = 0; i < n_path; i++) {
        if (last == 0 || path[i].len != DIGEST_BYTES)
            return false;
        bool is_right = (place & 1) || place == last;
        while (is_right && !(place & 1)) { // levels at which it has no sibling and rises unchanged
            place >>= 1;
            last >>= 1;
        }
        leaf = is_right ? digest_node(path[i], digest_slice(&leaf)) : digest_node(digest_slice(&leaf), path[i]);
        place >>= 1;
        last >>= 1;
    }
    *root = leaf;
    return last == 0;
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

// All that a verification rests on. The signature is part of it: a root that is known to be good does not make a wrong
// signature beside it right, and a hub that has forgotten the root must come to the same decision.
struct claim {
    uint8_t key_id[PROOF_KEY_ID_BYTES], signature[PROOF_SIGNATURE_BYTES], statement[PROOF_STATEMENT_BYTES];
    size_t len; // of the statement; 0 for a slot not in use
};

struct proof_cache {
    size_t entries;
    struct claim claims[]; // a root has one slot only, and the latest root keeps it
};

struct proof_cache *proof_cache_new(size_t entries)
{
    entries = entries ? entries : 1;
    if (entries > (SIZE_MAX - sizeof(struct proof_cache)) / sizeof(struct claim))
        return NULL;
    struct proof_cache *cache = calloc(1, sizeof *cache + entries * sizeof *cache->claims);
    if (cache)
        cache->entries = entries;
    return cache;
}

struct proof_cache *proof_cache_free(struct proof_cache *cache)
{
    free(cache);
    return NULL;
}

static struct claim *slot_of(struct proof_cache *cache, const struct digest *root)
{
    uint64_t hash;
    memcpy(&hash, root->bytes, sizeof hash);
    return &cache->claims[hash % cache->entries];
}

static bool same_claim(const struct claim *a, const struct claim *b)
{
    return a->len == b->len && memcmp(a->statement, b->statement, a->len) == 0 &&
           memcmp(a->signature, b->signature, sizeof a->signature) == 0 &&
           memcmp(a->key_id, b->key_id, sizeof a->key_id) == 0;
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

static bool is_signed(const struct claim *claim, EVP_PKEY *key)
{
    if (!key || EVP_PKEY_get_id(key) != EVP_PKEY_ED25519 || !is_key(key, claim->key_id))
        return false;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(context, claim->signature, sizeof claim->signature, claim->statement, claim->len) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

bool proof_verify(
    const struct envelope *envelope, const struct proof_scope *scope, EVP_PKEY *key, struct proof_cache *cache)
{
    struct claim claim;
    struct digest root;
    if (envelope->key_id.len != sizeof claim.key_id || envelope->signature.len != sizeof claim.signature ||
        !proof_root(proof_leaf(envelope->header), envelope->leaf_index, envelope->batch_size, envelope->path,
            envelope->n_path, &root))
        return false;
    memcpy(claim.key_id, envelope->key_id.data, sizeof claim.key_id);
    memcpy(claim.signature, envelope->signature.data, sizeof claim.signature);
    claim.len = proof_statement(scope, envelope->batch_size, &root, claim.statement);
    if (claim.len == 0)
        return false;
    struct claim *known = cache ? slot_of(cache, &root) : NULL;
    if (known && same_claim(known, &claim))
        return true;
    if (!is_signed(&claim, key))
        return false;
    if (known)
        *known = claim;
    return true;
}

// Appends to the path of every leaf its sibling at this level, if it has one.
static void add_siblings(
    const struct digest *nodes, uint32_t n_nodes, uint32_t level, uint32_t n, struct digest *paths, uint8_t *lengths)
{
    for (uint32_t leaf = 0; leaf < n; leaf++) {
        uint32_t sibling = (leaf >> level) ^ 1;
        if (sibling < n_nodes)
            paths[(size_t)leaf * ENVELOPE_PATH + lengths[leaf]++] = nodes[sibling];
    }
}

static uint32_t join_pairs(struct digest *nodes, uint32_t n_nodes)
{
    for (uint32_t i = 0; i + 1 < n_nodes; i += 2)
        nodes[i / 2] = digest_node(digest_slice(&nodes[i]), digest_slice(&nodes[i + 1]));
    if (n_nodes % 2)
        nodes[n_nodes / 2] = nodes[n_nodes - 1];
    return n_nodes / 2 + n_nodes % 2;
}

bool proof_tree(const struct digest *leaves, uint32_t n, struct digest *root, struct digest *paths, uint8_t *lengths)
{
    if (n == 0 || n > PROOF_BATCH)
        return false;
    struct digest *nodes = malloc(n * sizeof *nodes);
    if (!nodes)
        return false;
    memcpy(nodes, leaves, n * sizeof *nodes);
    memset(lengths, 0, n);
    uint32_t n_nodes = n;
    for (uint32_t level = 0; n_nodes > 1; level++) {
        add_siblings(nodes, n_nodes, level, n, paths, lengths);
        n_nodes = join_pairs(nodes, n_nodes);
    }
    *root = nodes[0];
    free(nodes);
    return true;
}
