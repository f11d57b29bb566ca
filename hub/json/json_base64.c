// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648, sections 4 and 5) for bytes fields. Reading takes both alphabets, as canonical JSON asks, and
// refuses everything a second reader could take for other bytes: stray characters, wrong padding, bits left over.
#include "hub/json/json.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t json_base64_size(size_t n_bytes)
{
    return (n_bytes + 2) / 3 * 4 + 1;
}

void json_base64_encode(struct slice bytes, char *out)
{
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t group = (uint32_t)bytes.data[i] << 16;
        group |= left > 1 ? (uint32_t)bytes.data[i + 1] << 8 : 0;
        group |= left > 2 ? bytes.data[i + 2] : 0;
        *out++ = letters[group >> 18];
        *out++ = letters[group >> 12 & 63];
        *out++ = left > 1 ? letters[group >> 6 & 63] : '=';
        *out++ = left > 2 ? letters[group & 63] : '=';
    }
    *out = '\0';
}

static int digit_of(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

// Without the padding; -1 if there is padding of the wrong length.
static long length_without_padding(struct slice text)
{
    size_t n = text.len;
    while (n > 0 && text.data[n - 1] == '=')
        n--;
    if (n % 4 == 1 || (n < text.len && text.len != (n + 3) / 4 * 4))
        return -1;
    return (long)n;
}

long json_base64_decode(struct slice text, uint8_t *out)
{
    long n = length_without_padding(text);
    uint32_t bits = 0;
    unsigned n_bits = 0;
    uint8_t *end = out;
    for (long i = 0; i < n; i++) {
        int value = digit_of(text.data[i]);
        if (value < 0)
            return -1;
        bits = bits << 6 | (uint32_t)value;
        n_bits += 6;
        if (n_bits >= 8)
            *end++ = (uint8_t)(bits >> (n_bits -= 8));
    }
    if (n < 0 || (bits & ((1u << n_bits) - 1)) != 0)
        return -1;
    return end - out;
}
