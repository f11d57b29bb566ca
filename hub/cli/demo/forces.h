// SPDX-License-Identifier: Apache-2.0
// All forces of the demo in one reader: every feed is read, every item checked again as its force would, and noted.
#pragma once
#include "hub/cli/demo/arrivals.h"
#include "hub/cli/demo/published.h"
#include "hub/rules/snapshot.h"
#include "hub/kafka/kafka.h"

struct forces;

// snapshot and published must outlive it. NULL with a sentence.
struct forces *forces_new(const struct kafka_settings *kafka, const struct snapshot *snapshot,
    const struct published *published, struct error *error);
struct forces *forces_free(struct forces *forces);
// Reads what has come, for at most timeout_ms after the last record. false with a sentence.
bool forces_read(struct forces *forces, int timeout_ms, struct error *error);
// What arrived and was good.
struct arrivals *forces_arrivals(struct forces *forces);
// Items that did not verify on the force's side; must be none.
size_t forces_bad(const struct forces *forces);
