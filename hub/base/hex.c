// SPDX-License-Identifier: Apache-2.0
// Bytes as lower-case hexadecimal, and back; both cases are read.
#include "hub/base/hex.h"

void hex_encode(struct slice bytes, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.len; i++) {
        out[2 * i] = digits[bytes.data[i] >> 4];
        out[2 * i + 1] = digits[bytes.data[i] & 15];
    }
    out[2 * bytes.len] = '\0';
}

static int nibble_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

long hex_decode(struct slice text, uint8_t *out, size_t size)
{
    if (text.len % 2 || text.len / 2 > size)
        return -1;
    for (size_t i = 0; i < text.len / 2; i++) {
        int high = nibble_of(text.data[2 * i]), low = nibble_of(text.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return -1;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return (long)(text.len / 2);
}
