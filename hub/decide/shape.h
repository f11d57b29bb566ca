// SPDX-License-Identifier: Apache-2.0
// The shape of a memory table's entries: key, then value, packed without a gap, in memory as on the state topic. The
// value begins with the stamp that expiry goes by: a number, big-endian, never 0.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHAPE_KEY_MAX   16
#define SHAPE_WIDTH_MAX 64

struct shape {
    uint8_t key;   // bytes, 8 to SHAPE_KEY_MAX; the first five are spread evenly
    uint8_t stamp; // bytes, 1 to 8
    uint8_t value; // bytes, those of the stamp among them
    // Whether an entry stays although its stamp lies below the floor. NULL: none does.
    bool (*keeps)(const uint8_t *value);
};

static inline size_t shape_width(const struct shape *shape)
{
    return (size_t)shape->key + shape->value;
}
