// SPDX-License-Identifier: Apache-2.0
// Packs the receipts of a transaction, one block for each agency.
#pragma once
#include "hub/decide/step.h"
#include "hub/state/pack.h"

struct receipts;
struct receipts *receipts_new(uint32_t lane);
struct receipts *receipts_free(struct receipts *receipts); // takes NULL, returns NULL

// Forgets what was added and not finished.
void receipts_begin(struct receipts *receipts);
// One receipt for one inbound record; none if no agency can be told. Full blocks go to packs. false if there is no
// memory.
bool receipts_add(struct receipts *receipts, const struct record *record, const struct decision *decision,
    struct arena *arena, struct packs *packs);
// Closes all blocks. false if there is no memory.
bool receipts_finish(struct receipts *receipts, struct arena *arena, struct packs *packs);
