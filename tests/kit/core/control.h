// SPDX-License-Identifier: Apache-2.0
// Control documents for tests: ten organisations with a key each, a policy that takes what kit_report and kit_guidance
// make, and subscriptions. Everything can be changed in place before it is compiled. Running out of memory ends the
// program.
#pragma once
#include "hub/rules/snapshot.h"
#include "tests/kit/core/envelopes.h"

// metropolitan, kent, essex, merseyside, north-wales, btp, nca, nclcc, lb-hackney, catch22. All publish and subscribe;
// lb-hackney and catch22 are cleared for OFFICIAL only.
Signalbox__V1__Registry *kit_registry(struct arena *arena);
Signalbox__V1__Organisation *kit_organisation(
    const Signalbox__V1__Registry *registry, const char *id); // aborts if unknown
// Gives an organisation the one key that kit_key makes from its id.
void kit_give_key(struct arena *arena, Signalbox__V1__Organisation *organisation);
// Lets an organisation sign items and answers.
void kit_let_sign(struct arena *arena, Signalbox__V1__Organisation *organisation);
Signalbox__V1__Policy *kit_policy(struct arena *arena);

// A subscription that asks for everything; set fields to narrow it.
Signalbox__V1__Subscription *kit_subscription(struct arena *arena, const char *force, const char *name);
// One such subscription ("all") for every organisation of the registry, with the revisions 1, 2, 3 ...
struct subscription_row *kit_subscribe_all(struct arena *arena, const Signalbox__V1__Registry *registry);
// n narrow subscriptions, spread over the registry's organisations, as many forces of many units would write them.
struct subscription_row *kit_subscriptions(
    struct arena *arena, const Signalbox__V1__Registry *registry, size_t n, uint64_t seed);

// The ten, the policy and everybody's subscription "all", compiled. To be freed.
struct snapshot *kit_snapshot(void);
