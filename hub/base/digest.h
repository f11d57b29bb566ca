// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) by OpenSSL, and the partition hash that Kafka's own clients use.
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

// Lower-case hexadecimal; out holds 2 * bytes.len + 1.
void hex_encode(struct slice bytes, char *out);
// Returns the number of bytes written, or -1 if text is not hexadecimal or does not fit in size.
long hex_decode(struct slice text, uint8_t *out, size_t size);

// murmur2 as Kafka's Java client's default partitioner has it (org.apache.kafka.common.utils.Utils), made positive as
// it does.
uint32_t murmur2_positive(struct slice key);
