// SPDX-License-Identifier: Apache-2.0
// Against the definition of RFC 6962, section 2.1, which the kit follows to the letter, and its example of no bytes.
#include "hub/contract/merkle.h"
#include "hub/base/hex.h"
#include "tests/kit/core/ledger_blocks.h"
#include <criterion/criterion.h>

#define LEAVES 70

Test(merkle, a_root_is_the_one_of_the_definition_whatever_the_number_of_leaves)
{
    uint8_t bytes[LEAVES];
    struct slice leaves[LEAVES];
    struct merkle merkle = {0};
    for (size_t i = 0; i < LEAVES; i++) {
        bytes[i] = (uint8_t)i;
        leaves[i] = slice_of(&bytes[i], i % 3 ? 1 : 0);
        merkle_add(&merkle, merkle_leaf(leaves[i]));
        struct digest root = merkle_root(&merkle), expected = kit_merkle_root(leaves, i + 1);
        cr_expect_arr_eq(root.bytes, expected.bytes, DIGEST_BYTES, "%zu leaves", i + 1);
    }
}

Test(merkle, the_leaf_of_nothing_is_that_of_the_standard_s_own_test)
{
    char hex[2 * DIGEST_BYTES + 1];
    struct digest leaf = merkle_leaf((struct slice){0});
    hex_encode(digest_slice(&leaf), hex);
    cr_expect_str_eq(hex, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}
