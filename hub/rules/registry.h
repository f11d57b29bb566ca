// SPDX-License-Identifier: Apache-2.0
// Who exists, with which keys, from when to when: compiled from the control data, immutable. Organisations are told by
// their place in order of number, 0 to registry_size - 1, which holds for one version of the registry only.
#pragma once
#include "hub/base/error.h"
#include "hub/base/slice.h"
#include "hub/rules/organisations.h"
#include <openssl/evp.h>
#include <signalbox/v1/control.pb-c.h>

#define REGISTRY_CANARY "canary" // kind of the hub's own test traffic

struct registry;
// Checks and compiles a copy of the document; NULL with a sentence if it contradicts itself.
struct registry *registry_new(const Signalbox__V1__Registry *document, struct error *error);
struct registry *registry_free(struct registry *registry); // takes NULL, returns NULL

// The id of the deployment that it belongs to: PROOF_DEPLOYMENT_BYTES.
struct slice registry_deployment(const struct registry *registry);
unsigned registry_size(const struct registry *registry);
unsigned registry_find(const struct registry *registry, struct slice id); // ORG_NONE if unknown
const Signalbox__V1__Organisation *registry_row(const struct registry *registry, unsigned org);
// The number of an organisation for life, 0 to ORGANISATION_NUMBERS - 1, the same in every version; and whose number it
// is: ORG_NONE if nobody's.
unsigned registry_number(const struct registry *registry, unsigned org);
unsigned registry_by_number(const struct registry *registry, unsigned number);
bool registry_in_force(const struct registry *registry, unsigned org, int64_t at_ms); // within its dates
// The organisations that stand for org at a time: itself, or its successors (of successors) once it has ended.
struct org_set registry_resolve(const struct registry *registry, unsigned org, int64_t at_ms);
const struct org_set *registry_canaries(const struct registry *registry); // those of kind REGISTRY_CANARY
// The key of an agency. Gives OUTCOME_ACCEPTED and *key, or OUTCOME_KEY_UNKNOWN, OUTCOME_KEY_INACTIVE,
// OUTCOME_KEY_REVOKED.
unsigned registry_key(
    const struct registry *registry, unsigned agency, struct slice key_id, int64_t at_ms, EVP_PKEY **key);
// Whether a key of an agency may sign for a purpose: by its own list, or by its organisation's if it has none.
bool registry_key_signs(
    const struct registry *registry, unsigned agency, struct slice key_id, Signalbox__V1__Purpose purpose);
