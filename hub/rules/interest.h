// SPDX-License-Identifier: Apache-2.0
// Who wants what: the live subscriptions compiled against registry and policy, immutable. hub/decide/interest_match.h
// asks it.
#pragma once
#include "hub/rules/policy.h"
#include "hub/rules/snapshot.h"

struct interest;
// NULL with a sentence if a live subscription names what registry or policy do not know.
struct interest *interest_new(const struct registry *registry, const struct policy *policy,
    const struct subscription_row *rows, size_t n_rows, struct error *error);
struct interest *interest_free(struct interest *interest); // takes NULL, returns NULL
