// SPDX-License-Identifier: Apache-2.0
// What is allowed: the policy compiled against a registry, immutable.
#pragma once
#include "hub/base/error.h"
#include "hub/rules/registry.h"

struct policy;
// Checks and compiles a copy of the document; NULL with a sentence if it asks for what the hub cannot do, or names whom
// the registry does not have.
struct policy *policy_new(const Signalbox__V1__Policy *document, const struct registry *registry, struct error *error);
struct policy *policy_free(struct policy *policy); // takes NULL, returns NULL

const Signalbox__V1__Policy *policy_document(const struct policy *policy); // lives as long as the policy
