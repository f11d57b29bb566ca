// SPDX-License-Identifier: Apache-2.0
// The bus's topic numbers of everything that a lane writes to, looked up once per control snapshot.
#pragma once
#include "hub/base/error.h"
#include "hub/run/bus.h"
#include "hub/state/names.h"

struct routes {
    struct bus *bus;
    const struct snapshot *snapshot;
    int feed[ORGANISATIONS_MAX];     // by place in the registry; -1 if the topic does not exist
    int exercise[ORGANISATIONS_MAX]; // the same; -1 as well while nobody has asked for it
    int fixed[BUS_TOPIC_KINDS];      // ledger, state, quarantine, relane
    struct names *agencies;          // for receipts: registered or not
    int receipt[NAMES_MAX];
    struct error error; // what is missing
};

bool routes_init(struct routes *routes, struct bus *bus);
void routes_deinit(struct routes *routes);
// Looks up everything for a snapshot. false with a sentence if a topic is missing; what is there can be used all the
// same.
bool routes_refresh(struct routes *routes, const struct snapshot *snapshot);

// -1 with a sentence if the topic does not exist still.
int routes_feed(struct routes *routes, unsigned org);
int routes_exercise(struct routes *routes, unsigned org); // where the force's exercises go instead
// -1 if the topic does not exist still; *needed says whether it ought to: a stranger's topic of receipts need not.
int routes_receipt(struct routes *routes, struct slice agency, bool *needed);
