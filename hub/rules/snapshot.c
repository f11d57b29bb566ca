// SPDX-License-Identifier: Apache-2.0
// Registry, policy and subscriptions compiled in that order, each against those before it: a snapshot is whole or is
// not.
#include "hub/rules/snapshot.h"
#include "hub/rules/interest.h"
#include <stdlib.h>

struct snapshot *snapshot_new(const Signalbox__V1__Registry *registry, const Signalbox__V1__Policy *policy,
    const struct subscription_row *rows, size_t n_rows, uint64_t subscriptions_version, struct error *error)
{
    struct snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot) {
        error_no_memory(error, "the control snapshot");
        return NULL;
    }
    *snapshot = (struct snapshot){.registry_version = registry->version,
        .policy_version = policy->version,
        .subscriptions_version = subscriptions_version};
    snapshot->registry = registry_new(registry, error);
    if (snapshot->registry)
        snapshot->policy = policy_new(policy, snapshot->registry, error);
    if (snapshot->policy)
        snapshot->interest = interest_new(snapshot->registry, snapshot->policy, rows, n_rows, error);
    return snapshot->interest ? snapshot : snapshot_free(snapshot);
}

struct snapshot *snapshot_free(struct snapshot *snapshot)
{
    if (!snapshot)
        return NULL;
    interest_free((struct interest *)snapshot->interest);
    policy_free((struct policy *)snapshot->policy);
    registry_free((struct registry *)snapshot->registry);
    free(snapshot);
    return NULL;
}
