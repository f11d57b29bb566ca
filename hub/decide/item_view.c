// SPDX-License-Identifier: Apache-2.0
#include "hub/decide/item_view.h"

struct item_view item_view_of(
    const struct envelope *envelope, const Signalbox__V1__Header *header, const Signalbox__V1__Routing *routing)
{
    struct item_view item = {.header = header, .routing = routing, .n_parts = envelope->n_parts};
    for (uint32_t i = 0; i < envelope->n_parts; i++)
        item.parts[i] = envelope->parts[i].info;
    return item;
}
