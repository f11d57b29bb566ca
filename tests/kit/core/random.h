// SPDX-License-Identifier: Apache-2.0
// Numbers that look random and are the same on every machine (splitmix64, Sebastiano Vigna, public domain).
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct kit_random {
    uint64_t state; // the seed
};

static inline uint64_t kit_next(struct kit_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

// 0 to n - 1.
static inline uint64_t kit_below(struct kit_random *random, uint64_t n)
{
    return kit_next(random) % n;
}

static inline void kit_bytes(struct kit_random *random, uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i += 8) {
        uint64_t word = kit_next(random);
        memcpy(out + i, &word, n - i < 8 ? n - i : 8);
    }
}
