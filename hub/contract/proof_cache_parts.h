// SPDX-License-Identifier: Apache-2.0
// The memory of batches, as the verifier uses it: a place is entered, a way is climbed, and if it ends at something
// good it is learnt.
#pragma once
#include "hub/contract/proof.h"

#define TREE_LEVELS 6 // a batch of 1,024 is sixteen trees of 64 leaves, and one of sixteen above them

// All that a verification rests on. The signature is part of it: a root that is known to be good does not make a wrong
// signature beside it right.
struct proof_claim {
    uint8_t key_id[PROOF_KEY_ID_BYTES], signature[PROOF_SIGNATURE_BYTES], statement[PROOF_STATEMENT_BYTES];
    size_t len; // of the statement; 0 for one not in use
};

// The way up through one tree.
struct proof_tree_way {
    struct proof_tree_nodes *tree; // where its nodes are remembered
    uint32_t part, levels, place;  // which tree of the batch, its height, and the place of the leaf in it
    uint32_t walked;               // levels that were hashed; from there on all is remembered
    const struct slice *path;
    struct digest nodes[TREE_LEVELS + 1];
};

// The way from a leaf to the root of the batch.
struct proof_way {
    const uint8_t *signature;
    struct proof_tree_way trees[2];
    unsigned n_trees;
};

// The node above one at this place of its level and its sibling.
struct digest proof_step(struct digest node, uint32_t place, struct slice sibling);

struct proof_cache_place;
// Nobody else is in the place until it is left.
struct proof_cache_place *proof_cache_enter(struct proof_cache *cache, const uint8_t signature[PROOF_SIGNATURE_BYTES]);
void proof_cache_leave(struct proof_cache *cache, struct proof_cache_place *place);

// The root that a leaf leads to, as proof_root has it, which says that index, size and path are well formed.
struct digest proof_cache_climb(
    struct proof_cache_place *place, struct digest leaf, const struct envelope *envelope, struct proof_way *way);
bool proof_cache_has(const struct proof_cache_place *place, const struct proof_claim *claim);
// The claim was found good, and the way leads to its root.
void proof_cache_learn(struct proof_cache_place *place, const struct proof_claim *claim, const struct proof_way *way);
