// SPDX-License-Identifier: Apache-2.0
// The console's certificate, with its chain, and the key to it.
#pragma once
#include "hub/base/digest.h"
#include "hub/base/error.h"
#include <gnutls/abstract.h>

struct keypair {
    char *certificate, *key; // PEM
    struct digest sha256;    // of the certificate itself
    int64_t from_ms, to_ms;  // its dates; Unix
};

// Reads two files and checks that they are whole, that they belong together, and that the key is its owner's alone.
// false with a sentence, and then there is nothing to release.
bool keypair_read(struct keypair *pair, const char *certificate, const char *key, struct error *error);
void keypair_deinit(struct keypair *pair); // wipes the key

// A copy for one handshake: list from gnutls_malloc, key from gnutls_privkey_init; the caller's to release.
bool keypair_copy(const struct keypair *pair, gnutls_pcert_st **list, unsigned *n, gnutls_privkey_t *key);
