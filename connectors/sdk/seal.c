// SPDX-License-Identifier: Apache-2.0
// Signing a batch: one Ed25519 signature over the root of the tree of header hashes, and in every envelope the path
// from its leaf to that root. A receiver checks the signature once and every other item of the batch by a few hashes.
#include "connectors/sdk/seal.h"

#include <openssl/rand.h>
#include <stdio.h>

void seal_topic(const char *agency, char out[SEAL_TOPIC_BYTES])
{
    snprintf(out, SEAL_TOPIC_BYTES, "in.%s", agency);
}

static ProtobufCBinaryData bytes_of(struct slice bytes)
{
    return (ProtobufCBinaryData){.len = bytes.len, .data = (uint8_t *)bytes.data};
}

// The routing block goes last, by its field's number: what a feed may have of a whole item is one stretch of its bytes.
static struct slice pack_envelope(const struct item *item, Signalbox__V1__Proof *proof, struct arena *arena)
{
    Signalbox__V1__Part parts[ENVELOPE_PARTS], *rows[ENVELOPE_PARTS];
    Signalbox__V1__Envelope envelope = SIGNALBOX__V1__ENVELOPE__INIT;
    for (uint32_t i = 0; i < item->n_parts; i++) {
        const struct item_part *part = &item->parts[i];
        signalbox__v1__part__init(&parts[i]);
        parts[i].slot = part->slot;
        parts[i].salt = bytes_of(slice_of(part->salt, sizeof part->salt));
        parts[i].info = bytes_of(part->info);
        parts[i].content = bytes_of(part->content);
        rows[i] = &parts[i];
    }
    envelope.header = bytes_of(item->header_bytes);
    envelope.n_parts = item->n_parts;
    envelope.parts = rows;
    envelope.proof = proof;
    envelope.routing = bytes_of(item->routing_bytes);
    size_t size = signalbox__v1__envelope__get_packed_size(&envelope);
    uint8_t *bytes = arena_alloc(arena, size);
    return bytes ? slice_of(bytes, signalbox__v1__envelope__pack(&envelope, bytes)) : (struct slice){0};
}

struct slice seal_draft(const struct item *item, uint32_t batch, struct arena *arena)
{
    static uint8_t zeros[PROOF_SIGNATURE_BYTES];
    ProtobufCBinaryData path[ENVELOPE_PATH];
    Signalbox__V1__Proof proof = SIGNALBOX__V1__PROOF__INIT;
    for (size_t i = 0; i < ENVELOPE_PATH; i++)
        path[i] = (ProtobufCBinaryData){.len = DIGEST_BYTES, .data = zeros};
    proof.key_id = (ProtobufCBinaryData){.len = PROOF_KEY_ID_BYTES, .data = zeros};
    proof.signature = (ProtobufCBinaryData){.len = PROOF_SIGNATURE_BYTES, .data = zeros};
    proof.batch_size = proof_batch(batch);
    proof.leaf_index = proof.batch_size - 1;
    proof.n_path = proof_levels(proof.batch_size);
    proof.path = path;
    return pack_envelope(item, &proof, arena);
}

// The proof of a whole batch: its tree, and the signature over its root.
struct tree {
    uint32_t n;       // leaves
    uint32_t *places; // of the items, and then of the leaves that fill up
    struct digest *leaves, *paths;
    struct public_key key;
    uint8_t signature[PROOF_SIGNATURE_BYTES];
};

static bool sign_root(EVP_PKEY *key, const uint8_t *bytes, size_t len, uint8_t signature[PROOF_SIGNATURE_BYTES])
{
    size_t size = PROOF_SIGNATURE_BYTES;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context && EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
              EVP_DigestSign(context, signature, &size, bytes, len) == 1 && size == PROOF_SIGNATURE_BYTES;
    EVP_MD_CTX_free(context);
    return ok;
}

// A number below n, each as likely as any other. false without random numbers.
static bool random_below(uint32_t n, uint32_t *number)
{
    const uint32_t fair = UINT32_MAX - UINT32_MAX % n; // from there on the smaller ones would be likelier
    do {
        if (RAND_bytes((unsigned char *)number, sizeof *number) != 1)
            return false;
    } while (*number >= fair);
    *number %= n;
    return true;
}

static bool shuffle_places(struct tree *tree)
{
    for (uint32_t i = 0; i < tree->n; i++)
        tree->places[i] = i;
    for (uint32_t i = tree->n - 1; i > 0; i--) {
        uint32_t other, place = tree->places[i];
        if (!random_below(i + 1, &other))
            return false;
        tree->places[i] = tree->places[other];
        tree->places[other] = place;
    }
    return true;
}

// What fills the batch up cannot be told from the hash of a header.
static bool make_leaves(struct tree *tree, const struct item *const *items, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        tree->leaves[tree->places[i]] = proof_leaf(items[i]->header_bytes);
    for (uint32_t i = n; i < tree->n; i++)
        if (RAND_bytes(tree->leaves[tree->places[i]].bytes, DIGEST_BYTES) != 1)
            return false;
    return true;
}

static bool sign_tree(struct tree *tree, const struct seal_signer *signer)
{
    char topic[SEAL_TOPIC_BYTES];
    uint8_t statement[PROOF_STATEMENT_BYTES];
    struct digest root;
    seal_topic(signer->agency, topic);
    if (!proof_tree(tree->leaves, tree->n, &root, tree->paths))
        return false;
    tree->key = keys_public(signer->key);
    const struct proof_scope scope = {signer->deployment, slice_text(signer->agency), slice_text(topic)};
    size_t len = proof_statement(&scope, tree->n, &root, statement);
    return len && sign_root(signer->key, statement, len, tree->signature);
}

static struct slice pack_leaf(struct tree *tree, uint32_t i, const struct item *item, struct arena *arena)
{
    ProtobufCBinaryData path[ENVELOPE_PATH];
    Signalbox__V1__Proof proof = SIGNALBOX__V1__PROOF__INIT;
    const uint32_t place = tree->places[i], levels = proof_levels(tree->n);
    for (size_t level = 0; level < levels; level++)
        path[level] = (ProtobufCBinaryData){
            .len = DIGEST_BYTES, .data = tree->paths[(size_t)place * ENVELOPE_PATH + level].bytes};
    proof.key_id = (ProtobufCBinaryData){.len = PROOF_KEY_ID_BYTES, .data = tree->key.id};
    proof.signature = (ProtobufCBinaryData){.len = PROOF_SIGNATURE_BYTES, .data = tree->signature};
    proof.batch_size = tree->n;
    proof.leaf_index = place;
    proof.n_path = levels;
    proof.path = path;
    return pack_envelope(item, &proof, arena);
}

bool seal_items(const struct item *const *items, uint32_t n, const struct seal_signer *signer, struct arena *arena,
    struct slice *values)
{
    const uint32_t size = proof_batch(n);
    struct tree tree = {.n = size,
        .places = arena_alloc(arena, size * sizeof *tree.places),
        .leaves = arena_alloc(arena, size * sizeof *tree.leaves),
        .paths = arena_alloc(arena, (size_t)size * ENVELOPE_PATH * sizeof *tree.paths)};
    if (!size || !tree.places || !tree.leaves || !tree.paths || !shuffle_places(&tree) ||
        !make_leaves(&tree, items, n) || !sign_tree(&tree, signer))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        values[i] = pack_leaf(&tree, i, items[i], arena);
        if (!values[i].data)
            return false;
    }
    return true;
}
