// SPDX-License-Identifier: Apache-2.0
#include "hub/base/list.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 16

bool list_room(void *list, size_t *room, size_t n, size_t size)
{
    if (n <= *room)
        return true;
    size_t wanted = *room > SIZE_MAX / 2 ? n : *room * 2;
    if (wanted < FIRST_ROOM)
        wanted = FIRST_ROOM;
    if (wanted < n)
        wanted = n;
    void *old, *moved;
    memcpy(&old, list, sizeof old);
    moved = wanted <= SIZE_MAX / size ? realloc(old, wanted * size) : NULL;
    if (!moved)
        return false;
    memcpy(list, &moved, sizeof moved);
    *room = wanted;
    return true;
}
