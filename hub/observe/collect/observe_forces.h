// SPDX-License-Identifier: Apache-2.0
// Agencies and forces, by the registry in force.
#pragma once

struct cycle;
struct observe_control;
struct observe_lanes;
struct observe_ledger;
struct observe_topics;

// Fills health->sources and health->forces, when groups are filled.
void observe_forces_report(struct observe_ledger *ledger, const struct observe_control *control,
    const struct observe_topics *topics, const struct observe_lanes *lanes, struct cycle *cycle);
