// SPDX-License-Identifier: Apache-2.0
// The one deployment that a program works with: the one that it was told, or the first whose registry it saw. What is
// signed names it, so a registry of another would make good signatures look bad, or bad ones good.
#pragma once
#include "hub/base/error.h"
#include "hub/contract/proof.h"
#include "hub/rules/snapshot.h"

struct deployment {
    bool known;
    uint8_t id[PROOF_DEPLOYMENT_BYTES];
};

// From 32 hexadecimal digits; NULL: none is demanded. false with a sentence.
bool deployment_read(struct deployment *deployment, const char *hex, struct error *error);
// Whether the snapshot's registry is of the deployment; the first that is seen is kept, if none is known. false with a
// sentence.
bool deployment_keep(struct deployment *deployment, const struct snapshot *snapshot, struct error *error);
// Empty if none is known.
struct slice deployment_id(const struct deployment *deployment);
