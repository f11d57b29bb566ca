// SPDX-License-Identifier: Apache-2.0
// Signing a batch: one Ed25519 signature over the root of the tree of header hashes, and in every envelope the path
// from its leaf to that root. A receiver checks the signature once and every other item of the batch by a few hashes.
#include "connectors/sdk/seal.h"

#include <stdio.h>

void seal_topic(const char *agency, char out[SEAL_TOPIC_BYTES])
{
    snprintf(out, SEAL_TOPIC_BYTES, "in.%s", agency);
}

static struct slice pack_envelope(const struct item *item, Signalbox__V1__Proof *proof, struct arena *arena)
{
    Signalbox__V1__Part parts[ENVELOPE_PARTS], *rows[ENVELOPE_PARTS];
    Signalbox__V1__Envelope envelope = SIGNALBOX__V1__ENVELOPE__INIT;
    for (uint32_t i = 0; i < item->header->n_parts; i++) {
        signalbox__v1__part__init(&parts[i]);
        parts[i].index = i;
        parts[i].salt = (ProtobufCBinaryData){.len = ITEM_SALT_BYTES, .data = (uint8_t *)item->salts[i]};
        parts[i].content =
            (ProtobufCBinaryData){.len = item->contents[i].len, .data = (uint8_t *)item->contents[i].data};
        rows[i] = &parts[i];
    }
    envelope.header = (ProtobufCBinaryData){.len = item->header_bytes.len, .data = (uint8_t *)item->header_bytes.data};
    envelope.n_parts = item->header->n_parts;
    envelope.parts = rows;
    envelope.proof = proof;
    size_t size = signalbox__v1__envelope__get_packed_size(&envelope);
    uint8_t *bytes = arena_alloc(arena, size);
    return bytes ? slice_of(bytes, signalbox__v1__envelope__pack(&envelope, bytes)) : (struct slice){0};
}

static uint32_t count_levels(uint32_t batch)
{
    uint32_t n = 0;
    while (n < ENVELOPE_PATH && (UINT32_C(1) << n) < batch)
        n++;
    return n;
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
    proof.batch_size = batch;
    proof.leaf_index = batch - 1;
    proof.n_path = count_levels(batch);
    proof.path = path;
    return pack_envelope(item, &proof, arena);
}

// The proof of a whole batch: its tree, and the signature over its root.
struct tree {
    uint32_t n;
    struct digest *leaves, *paths;
    uint8_t *lengths;
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

static bool sign_tree(struct tree *tree, const struct item *const *items, const struct seal_signer *signer)
{
    char topic[SEAL_TOPIC_BYTES];
    uint8_t statement[PROOF_STATEMENT_BYTES];
    struct digest root;
    seal_topic(signer->agency, topic);
    for (uint32_t i = 0; i < tree->n; i++)
        tree->leaves[i] = proof_leaf(items[i]->header_bytes);
    proof_tree(tree->leaves, tree->n, &root, tree->paths, tree->lengths);
    tree->key = keys_public(signer->key);
    const struct proof_scope scope = {signer->deployment, slice_text(signer->agency), slice_text(topic)};
    size_t len = proof_statement(&scope, tree->n, &root, statement);
    return len && sign_root(signer->key, statement, len, tree->signature);
}

static struct slice pack_leaf(struct tree *tree, uint32_t i, const struct item *item, struct arena *arena)
{
    ProtobufCBinaryData path[ENVELOPE_PATH];
    Signalbox__V1__Proof proof = SIGNALBOX__V1__PROOF__INIT;
    for (size_t level = 0; level < tree->lengths[i]; level++)
        path[level] =
            (ProtobufCBinaryData){.len = DIGEST_BYTES, .data = tree->paths[(size_t)i * ENVELOPE_PATH + level].bytes};
    proof.key_id = (ProtobufCBinaryData){.len = PROOF_KEY_ID_BYTES, .data = tree->key.id};
    proof.signature = (ProtobufCBinaryData){.len = PROOF_SIGNATURE_BYTES, .data = tree->signature};
    proof.batch_size = tree->n;
    proof.leaf_index = i;
    proof.n_path = tree->lengths[i];
    proof.path = path;
    return pack_envelope(item, &proof, arena);
}

bool seal_items(const struct item *const *items, uint32_t n, const struct seal_signer *signer, struct arena *arena,
    struct slice *values)
{
    struct tree tree = {.n = n,
        .leaves = arena_alloc(arena, n * sizeof(struct digest)),
        .paths = arena_alloc(arena, (size_t)n * ENVELOPE_PATH * sizeof(struct digest)),
        .lengths = arena_alloc(arena, n)};
    if (!tree.leaves || !tree.paths || !tree.lengths || !sign_tree(&tree, items, signer))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        values[i] = pack_leaf(&tree, i, items[i], arena);
        if (!values[i].data)
            return false;
    }
    return true;
}
