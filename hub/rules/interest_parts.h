// SPDX-License-Identifier: Apache-2.0
// Subscriptions compiled, as the files of rules/ and decide/ see them. Every value of every field has a row of bits,
// one bit a subscription: set where the subscription allows the value. An item is a set of rows for each field; a
// subscription asks for it if its bit is set in one row of each.
#pragma once
#include "hub/rules/interest.h"
#include "hub/rules/policy_parts.h"

// INTEREST(field, most values that it can have)
#define INTEREST_FIELDS(INTEREST)                                                                                      \
    INTEREST(FORCE, ORGANISATIONS_MAX)                                                                                 \
    INTEREST(REGION, POLICY_REGIONS)                                                                                   \
    INTEREST(STRAND, STRAND_COUNT)                                                                                     \
    INTEREST(THEME, POLICY_THEMES)                                                                                     \
    INTEREST(KIND, KIND_COUNT)                                                                                         \
    INTEREST(PRODUCT, POLICY_PRODUCTS)                                                                                 \
    INTEREST(PRIORITY, PRIORITY_COUNT)

enum interest_field {
#define INTEREST(field, most) INTEREST_##field,
    INTEREST_FIELDS(INTEREST)
#undef INTEREST
        INTEREST_FIELD_COUNT
};

#define INTEREST_WIDE 8 // words of a row in a wide block

// The rows of an organisation are blocks, one after the other: n_rows rows of one word, or of INTEREST_WIDE words. Its
// subscriptions stand in them in order of revision.
struct interest {
    uint32_t base[INTEREST_FIELD_COUNT + 1]; // of each field: the row of an item without any value, then a row a value
    uint32_t n_rows;
    uint32_t first[ORGANISATIONS_MAX + 1]; // first word of each organisation
    uint64_t *rows;
    uint64_t *revisions;                // 64 a word
    struct org_set guidance_by_default; // forces without a live subscription that lists guidance
};

// Words of the rows of the block at a word of an organisation that has so many. The first stands alone: it answers for
// most items. The others are a multiple of INTEREST_WIDE if there are that many.
static inline uint32_t interest_width(uint32_t words, uint32_t word)
{
    return word > 0 && words > INTEREST_WIDE ? INTEREST_WIDE : 1;
}
