// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) by OpenSSL.
#pragma once
#include "hub/base/slice.h"

#define DIGEST_BYTES 32

struct digest {
    uint8_t bytes[DIGEST_BYTES];
};

// Of the parts one after the other. Never fails, and takes no memory.
struct digest digest_of(struct slice bytes);
struct digest digest_of_parts(const struct slice *parts, size_t n);

static inline struct slice digest_slice(const struct digest *digest)
{
    return slice_of(digest->bytes, DIGEST_BYTES);
}
