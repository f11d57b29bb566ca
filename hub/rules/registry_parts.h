// SPDX-License-Identifier: Apache-2.0
// The registry compiled, as the files of rules/ and decide/ see it: everything that depends on a date is worked out
// beforehand for the eras between the dates that occur in it, so that a look-up is a search among a handful of eras.
#pragma once
#include "hub/contract/counts.h"
#include "hub/rules/codes.h"
#include "hub/rules/registry.h"

#define REGISTRY_KEYS 8

struct registry_era {
    int64_t from_ms;
    struct org_set in_force, subscribers;
    struct org_set *stand_for; // per organisation: itself while in force, else the successors that are
};

struct registry {
    Signalbox__V1__Registry *document;
    unsigned n;
    struct codes ids;
    uint16_t by_number[ORGANISATION_NUMBERS]; // places; ORG_NONE where a number is not given
    EVP_PKEY *keys[ORGANISATIONS_MAX][REGISTRY_KEYS];
    struct org_set clearance[CLASSIFICATION_COUNT]; // by Classification: organisations cleared for it
    struct org_set canaries;                        // of kind REGISTRY_CANARY
    struct registry_era *eras;                      // in order; the first begins before all time
    size_t n_eras;
};

const struct registry_era *registry_era_at(const struct registry *registry, int64_t at_ms);
// Those in force among the set, and those that stand for the others.
struct org_set registry_era_resolve(const struct registry_era *era, struct org_set set);

// Fills the eras of a registry whose rows have been checked; refuses successors that lead in a circle.
bool registry_eras(struct registry *registry, struct error *error);
// Checks the officers of a registry whose organisations have been checked.
bool registry_officers(const struct registry *registry, struct error *error);
