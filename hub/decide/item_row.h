// SPDX-License-Identifier: Apache-2.0
// What a lane remembers of an item for life: one row, found by the first bytes of its id. A follow-up that comes before
// its item makes the row, with revision 0.
#pragma once
#include "hub/base/slice.h"
#include <signalbox/v1/followup.pb-c.h>
#include <signalbox/v1/header.pb-c.h>

#define ITEM_KEY_BYTES 11
#define ITEM_ROW_BYTES 25 // of a row packed, without its key

struct item_key {
    uint8_t bytes[ITEM_KEY_BYTES];
};

struct item_row {
    uint64_t sequence;  // in the lane's ledger, of the highest revision or, before one, of the first follow-up; 40 bits
    uint32_t revision;  // the highest that was taken in; 0 if only follow-ups came
    uint8_t content[8]; // mark of what that revision said; before one, the number of the organisation that followed up
    Signalbox__V1__Standing originator, centre; // what each issuer made of it
    Signalbox__V1__Status status;               // for life
    uint16_t originator_number, centre_number;  // of the last change of standing of each issuer; 0 if there was none
    uint32_t holders; // number of the set of those who ever received a revision; 0 for nobody; below 2^24
};

// Of a row with revision 0: which organisation's follow-up made it, by Organisation.number.
void item_row_mark_unsent(struct item_row *row, unsigned organisation_number);
unsigned item_row_unsent_by(const struct item_row *row);
// Whether a packed row has revision 0.
bool item_row_is_unsent(const uint8_t *packed);
// Whether a packed row outlives its years: of an item that is not released.
bool item_row_keeps(const uint8_t *packed);
// id must have at least ITEM_KEY_BYTES.
struct item_key item_key_of(struct slice id);
void item_row_pack(const struct item_row *row, uint8_t out[ITEM_ROW_BYTES]);
struct item_row item_row_unpack(const uint8_t packed[ITEM_ROW_BYTES]);
