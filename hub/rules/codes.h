// SPDX-License-Identifier: Apache-2.0
// A code list of one version of the control data: text to place, in one hash and one comparison.
#pragma once
#include "hub/base/table.h"

#define CODES_NONE TABLE_NONE

struct codes {
    struct table places; // the keys are borrowed from the document that the list belongs to
};

// Room for n codes; false if there is no memory. codes_deinit takes a list that was never made.
bool codes_init(struct codes *codes, size_t n);
void codes_deinit(struct codes *codes);
// false if the text is empty or already there.
bool codes_add(struct codes *codes, const char *text, uint32_t place);
// CODES_NONE if it is not there.
static inline uint32_t codes_find(const struct codes *codes, struct slice text)
{
    return table_find(&codes->places, text);
}
