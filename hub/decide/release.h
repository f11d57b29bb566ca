// SPDX-License-Identifier: Apache-2.0
// Who may see an item. For each force its parts (bit i for part i), the reasons it belongs to the audience (bits
// AudienceReason), or the gate that stopped it.
#pragma once
#include "hub/contract/counts.h"
#include "hub/decide/facts.h"
#include <signalbox/v1/followup.pb-c.h>
#include <signalbox/v1/ledger.pb-c.h>

struct release {
    struct org_set cleared;              // may see at least one part
    struct org_set withheld[GATE_COUNT]; // by Gate; GATE_AUDIENCE holds all subscribers outside the audience; nobody if
                                         // a canary sent it
    uint32_t parts[ORGANISATIONS_MAX];   // for cleared forces
    uint32_t audience[ORGANISATIONS_MAX]; // for forces in the audience
};

// standing is the item's own, by the strictest of those who may change it.
void release_plan(const struct snapshot *snapshot, const struct facts *facts, Signalbox__V1__Standing standing,
    struct release *release);
// Whether subscriptions decide who of the cleared gets an item of this kind.
bool release_asks_interest(const struct facts *facts);
