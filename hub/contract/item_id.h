// SPDX-License-Identifier: Apache-2.0
// The name of an item, for life: a UUID of version 8 (RFC 9562) that is bound to its agency and its subject, so that
// any lane can check by one hash, without memory, whether an item belongs where it came.
//   first 16 bytes of SHA-256( 0x03 | u8 length, agency | u8 length, subject | u8 length, nonce ), then version and
//   variant
#pragma once
#include "hub/base/slice.h"

#define ITEM_ID_BYTES 16

struct item_id {
    uint8_t bytes[ITEM_ID_BYTES];
};

// false if one of the three is longer than its length byte can say (255): no item has such an id.
bool item_id_make(struct slice agency, struct slice subject, struct slice nonce, struct item_id *id);

static inline struct slice item_id_slice(const struct item_id *id)
{
    return slice_of(id->bytes, ITEM_ID_BYTES);
}
