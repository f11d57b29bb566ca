// SPDX-License-Identifier: Apache-2.0
// Subscriptions compiled. Every value of every field has a row of bits, one bit a subscription: set where the subscription
// allows the value. An item is a set of rows for each field; a subscription asks for it if its bit is set in one row of each.
#pragma once
#include "hub/core/policy.h"
#include "hub/core/registry.h"

// INTEREST(field, most values that it can have)
#define INTEREST_FIELDS(INTEREST)                                                                                              \
    INTEREST(FORCE, ORGANISATIONS_MAX)                                                                                         \
    INTEREST(REGION, POLICY_REGIONS)                                                                                           \
    INTEREST(STRAND, POLICY_STRANDS)                                                                                           \
    INTEREST(THEME, POLICY_THEMES)                                                                                             \
    INTEREST(KIND, 8)                                                                                                          \
    INTEREST(PRODUCT, POLICY_PRODUCTS)                                                                                         \
    INTEREST(PRIORITY, 4)

enum interest_field {
#define INTEREST(field, most) INTEREST_##field,
    INTEREST_FIELDS(INTEREST)
#undef INTEREST
    INTEREST_FIELD_COUNT
};

struct interest {
    uint32_t base[INTEREST_FIELD_COUNT + 1];  // first row of each field: for an item without any value; then one row a value
    uint32_t n_rows;
    uint32_t first[ORGANISATIONS_MAX + 1];    // first block of each organisation's subscriptions, in order of revision
    uint64_t *blocks;                         // n_rows words each, for 64 subscriptions
    uint64_t *revisions;                      // 64 a block
    struct org_set guidance_by_default;       // forces without a live subscription that lists guidance
};

struct interest *interest_new(const struct registry *registry, const struct policy *policy, const struct subscription_row *rows,
                              size_t n_rows, char error[SNAPSHOT_ERROR_BYTES]);
struct interest *interest_free(struct interest *interest);
