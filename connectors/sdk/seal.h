// SPDX-License-Identifier: Apache-2.0
// Signing: items become envelopes, up to 1,024 under one signature (Merkle tree, proto/README.md "What is signed"), in
// random places of a batch that is filled up to 1, 64 or 1,024.
#pragma once
#include "connectors/sdk/item.h"
#include "connectors/sdk/keys.h"

#define SEAL_TOPIC_BYTES 80
#define SEAL_BATCH_MAX   PROOF_BATCH_MAX

// "in.<agency>", where an agency's items go and for which its signatures hold.
void seal_topic(const char *agency, char out[SEAL_TOPIC_BYTES]);

// The envelope of an item with a signature of zeros, as large as it will be in a batch of so many items: for checking
// it before anything is signed. The empty slice if there is no memory.
struct slice seal_draft(const struct item *item, uint32_t batch, struct arena *arena);

// Who signs, and for which deployment it is good.
struct seal_signer {
    struct slice deployment; // PROOF_DEPLOYMENT_BYTES
    const char *agency;
    EVP_PKEY *key;
};

// Signs n items at once, at most SEAL_BATCH_MAX, and writes their envelopes, in order. false if there is no memory,
// there are no random numbers, or the key cannot sign.
bool seal_items(const struct item *const *items, uint32_t n, const struct seal_signer *signer, struct arena *arena,
    struct slice *values);
