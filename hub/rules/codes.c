// SPDX-License-Identifier: Apache-2.0
// Filled once, then only read.
#include "hub/rules/codes.h"

bool codes_init(struct codes *codes, size_t n)
{
    *codes = (struct codes){0};
    return table_reserve(&codes->places, n);
}

void codes_deinit(struct codes *codes)
{
    table_deinit(&codes->places);
}

bool codes_add(struct codes *codes, const char *text, uint32_t place)
{
    struct slice bytes = slice_text(text);
    return bytes.len > 0 && table_find(&codes->places, bytes) == TABLE_NONE && table_add(&codes->places, bytes, place);
}
