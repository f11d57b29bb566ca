// SPDX-License-Identifier: Apache-2.0
// Unsigned numbers of 1 to 8 bytes, the most significant byte first.
#pragma once
#include <stddef.h>
#include <stdint.h>

static inline uint64_t big_endian_read(const uint8_t *bytes, size_t n)
{
    uint64_t number = 0;
    for (size_t i = 0; i < n; i++)
        number = number << 8 | bytes[i];
    return number;
}

// What does not fit into n bytes is cut off.
static inline void big_endian_write(uint8_t *bytes, size_t n, uint64_t number)
{
    for (; n; number >>= 8)
        bytes[--n] = (uint8_t)number;
}
