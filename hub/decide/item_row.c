// SPDX-License-Identifier: Apache-2.0
// A row on the wire and in the table, numbers big-endian:
//   0 sequence (5) | 5 revision (4) | 9 content (8) | 17 standings and status (1) | 18, 20 numbers (2 each) | 22
//   holders (3)
// Standings and status: bits 0 and 1 the originator's standing, less one; bits 2 and 3 the centre's; bits 4 and 5 the
// status.
#include "hub/decide/item_row.h"
#include "hub/base/big_endian.h"

enum { SEQUENCE = 0, REVISION = 5, CONTENT = 9, STATE = 17, ORIGINATOR = 18, CENTRE = 20, HOLDERS = 22 };

struct item_key item_key_of(struct slice id)
{
    struct item_key key;
    memcpy(key.bytes, id.data, sizeof key.bytes);
    return key;
}

void item_row_pack(const struct item_row *row, uint8_t out[ITEM_ROW_BYTES])
{
    big_endian_write(out + SEQUENCE, 5, row->sequence);
    big_endian_write(out + REVISION, 4, row->revision);
    memcpy(out + CONTENT, row->content, sizeof row->content);
    out[STATE] = (uint8_t)(((row->originator - 1) & 3) | ((row->centre - 1) & 3) << 2 | (row->status & 3) << 4);
    big_endian_write(out + ORIGINATOR, 2, row->originator_number);
    big_endian_write(out + CENTRE, 2, row->centre_number);
    big_endian_write(out + HOLDERS, 3, row->holders);
}

struct item_row item_row_unpack(const uint8_t packed[ITEM_ROW_BYTES])
{
    struct item_row row = {
        .sequence = big_endian_read(packed + SEQUENCE, 5),
        .revision = (uint32_t)big_endian_read(packed + REVISION, 4),
        .originator = (Signalbox__V1__Standing)((packed[STATE] & 3) + 1),
        .centre = (Signalbox__V1__Standing)((packed[STATE] >> 2 & 3) + 1),
        .status = (Signalbox__V1__Status)(packed[STATE] >> 4 & 3),
        .originator_number = (uint16_t)big_endian_read(packed + ORIGINATOR, 2),
        .centre_number = (uint16_t)big_endian_read(packed + CENTRE, 2),
        .holders = (uint32_t)big_endian_read(packed + HOLDERS, 3),
    };
    memcpy(row.content, packed + CONTENT, sizeof row.content);
    return row;
}

bool item_row_is_unsent(const uint8_t *packed)
{
    return big_endian_read(packed + REVISION, 4) == 0;
}

bool item_row_keeps(const uint8_t *packed)
{
    return packed[STATE] & 0x0f;
}

void item_row_mark_unsent(struct item_row *row, unsigned organisation_number)
{
    big_endian_write(row->content, 2, organisation_number);
}

unsigned item_row_unsent_by(const struct item_row *row)
{
    return (unsigned)big_endian_read(row->content, 2);
}
