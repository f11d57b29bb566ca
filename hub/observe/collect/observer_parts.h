// SPDX-License-Identifier: Apache-2.0
// All that the observer remembers of a deployment between its looks, a part for each kind of thing.
#pragma once
#include "hub/observe/collect/ages.h"
#include "hub/observe/collect/cycle.h"
#include "hub/observe/collect/observe_control.h"
#include "hub/observe/collect/observe_desk.h"
#include "hub/observe/collect/observe_groups.h"
#include "hub/observe/collect/observe_keys.h"
#include "hub/observe/collect/observe_lanes.h"
#include "hub/observe/collect/observe_ledger.h"
#include "hub/observe/collect/observe_pulse.h"
#include "hub/observe/collect/observe_quarantine.h"
#include "hub/observe/collect/observe_topics.h"

struct observer_parts {
    struct ages ages;
    struct observe_topics topics;
    struct observe_groups groups;
    struct observe_control control;
    struct observe_pulse pulses;
    struct observe_ledger ledger;
    struct observe_quarantine quarantine;
    struct observe_desk desk;
    struct observe_lanes lanes;
    struct console_certificate console;
};

// parts must be zeroed. false without memory; to be ended all the same. They point at each other: not to be moved.
bool observer_parts_init(struct observer_parts *parts, const struct observer_settings *settings);
void observer_parts_deinit(struct observer_parts *parts);

// The steps of a cycle: what the broker tells, the topics that are followed, and what comes of all of it in
// cycle->health. Each leaves out what it has no memory for, and the cycle is not whole then.
void observer_parts_ask(struct observer_parts *parts, struct cycle *cycle);
void observer_parts_keep(struct observer_parts *parts, struct cycle *cycle);
void observer_parts_report(struct observer_parts *parts, struct cycle *cycle);

// Takes a record of a topic that is followed. false without memory: then nothing of it is taken, and it is to be given
// again before any other.
bool observer_parts_take(struct observer_parts *parts, const struct kafka_record *record, int64_t now_ms);
// When there is no record for now. false without memory: to be called again before any record is given.
bool observer_parts_settle(struct observer_parts *parts, struct follow *follow, int64_t now_ms);
