// SPDX-License-Identifier: Apache-2.0
// The markings of an item that was refused before its header could be read. A sender who marks an item SECRET and makes
// a mistake elsewhere has spilt no less, so the bytes are searched for envelope, part, info and classification however
// broken they are around these; only where nothing more can be told apart does the search end.
#include "hub/contract/spill.h"
#include "hub/contract/outcome.h"
#include "hub/contract/wire.h"

#define FIELDS_MAX 4096 // looked at in all, so that a flood of small fields costs no more than an item

enum { ENVELOPE_PARTS_FIELD = 2, PART_INFO = 3, INFO_CLASSIFICATION = 2 };

struct search {
    uint32_t fields;
    uint64_t ceiling;
};

// The next field. One that is cut off is what is left of it: the marking stands before the content.
static bool read_field(const uint8_t **at, const uint8_t *end, struct wire_field *field)
{
    if (wire_next(at, end, field) == OUTCOME_ACCEPTED)
        return true;
    if (field->number == 0 || field->type != WIRE_BYTES)
        return false;
    field->bytes = slice_of(*at, (size_t)(end - *at));
    *at = end;
    return true;
}

// The next field with this number and type, or false.
static bool find_field(struct search *search, const uint8_t **at, const uint8_t *end, uint32_t number, uint32_t type,
    struct wire_field *field)
{
    while (*at < end && search->fields++ < FIELDS_MAX) {
        if (!read_field(at, end, field))
            return false;
        if (field->number == number && field->type == type)
            return true;
    }
    return false;
}

static bool in_info(struct search *search, struct slice info)
{
    const uint8_t *at = info.data, *end = info.data + info.len;
    struct wire_field field;
    while (find_field(search, &at, end, INFO_CLASSIFICATION, WIRE_VARINT, &field))
        if (field.value > search->ceiling)
            return true;
    return false;
}

static bool in_part(struct search *search, struct slice part)
{
    const uint8_t *at = part.data, *end = part.data + part.len;
    struct wire_field field;
    while (find_field(search, &at, end, PART_INFO, WIRE_BYTES, &field))
        if (in_info(search, field.bytes))
            return true;
    return false;
}

bool spill_suspected(struct slice value, Signalbox__V1__Classification ceiling)
{
    struct search search = {.ceiling = (uint64_t)ceiling};
    const uint8_t *at = value.data, *end = value.data + value.len;
    struct wire_field field;
    while (find_field(&search, &at, end, ENVELOPE_PARTS_FIELD, WIRE_BYTES, &field))
        if (in_part(&search, field.bytes))
            return true;
    return false;
}
