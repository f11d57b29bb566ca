// SPDX-License-Identifier: Apache-2.0
// Packs what a lane remembers: the delta of each transaction, and now and then a snapshot of everything, in pieces.
// chain is the digest of the lane's last state record, and moves on with each value packed.
#pragma once
#include "hub/decide/memory.h"
#include "hub/state/mark.h"
#include "hub/state/pack.h"

// What a delta counts as in entries, towards the next snapshot: its mark has to be read back too, and on a quiet
// deployment marks are nearly all there is (a kilobyte each, a record a transaction).
static inline uint64_t delta_weight(uint64_t entries)
{
    return entries > 64 ? entries : 64;
}

// What the open transaction added. false if there is no memory.
bool delta_pack(struct digest *chain, const struct mark *mark, const struct memory *memory, struct arena *arena,
    struct packs *packs);
// All that is remembered. false if there is no memory.
bool delta_pack_snapshot(struct digest *chain, const struct mark *mark, const struct memory *memory,
    struct arena *arena, struct packs *packs);
