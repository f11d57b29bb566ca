// SPDX-License-Identifier: Apache-2.0
// The root of a Merkle tree over SHA-256 (RFC 6962, section 2.1), made as its leaves come, one after the other:
// leaf = SHA-256(0x00 | bytes), node = SHA-256(0x01 | left | right).
#pragma once
#include "hub/base/digest.h"

#define MERKLE_LEVELS 32 // so at most 2^32 - 1 leaves

// Without leaves n is 0, and nothing else of it is ever looked at.
struct merkle {
    uint32_t n;
    struct digest whole[MERKLE_LEVELS]; // roots of the perfect trees to the left, by level, where n has a bit
};

struct digest merkle_leaf(struct slice bytes);
struct digest merkle_node(const struct digest *left, const struct digest *right);
void merkle_add(struct merkle *merkle, struct digest leaf);
// Of all that were added; more may follow. There must be one.
struct digest merkle_root(const struct merkle *merkle);
