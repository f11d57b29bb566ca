// SPDX-License-Identifier: Apache-2.0
// Checks the chains of topic desk, record by record: each writer's entries count up from 1, and each names the digest
// of the one before. A changed, lost, repeated or foreign entry is found; a chain that was cut off at its end is not,
// and the topic's end going back tells of that. Pure.
#pragma once
#include "hub/base/arena.h"
#include "hub/base/error.h"
#include <signalbox/v1/desk.pb-c.h>

struct desk_chains;

// whole: what is offered begins with the topic's first record ever, so that every chain must begin with its first
// entry. NULL without memory.
struct desk_chains *desk_chains_new(bool whole);
struct desk_chains *desk_chains_free(struct desk_chains *chains);

// The next record of the topic. *entry is unpacked into the arena, NULL if it is none. false with a sentence if it does
// not follow; the next one is held against this one, so that one break is said once. Without memory for one more chain
// the cause is CAUSE_NO_MEMORY, and nothing was followed.
bool desk_chains_follow(struct desk_chains *chains, struct slice value, struct arena *arena,
    const Signalbox__V1__DeskEntry **entry, struct error *error);
size_t desk_chains_count(const struct desk_chains *chains); // writers seen
