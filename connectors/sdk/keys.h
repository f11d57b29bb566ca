// SPDX-License-Identifier: Apache-2.0
// Signing keys of an agency: Ed25519, kept as PEM (PKCS#8, unencrypted) in a file that its owner alone can read.
#pragma once
#include "hub/base/error.h"
#include "hub/contract/proof.h"

// What may be told to everybody; goes into the registry.
struct public_key {
    uint8_t id[PROOF_KEY_ID_BYTES];
    uint8_t raw[PROOF_PUBLIC_BYTES];
};

// A new key, to be freed by EVP_PKEY_free. NULL if the machine has no random numbers or no memory.
EVP_PKEY *keys_generate(void);

// Writes the private key to a new file with mode 0600. An existing file is never overwritten. false with a sentence.
bool keys_save(EVP_PKEY *key, const char *path, struct error *error);

// Reads a private key. NULL with a sentence: no such file, not a regular file, readable by group or others, not a
// private Ed25519 key, encrypted. To be freed by EVP_PKEY_free.
EVP_PKEY *keys_load(const char *path, struct error *error);

// The public half and its id.
struct public_key keys_public(EVP_PKEY *key);
