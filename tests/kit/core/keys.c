// SPDX-License-Identifier: Apache-2.0
// Keys for tests: the private key is the hash of the organisation's name, so that no test has a key file.
#include "tests/kit/core/envelopes.h"
#include <stdio.h>
#include <stdlib.h>

#define KEYS 512

struct slice kit_deployment(void)
{
    static const uint8_t id[PROOF_DEPLOYMENT_BYTES] = "a model hub";
    return slice_of(id, sizeof id);
}

static struct {
    char name[65];
    struct kit_key key;
} keys[KEYS];

static struct kit_key make_key(const char *organisation)
{
    struct kit_key made;
    struct slice seed[] = {slice_text("tests/kit key of "), slice_text(organisation)};
    struct digest private_key = digest_of_parts(seed, 2);
    size_t len = sizeof made.public_key;
    made.key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, private_key.bytes, DIGEST_BYTES);
    if (!made.key || EVP_PKEY_get_raw_public_key(made.key, made.public_key, &len) != 1)
        abort();
    proof_key_id(made.public_key, made.key_id);
    return made;
}

const struct kit_key *kit_key(const char *organisation)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (!keys[i].name[0]) {
            snprintf(keys[i].name, sizeof keys[i].name, "%s", organisation);
            keys[i].key = make_key(organisation);
        }
        if (strcmp(keys[i].name, organisation) == 0)
            return &keys[i].key;
    }
    abort();
}
