// SPDX-License-Identifier: Apache-2.0
// Open addressing at a quarter full, so that a look-up nearly always ends in its first slot. Filled once, then only
// read.
#include "hub/rules/codes.h"
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

bool codes_init(struct codes *codes, size_t n)
{
    uint32_t size = 16;
    while (size < n * 4)
        size *= 2;
    codes->slots = calloc(size, sizeof *codes->slots);
    codes->mask = size - 1;
    return codes->slots;
}

void codes_deinit(struct codes *codes)
{
    free(codes->slots);
    codes->slots = NULL;
}

static struct code *slot_of(const struct codes *codes, struct slice text, uint32_t *tag)
{
    uint64_t hash = XXH3_64bits(text.data, text.len);
    *tag = (uint32_t)(hash >> 32);
    for (uint32_t i = (uint32_t)hash;; i++) {
        struct code *slot = &codes->slots[i & codes->mask];
        if (!slot->text || (slot->tag == *tag && slice_equal(slice_of(slot->text, slot->len), text)))
            return slot;
    }
}

bool codes_add(struct codes *codes, const char *text, uint32_t place)
{
    uint32_t tag;
    struct slice bytes = slice_text(text);
    struct code *slot = slot_of(codes, bytes, &tag);
    if (bytes.len == 0 || slot->text)
        return false;
    *slot = (struct code){.text = text, .len = (uint32_t)bytes.len, .tag = tag, .place = place};
    return true;
}

uint32_t codes_find(const struct codes *codes, struct slice text)
{
    uint32_t tag;
    const struct code *slot = slot_of(codes, text, &tag);
    return slot->text ? slot->place : CODES_NONE;
}
