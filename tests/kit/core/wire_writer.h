// SPDX-License-Identifier: Apache-2.0
// Writes protobuf by hand, so that a test can write it wrongly. Storage is the caller's; running out of it ends the
// program.
#pragma once
#include "hub/base/slice.h"
#include <stdlib.h>

struct wire_writer {
    uint8_t *data;
    size_t len, size;
};

static inline struct slice wire_written(const struct wire_writer *writer)
{
    return slice_of(writer->data, writer->len);
}

static inline void wire_put(struct wire_writer *writer, const void *bytes, size_t len)
{
    if (len > writer->size - writer->len)
        abort();
    if (len)
        memcpy(writer->data + writer->len, bytes, len);
    writer->len += len;
}

static inline void wire_put_varint(struct wire_writer *writer, uint64_t value)
{
    uint8_t bytes[10], n = 0;
    for (; value >= 0x80; value >>= 7)
        bytes[n++] = (uint8_t)(value | 0x80);
    bytes[n++] = (uint8_t)value;
    wire_put(writer, bytes, n);
}

static inline void wire_put_number(struct wire_writer *writer, uint32_t field, uint64_t value)
{
    wire_put_varint(writer, (uint64_t)field << 3);
    wire_put_varint(writer, value);
}

static inline void wire_put_bytes(struct wire_writer *writer, uint32_t field, struct slice bytes)
{
    wire_put_varint(writer, (uint64_t)field << 3 | 2);
    wire_put_varint(writer, bytes.len);
    wire_put(writer, bytes.data, bytes.len);
}
