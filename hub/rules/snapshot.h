// SPDX-License-Identifier: Apache-2.0
// The control snapshot: registry, policy and subscriptions of one moment, compiled, immutable, shared by all lanes.
// Compiling is pure and may fail with a sentence; looking up never fails and never allocates.
#pragma once
#include "hub/base/error.h"
#include <signalbox/v1/control.pb-c.h>

struct registry; // organisations, keys, regions, successors: registry.h
struct policy;   // code lists, marking matrix, ceiling, times: policy.h
struct interest; // subscriptions: interest.h

struct snapshot {
    const struct registry *registry;
    const struct policy *policy;
    const struct interest *interest;
    uint64_t registry_version, policy_version, subscriptions_version;
};

// A subscription with the revision under which it stands in the ledger (offset on ctl.subscriptions, plus 1).
struct subscription_row {
    const Signalbox__V1__Subscription *subscription;
    uint64_t revision;
};

// Compiles; NULL with a sentence in error if a document contradicts itself (unknown successor, key id that is not the
// key's, subscription of an unknown force or region ...). The messages may be freed afterwards. The snapshot has one
// owner.
struct snapshot *snapshot_new(const Signalbox__V1__Registry *registry, const Signalbox__V1__Policy *policy,
    const struct subscription_row *rows, size_t n_rows, uint64_t subscriptions_version, struct error *error);
struct snapshot *snapshot_free(struct snapshot *snapshot); // takes NULL, returns NULL
