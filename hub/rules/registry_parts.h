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
    struct org_set *heirs;    // by heirs_of: once an organisation has ended, its successors (of successors) in force
    const uint16_t *heirs_of; // the registry's
};

#define REGISTRY_NO_HEIRS UINT16_MAX

struct registry {
    Signalbox__V1__Registry *document;
    unsigned n;
    struct codes ids;
    uint16_t by_number[ORGANISATION_NUMBERS]; // places; ORG_NONE where a number is not given
    uint16_t heirs_of[ORGANISATIONS_MAX];     // REGISTRY_NO_HEIRS for an organisation without successors
    uint16_t n_heirs;
    EVP_PKEY *keys[ORGANISATIONS_MAX][REGISTRY_KEYS];
    uint8_t signs[ORGANISATIONS_MAX][REGISTRY_KEYS]; // bit by Purpose
    struct org_set clearance[CLASSIFICATION_COUNT];  // by Classification: organisations cleared for it
    struct org_set canaries;                         // of kind REGISTRY_CANARY
    struct registry_era *eras;                       // in order; the first begins before all time
    size_t n_eras;
};

const struct registry_era *registry_era_at(const struct registry *registry, int64_t at_ms);
// Adds to standing those that stand for an organisation; for all of a set.
void registry_era_stand_for(const struct registry_era *era, unsigned org, struct org_set *standing);
void registry_era_resolve(const struct registry_era *era, const struct org_set *set, struct org_set *standing);

// Fills the eras of a registry whose rows have been checked; refuses successors that lead in a circle.
bool registry_eras(struct registry *registry, struct error *error);
// Works out what each key may sign; refuses lists that contradict each other.
bool registry_purposes(struct registry *registry, struct error *error);
// Checks that every parent is there, and that parents come to an end.
bool registry_parents(const struct registry *registry, struct error *error);
// Checks the officers of a registry whose organisations have been checked.
bool registry_officers(const struct registry *registry, struct error *error);
