// SPDX-License-Identifier: Apache-2.0
// Each part stands behind its length: no two of (agency, subject, nonce) give the same bytes.
#include "hub/contract/item_id.h"
#include "hub/base/digest.h"

#define PART_BYTES 255 // what a length of one byte can say

bool item_id_make(struct slice agency, struct slice subject, struct slice nonce, struct item_id *id)
{
    static const uint8_t tag = 3;
    if (agency.len > PART_BYTES || subject.len > PART_BYTES || nonce.len > PART_BYTES)
        return false;
    const uint8_t lengths[] = {(uint8_t)agency.len, (uint8_t)subject.len, (uint8_t)nonce.len};
    const struct slice parts[] = {
        slice_of(&tag, 1),
        slice_of(&lengths[0], 1),
        agency,
        slice_of(&lengths[1], 1),
        subject,
        slice_of(&lengths[2], 1),
        nonce,
    };
    struct digest digest = digest_of_parts(parts, sizeof parts / sizeof *parts);
    memcpy(id->bytes, digest.bytes, ITEM_ID_BYTES);
    id->bytes[6] = (uint8_t)(0x80 | (id->bytes[6] & 0x0f));
    id->bytes[8] = (uint8_t)(0x80 | (id->bytes[8] & 0x3f));
    return true;
}
