// SPDX-License-Identifier: Apache-2.0
#include "hub/console/desk/record_place.h"

static bool read_number(const char *text, int64_t most, int64_t *number)
{
    int64_t value = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || value > (most - (*text - '0')) / 10)
            return false;
        value = value * 10 + (*text - '0');
    }
    *number = value;
    return true;
}

bool record_place_parse(const char *text, struct arena *arena, struct record_place *place)
{
    char *copy = arena_text(arena, slice_text(text));
    char *offset = copy ? strrchr(copy, '/') : NULL;
    int64_t partition;
    if (!offset)
        return false;
    *offset++ = 0;
    char *number = strrchr(copy, '/');
    if (!number || number == copy)
        return false;
    *number++ = 0;
    place->topic = copy;
    if (strchr(copy, '/') || !read_number(number, INT32_MAX, &partition) ||
        !read_number(offset, INT64_MAX, &place->offset))
        return false;
    place->partition = (int32_t)partition;
    return true;
}

const char *record_place_text(const struct record_place *place, struct arena *arena)
{
    return arena_printf(arena, "%s/%d/%lld", place->topic, place->partition, (long long)place->offset);
}
