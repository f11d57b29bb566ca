// SPDX-License-Identifier: Apache-2.0
// Who wants an item, of those that may see it: each force is asked by what it may see of the item, so that an arrival
// never tells what is withheld from it. Cost does not grow with the number of subscriptions.
#pragma once
#include "hub/decide/facts.h"

// revisions[org] is set for each member of the result: the revision of one subscription that asks for the item (the
// lowest), or 0 where guidance comes by default to a force that has no subscription that names guidance.
struct org_set interest_match(const struct snapshot *snapshot, const struct facts *facts, struct org_set cleared,
    uint64_t revisions[ORGANISATIONS_MAX]);
