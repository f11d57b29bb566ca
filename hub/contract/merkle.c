// SPDX-License-Identifier: Apache-2.0
// A counter in binary: each leaf is a carry, and two trees of a size make one of the next.
#include "hub/contract/merkle.h"

struct digest merkle_leaf(struct slice bytes)
{
    static const uint8_t tag = 0;
    return digest_of_parts((const struct slice[]){slice_of(&tag, 1), bytes}, 2);
}

struct digest merkle_node(const struct digest *left, const struct digest *right)
{
    uint8_t bytes[1 + 2 * DIGEST_BYTES] = {1};
    memcpy(bytes + 1, left->bytes, DIGEST_BYTES);
    memcpy(bytes + 1 + DIGEST_BYTES, right->bytes, DIGEST_BYTES);
    return digest_of(slice_of(bytes, sizeof bytes));
}

void merkle_add(struct merkle *merkle, struct digest leaf)
{
    unsigned level = 0;
    for (; merkle->n >> level & 1; level++)
        leaf = merkle_node(&merkle->whole[level], &leaf);
    merkle->whole[level] = leaf;
    merkle->n++;
}

// A tree without a sibling rises unchanged.
struct digest merkle_root(const struct merkle *merkle)
{
    unsigned level = (unsigned)__builtin_ctz(merkle->n);
    struct digest root = merkle->whole[level];
    while (++level < MERKLE_LEVELS)
        if (merkle->n >> level & 1)
            root = merkle_node(&merkle->whole[level], &root);
    return root;
}
