// SPDX-License-Identifier: Apache-2.0
// What a decision makes the hub write at once: feed records, the forwarded record, the quarantined one. What is packed
// per transaction (ledger, receipts, state) is written when the batch ends.
#pragma once
#include "hub/run/bus.h"

struct lane;
struct shared;

// record lives in the batch's arena.
enum bus_status effects_produce(
    struct lane *lane, struct shared *shared, const struct record *record, const struct decision *decision);
