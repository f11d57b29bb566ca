// SPDX-License-Identifier: Apache-2.0
// A row on the wire and in the table, numbers big-endian:
//   0 sequence (5) | 5 revision (4) | 9 content (8) | 17 standings and status (1) | 18, 20 numbers (2 each) | 22
//   holders (3)
// Standings and status: bits 0 and 1 the originator's standing, less one; bits 2 and 3 the centre's; bits 4 and 5 the
// status.
#include "hub/decide/item_row.h"

enum { SEQUENCE = 0, REVISION = 5, CONTENT = 9, STATE = 17, ORIGINATOR = 18, CENTRE = 20, HOLDERS = 22 };

static void put_number(uint8_t *out, uint64_t number, size_t bytes)
{
    for (size_t i = bytes; i > 0; i--, number >>= 8)
        out[i - 1] = (uint8_t)number;
}

static uint64_t get_number(const uint8_t *from, size_t bytes)
{
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; i++)
        number = number << 8 | from[i];
    return number;
}

struct item_key item_key_of(struct slice id)
{
    struct item_key key;
    memcpy(key.bytes, id.data, sizeof key.bytes);
    return key;
}

void item_row_pack(const struct item_row *row, uint8_t out[ITEM_ROW_BYTES])
{
    put_number(out + SEQUENCE, row->sequence, 5);
    put_number(out + REVISION, row->revision, 4);
    memcpy(out + CONTENT, row->content, sizeof row->content);
    out[STATE] = (uint8_t)(((row->originator - 1) & 3) | ((row->centre - 1) & 3) << 2 | (row->status & 3) << 4);
    put_number(out + ORIGINATOR, row->originator_number, 2);
    put_number(out + CENTRE, row->centre_number, 2);
    put_number(out + HOLDERS, row->holders, 3);
}

struct item_row item_row_unpack(const uint8_t packed[ITEM_ROW_BYTES])
{
    struct item_row row = {
        .sequence = get_number(packed + SEQUENCE, 5),
        .revision = (uint32_t)get_number(packed + REVISION, 4),
        .originator = (Signalbox__V1__Standing)((packed[STATE] & 3) + 1),
        .centre = (Signalbox__V1__Standing)((packed[STATE] >> 2 & 3) + 1),
        .status = (Signalbox__V1__Status)(packed[STATE] >> 4 & 3),
        .originator_number = (uint16_t)get_number(packed + ORIGINATOR, 2),
        .centre_number = (uint16_t)get_number(packed + CENTRE, 2),
        .holders = (uint32_t)get_number(packed + HOLDERS, 3),
    };
    memcpy(row.content, packed + CONTENT, sizeof row.content);
    return row;
}

bool item_row_keeps(const uint8_t *packed)
{
    return packed[STATE] & 0x0f;
}

void item_row_mark_unsent(struct item_row *row, unsigned organisation_number)
{
    put_number(row->content, organisation_number, 2);
}

unsigned item_row_unsent_by(const struct item_row *row)
{
    return (unsigned)get_number(row->content, 2);
}
