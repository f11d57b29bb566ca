// SPDX-License-Identifier: Apache-2.0
// Packs decisions into ledger blocks and chains them: the front of each names the SHA-256 of the front before, and the
// root of its own entries.
#pragma once
#include "hub/decide/step.h"
#include "hub/state/pack.h"

struct ledger;
struct ledger *ledger_new(uint32_t lane);
struct ledger *ledger_free(struct ledger *ledger); // takes NULL, returns NULL

// Begins a transaction: what the snapshot decides goes on after the block whose front head is the digest of. Forgets
// what was added and not finished. The snapshot must live until the transaction ends.
void ledger_begin(struct ledger *ledger, const struct snapshot *snapshot, struct digest head);
// One entry for one inbound record. Full blocks go to packs. false if there is no memory.
bool ledger_add(struct ledger *ledger, const struct record *record, const struct decision *decision,
    struct arena *arena, struct packs *packs);
// Closes the last block. false if there is no memory.
bool ledger_finish(struct ledger *ledger, struct arena *arena, struct packs *packs);
// Digest of the front of the last block closed.
struct digest ledger_head(const struct ledger *ledger);
