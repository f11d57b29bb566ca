// SPDX-License-Identifier: Apache-2.0
// Who vouches for a header: Ed25519 (RFC 8032) over the Merkle root (RFC 6962) of a batch of headers.
// leaf = SHA-256(0x00 | header), node = SHA-256(0x01 | left | right). Signed bytes:
//   "signalbox/v1/batch" 0x00 | deployment (16) | u8 length, agency | u8 length, topic without prefix
//   | u32 big-endian batch size | root (32)
#pragma once
#include "hub/base/digest.h"
#include "hub/contract/envelope.h"
#include "hub/contract/proof_cache.h"
#include <openssl/evp.h>

#define PROOF_SIGNATURE_BYTES  64
#define PROOF_KEY_ID_BYTES     16
#define PROOF_PUBLIC_BYTES     32
#define PROOF_BATCH_MAX        1024
#define PROOF_STATEMENT_BYTES  256
#define PROOF_DEPLOYMENT_BYTES 16

// Where a signature is good, and whose it is. The verifier puts it in; nothing of it is taken from the item.
struct proof_scope {
    struct slice deployment; // id of the deployment, PROOF_DEPLOYMENT_BYTES
    struct slice agency;     // 1 to 64 bytes
    struct slice topic;      // the agency's inbound one, without prefix, 1 to 100 bytes
};

struct digest proof_leaf(struct slice header);
// Batches have 1, 64 or 1,024 leaves: the least of these that holds n, or 0 if none does; whether a size is one of
// them; and the levels of a tree of such a size, which is the length of its paths.
uint32_t proof_batch(uint32_t n);
bool proof_batch_valid(uint32_t size);
uint32_t proof_levels(uint32_t size);
// The root that a leaf and its path lead to. false if there is no such size or place, or the path has another length.
bool proof_root(
    struct digest leaf, uint32_t index, uint32_t size, const struct slice *path, uint32_t n_path, struct digest *root);
// The bytes that are signed. Returns their number; 0 if a length of the scope is none of those above.
size_t proof_statement(
    const struct proof_scope *scope, uint32_t size, const struct digest *root, uint8_t out[PROOF_STATEMENT_BYTES]);

// The first 16 bytes of the SHA-256 of a raw public key.
void proof_key_id(const uint8_t public_key[PROOF_PUBLIC_BYTES], uint8_t out[PROOF_KEY_ID_BYTES]);

// Verifies the envelope's proof within scope under key, which must be the one that its key id names. cache may be NULL.
bool proof_verify(
    const struct envelope *envelope, const struct proof_scope *scope, EVP_PKEY *key, struct proof_cache *cache);

// Signing side: all paths of a batch. paths gets n * ENVELOPE_PATH digests, proof_levels(n) for each leaf. false if n
// is no size of a batch, or if there is no memory.
bool proof_tree(const struct digest *leaves, uint32_t n, struct digest *root, struct digest *paths);
