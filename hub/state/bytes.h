// SPDX-License-Identifier: Apache-2.0
// A growing run of bytes and the few shapes of protobuf's wire that the packers write. Room is reserved once for a
// whole entry; the writers below it then never check, so a packed entry costs no call and no allocation.
#pragma once
#include "hub/base/slice.h"

struct bytes {
    uint8_t *data;
    size_t len, capacity;
};

// Makes room for this many more bytes. false if there is no memory; nothing is lost then.
bool bytes_reserve(struct bytes *bytes, size_t more);
void bytes_deinit(struct bytes *bytes);

#define VARINT_BYTES 10 // most bytes of a number
#define FIELD_BYTES  13 // most bytes of a field's number and length, or of a field that is a number

static inline struct slice bytes_slice(const struct bytes *bytes)
{
    return slice_of(bytes->data, bytes->len);
}

static inline size_t varint_size(uint64_t number)
{
    return (size_t)(70 - __builtin_clzll(number | 1)) / 7;
}

// All of these need room that was reserved before.
static inline void bytes_varint(struct bytes *bytes, uint64_t number)
{
    while (number >= 0x80) {
        bytes->data[bytes->len++] = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    bytes->data[bytes->len++] = (uint8_t)number;
}

static inline void bytes_raw(struct bytes *bytes, struct slice raw)
{
    if (raw.len)
        memcpy(bytes->data + bytes->len, raw.data, raw.len);
    bytes->len += raw.len;
}

// A field that is a number; zero is not written, as proto3 has it.
static inline void bytes_number(struct bytes *bytes, uint32_t field, uint64_t number)
{
    if (number == 0)
        return;
    bytes_varint(bytes, (uint64_t)field << 3);
    bytes_varint(bytes, number);
}

// A number that may be negative, as int64 is written.
static inline void bytes_signed(struct bytes *bytes, uint32_t field, int64_t number)
{
    bytes_number(bytes, field, (uint64_t)number);
}

// A number that may be negative and is mostly small, as sint64 is written.
static inline void bytes_zigzag(struct bytes *bytes, uint32_t field, int64_t number)
{
    bytes_number(bytes, field, ((uint64_t)number << 1) ^ (number < 0 ? UINT64_MAX : 0));
}

// The number and length of a field of bytes, text or a message, whose content comes next.
static inline void bytes_open(struct bytes *bytes, uint32_t field, size_t len)
{
    bytes_varint(bytes, (uint64_t)field << 3 | 2);
    bytes_varint(bytes, len);
}

// A field of bytes or text; the empty one is not written.
static inline void bytes_field(struct bytes *bytes, uint32_t field, struct slice value)
{
    if (value.len == 0)
        return;
    bytes_open(bytes, field, value.len);
    bytes_raw(bytes, value);
}

// A number as decimal digits, at most 20 of them.
static inline void bytes_digits(struct bytes *bytes, uint64_t number)
{
    char digits[20];
    size_t n = 0;
    do
        digits[n++] = (char)('0' + number % 10);
    while (number /= 10);
    while (n)
        bytes->data[bytes->len++] = (uint8_t)digits[--n];
}
