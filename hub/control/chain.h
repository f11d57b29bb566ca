// SPDX-License-Identifier: Apache-2.0
// The chains of versions: each registry, each policy and each revision of a subscription follows the one before and
// names its digest; a registry has all rows of the one before, with their numbers, and is of the same deployment.
#pragma once
#include "hub/base/table.h"
#include "hub/control/change.h"
#include "hub/rules/registry_numbers.h"

struct chain_of_subscription;

// One that is zeroed is empty: no record has been seen.
struct chain {
    struct document_head heads[DOCUMENT_KINDS]; // of registry and policy
    struct registry_numbers numbers;            // that the registries up to their head have given
    struct chain_of_subscription *subscriptions;
    size_t n, room;
    struct table places; // in subscriptions, by key
};

void chain_deinit(struct chain *chain);

// Puts a batch in order of offset within each topic, moves the heads on over what follows, and takes out of the batch
// and gives to drop what does not: with a sentence, or NULL for what is a head already. The change is then drop's.
// false without memory: the chain is not to be used any more, and what it could not look at is in the batch still.
bool chain_check(struct chain *chain, struct change_list *batch,
    void (*drop)(void *context, struct change *change, const char *sentence), void *context);

// Of the subscription "<force>/<name>"; version 0 if there is none. version counts its revisions.
struct document_head chain_subscription(const struct chain *chain, const char *key);
