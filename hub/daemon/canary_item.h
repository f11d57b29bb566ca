// SPDX-License-Identifier: Apache-2.0
// What a canary item is: whose, for which lane, and what it says.
#pragma once
#include "hub/base/error.h"
#include "hub/rules/snapshot.h"
#include <jansson.h>

#define CANARY_SUBJECT_BYTES 32

// The canary of the registry that holds this key (raw Ed25519). ORG_NONE if there is none.
unsigned canary_item_agency(const struct registry *registry, const uint8_t key[32]);

// A subject that belongs to the lane.
void canary_item_subject(uint32_t lane, uint32_t lanes, char out[CANARY_SUBJECT_BYTES]);

// A test item with codes that the policy knows, unlike any before it by its number, in the form that publisher_add
// takes. NULL with a sentence if the policy takes no guidance, or without memory.
json_t *canary_item(const struct policy *policy, const char *subject, uint64_t number, struct error *error);
