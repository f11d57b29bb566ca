// SPDX-License-Identifier: Apache-2.0
// The name of an item as it stands in receipts, on feeds and in people's mails.
#include "hub/base/digest.h"
#include "hub/base/hex.h"
#include "hub/observe/book/book.h"

static bool read_revision(const char *text, uint32_t *revision)
{
    uint64_t value = 0;
    for (; *text >= '0' && *text <= '9' && value <= UINT32_MAX; text++)
        value = value * 10 + (uint64_t)(*text - '0');
    *revision = (uint32_t)value;
    return *text == 0 && value > 0 && value <= UINT32_MAX;
}

bool book_item_parse(const char *text, struct book_item *item)
{
    size_t n = 0;
    *item = (struct book_item){0};
    for (; *text && n < 2 * ITEM_ID_BYTES; text++)
        if (*text != '-')
            item->hex[n++] = *text;
    if (hex_decode(slice_of(item->hex, n), item->id, ITEM_ID_BYTES) != ITEM_ID_BYTES)
        return false;
    hex_encode(slice_of(item->id, ITEM_ID_BYTES), item->hex);
    return *text == 0 || (*text == '-' && read_revision(text + 1, &item->revision));
}
