// SPDX-License-Identifier: Apache-2.0
// A whole country for tests of routing: forces, regional units, councils, some of them of the past or the future; and
// any number of random items and subscriptions that are valid in it. Always the same for the same seed.
#pragma once
#include "tests/kit/core/control.h"
#include "tests/kit/core/random.h"

#define RANDOM_WORLD_FORCES   45
#define RANDOM_WORLD_REGIONS  10
#define RANDOM_WORLD_COUNCILS 20

// force-00 to force-44 in region-0 to region-9, a unit for each region (unit-0 ...), btp, nca, nclcc, council-00 to
// council-19 cleared for OFFICIAL only, and: past-1, which gave way to past-2, which gave way to force-00 and force-11;
// gone, which left nobody; future, which does not exist yet; silent, which has no feed.
Signalbox__V1__Registry *random_world_registry(struct arena *arena);
Signalbox__V1__Policy *random_world_policy(struct arena *arena);
// An item of one to three parts without bodies, valid for the country at KIT_NOW_MS.
struct kit_item *random_world_item(struct arena *arena, struct kit_random *random);
// Councils more, as many as make n organisations; between the numbers of any two of the others lie this many of theirs.
void random_world_grow(struct arena *arena, Signalbox__V1__Registry *registry, size_t n, uint32_t between);
struct subscription_row *random_world_subscriptions(struct arena *arena, struct kit_random *random, size_t n);

// Compiles the country with these subscriptions; ends the program if that fails.
struct snapshot *random_world_snapshot(struct arena *arena, const struct subscription_row *rows, size_t n);
struct facts random_world_facts(const struct snapshot *snapshot, const struct kit_item *item);
