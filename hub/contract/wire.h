// SPDX-License-Identifier: Apache-2.0
// One field of a protobuf message, read strictly: within bounds, every varint in its shortest form, no groups.
#pragma once
#include "hub/base/slice.h"
#include "hub/contract/outcome.h"

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

#define WIRE_NUMBER_MAX ((1u << 29) - 1)

struct wire_field {
    uint32_t number;    // 0 if the tag could not be read
    uint32_t type;      // enum wire_type
    uint64_t value;     // of a varint
    struct slice bytes; // of WIRE_BYTES: the content; of a fixed type: its bytes
};

static inline enum outcome wire_long_varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
    uint64_t sum = 0;
    for (unsigned shift = 0; shift < 64 && *at < end; shift += 7) {
        uint8_t byte = *(*at)++;
        if (shift == 63 && byte > 1)
            return OUTCOME_WIRE_BROKEN;
        sum |= (uint64_t)(byte & 0x7f) << shift;
        *value = sum;
        if (byte < 0x80)
            return byte == 0 && shift > 0 ? OUTCOME_WIRE_VARINT : OUTCOME_ACCEPTED;
    }
    return OUTCOME_WIRE_BROKEN;
}

// Moves *at past the varint. OUTCOME_ACCEPTED, or why not. Nearly all tags, lengths and small numbers are one byte.
static inline enum outcome wire_varint(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
    if (*at >= end || **at >= 0x80)
        return wire_long_varint(at, end, value);
    *value = *(*at)++;
    return OUTCOME_ACCEPTED;
}

static inline enum outcome wire_bytes(const uint8_t **at, const uint8_t *end, uint64_t len, struct slice *bytes)
{
    if (len > (uint64_t)(end - *at))
        return OUTCOME_WIRE_BROKEN;
    *bytes = slice_of(*at, (size_t)len);
    *at += len;
    return OUTCOME_ACCEPTED;
}

// Moves *at past the field. OUTCOME_ACCEPTED, or why not; *field then holds what could be read.
static inline enum outcome wire_next(const uint8_t **at, const uint8_t *end, struct wire_field *field)
{
    *field = (struct wire_field){0};
    uint64_t tag = 0;
    enum outcome outcome = wire_varint(at, end, &tag);
    if (outcome != OUTCOME_ACCEPTED)
        return outcome;
    if (tag >> 3 == 0 || tag >> 3 > WIRE_NUMBER_MAX)
        return OUTCOME_WIRE_BROKEN;
    field->number = (uint32_t)(tag >> 3);
    field->type = (uint32_t)(tag & 7);
    switch (field->type) {
    case WIRE_VARINT:
        return wire_varint(at, end, &field->value);
    case WIRE_BYTES: {
        uint64_t len = 0;
        outcome = wire_varint(at, end, &len);
        return outcome == OUTCOME_ACCEPTED ? wire_bytes(at, end, len, &field->bytes) : outcome;
    }
    case WIRE_FIXED64:
        return wire_bytes(at, end, 8, &field->bytes);
    case WIRE_FIXED32:
        return wire_bytes(at, end, 4, &field->bytes);
    default:
        return OUTCOME_WIRE_BROKEN;
    }
}
