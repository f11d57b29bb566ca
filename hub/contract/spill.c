// SPDX-License-Identifier: Apache-2.0
// The markings of an item that was refused before its header could be read. A sender who marks an item SECRET and makes
// a mistake elsewhere has spilt no less, so the bytes are searched for envelope, header, part and classification
// however broken they are around these; only where nothing more can be told apart does the search end.
#include "hub/contract/spill.h"
#include "hub/contract/outcome.h"
#include "hub/contract/wire.h"

#define FIELDS_MAX 4096 // looked at in all, so that a flood of small fields costs no more than an item

enum { ENVELOPE_HEADER = 1, HEADER_PARTS = 20, PART_CLASSIFICATION = 1 };

struct search {
    uint32_t fields;
    uint64_t ceiling;
};

// The next field with this number and type, or false.
static bool find_field(struct search *search, const uint8_t **at, const uint8_t *end, uint32_t number, uint32_t type,
    struct wire_field *field)
{
    while (*at < end && search->fields++ < FIELDS_MAX) {
        if (wire_next(at, end, field) != OUTCOME_ACCEPTED)
            return false;
        if (field->number == number && field->type == type)
            return true;
    }
    return false;
}

static bool in_part(struct search *search, struct slice part)
{
    const uint8_t *at = part.data, *end = part.data + part.len;
    struct wire_field field;
    while (find_field(search, &at, end, PART_CLASSIFICATION, WIRE_VARINT, &field))
        if (field.value > search->ceiling)
            return true;
    return false;
}

static bool in_header(struct search *search, struct slice header)
{
    const uint8_t *at = header.data, *end = header.data + header.len;
    struct wire_field field;
    while (find_field(search, &at, end, HEADER_PARTS, WIRE_BYTES, &field))
        if (in_part(search, field.bytes))
            return true;
    return false;
}

bool spill_suspected(struct slice value, Signalbox__V1__Classification ceiling)
{
    struct search search = {.ceiling = (uint64_t)ceiling};
    const uint8_t *at = value.data, *end = value.data + value.len;
    struct wire_field field;
    while (find_field(&search, &at, end, ENVELOPE_HEADER, WIRE_BYTES, &field))
        if (in_header(&search, field.bytes))
            return true;
    return false;
}
