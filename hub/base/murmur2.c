// SPDX-License-Identifier: Apache-2.0
// MurmurHash2 (Austin Appleby, public domain) with the seed of Kafka's Java client, four bytes at a time,
// little-endian. Every client that keys by subject must agree on this function to the bit, or an item takes the detour
// through relane.
#include "hub/base/murmur2.h"

#define MURMUR2_SEED UINT32_C(0x9747b28c)
#define MURMUR2_M    UINT32_C(0x5bd1e995)

static uint32_t word_at(const uint8_t *data)
{
    return (uint32_t)data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 | (uint32_t)data[3] << 24;
}

static uint32_t mix_tail(uint32_t hash, const uint8_t *tail, size_t n)
{
    if (n == 0)
        return hash;
    for (size_t i = 0; i < n; i++)
        hash ^= (uint32_t)tail[i] << (8 * i);
    return hash * MURMUR2_M;
}

static uint32_t murmur2_of(struct slice key)
{
    uint32_t hash = MURMUR2_SEED ^ (uint32_t)key.len;
    size_t whole = key.len & ~(size_t)3;
    for (size_t i = 0; i < whole; i += 4) {
        uint32_t word = word_at(key.data + i) * MURMUR2_M;
        word = (word ^ word >> 24) * MURMUR2_M;
        hash = hash * MURMUR2_M ^ word;
    }
    hash = mix_tail(hash, key.data + whole, key.len - whole);
    hash = (hash ^ hash >> 13) * MURMUR2_M;
    return hash ^ hash >> 15;
}

uint32_t murmur2_positive(struct slice key)
{
    return murmur2_of(key) & UINT32_C(0x7fffffff);
}
