// SPDX-License-Identifier: Apache-2.0
// SHA-256 that takes no memory, so that it cannot fail wherever it is called. OpenSSL's EVP takes a block for each
// digest (3.0: 112 bytes at EVP_DigestInit, also of a context that is used again); the functions below it do not, and
// are there for programs that need just this one. OpenSSL calls them deprecated, since they know one implementation
// only.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "hub/base/digest.h"
#include <openssl/sha.h>

struct digest digest_of_parts(const struct slice *parts, size_t n)
{
    struct digest digest;
    SHA256_CTX context;
    SHA256_Init(&context);
    for (size_t i = 0; i < n; i++)
        if (parts[i].len)
            SHA256_Update(&context, parts[i].data, parts[i].len);
    SHA256_Final(digest.bytes, &context);
    return digest;
}

struct digest digest_of(struct slice bytes)
{
    return digest_of_parts(&bytes, 1);
}
