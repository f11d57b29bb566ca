// SPDX-License-Identifier: Apache-2.0
// The key by which an agency's references become nonces, and so item ids: 32 random bytes, as 64 hexadecimal digits in
// a file that its owner alone can read. It is made once and never renewed: with another one the same references give
// other ids, and what was published under the old ones can be neither revised nor recalled.
#pragma once
#include "hub/base/error.h"
#include "hub/base/slice.h"
#include <stdint.h>

#define NONCE_KEY_BYTES 32
#define NONCE_BYTES     16

struct nonce_key {
    uint8_t bytes[NONCE_KEY_BYTES];
};

// false if the machine has no random numbers.
bool nonce_key_generate(struct nonce_key *key);
// Writes it to a new file with mode 0600. An existing file is never overwritten. false with a sentence.
bool nonce_key_save(const struct nonce_key *key, const char *path, struct error *error);
// false with a sentence that says what to do: no such file, not a regular file, readable by group or others, no such
// key.
bool nonce_key_load(const char *path, struct nonce_key *key, struct error *error);

// Where an agency's nonce key lies unless another file is named: "<agency>.nonce" in the folder of its signing key.
// false if that is too long.
bool nonce_key_beside(const char *signing_key, const char *agency, char *path, size_t size);

// The nonce of the item that the agency calls so: first 16 bytes of HMAC-SHA-256. false if there is no memory.
bool nonce_key_make(const struct nonce_key *key, struct slice reference, uint8_t nonce[NONCE_BYTES]);
