// SPDX-License-Identifier: Apache-2.0
// An item unpacked but for its bodies.
#pragma once
#include "hub/contract/envelope.h"

// What an item says of itself outside of its bodies. A reader of a feed has no routing block, and only the parts of its
// own copy.
struct item_view {
    const Signalbox__V1__Header *header;
    const Signalbox__V1__Routing *routing;                // NULL for a reader
    const Signalbox__V1__PartInfo *parts[ENVELOPE_PARTS]; // in order of number
    uint32_t n_parts;
};

// The view of an envelope whose infos have been read.
struct item_view item_view_of(
    const struct envelope *envelope, const Signalbox__V1__Header *header, const Signalbox__V1__Routing *routing);
