// SPDX-License-Identifier: Apache-2.0
// Growing by doubling, so that a batch of any size costs a few allocations and the next batch none.
#include "hub/state/bytes.h"
#include <stdlib.h>

#define FIRST_BYTES ((size_t)4096)

bool bytes_reserve(struct bytes *bytes, size_t more)
{
    if (bytes->capacity - bytes->len >= more)
        return true;
    size_t capacity = bytes->capacity ? bytes->capacity * 2 : FIRST_BYTES;
    while (capacity - bytes->len < more)
        capacity *= 2;
    uint8_t *data = realloc(bytes->data, capacity);
    if (!data)
        return false;
    bytes->data = data;
    bytes->capacity = capacity;
    return true;
}

void bytes_deinit(struct bytes *bytes)
{
    free(bytes->data);
    *bytes = (struct bytes){0};
}
