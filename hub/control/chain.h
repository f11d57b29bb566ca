// SPDX-License-Identifier: Apache-2.0
// The chains of versions: each registry and each policy follows the one before and names its digest; a registry has all
// rows of the one before, with their numbers.
#pragma once
#include "hub/control/change.h"
#include "hub/rules/registry_numbers.h"

// Puts the registries and policies of a batch in order of version, moves the heads on over those that follow, and drops
// the others: with a sentence, or NULL for one that is in the chain already. drop must take the change out of the
// batch. numbers is what the registries up to their head have given.
void chain_check(struct document_head heads[DOCUMENT_KINDS], struct registry_numbers *numbers,
    struct change_list *batch, void (*drop)(void *context, size_t place, const char *sentence), void *context);
