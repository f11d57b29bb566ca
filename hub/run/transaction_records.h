// SPDX-License-Identifier: Apache-2.0
// What a transaction says of itself beside the feeds: the ledger, the receipts, and what the lane will remember.
#pragma once
#include "hub/run/bus.h"

struct lane;
struct shared;
struct worker_settings;

// Closes the books of the open transaction and writes them. After anything but BUS_OK the lane must be forgotten.
enum bus_status transaction_records_write(struct lane *lane, struct shared *shared);

// Whether so much was learnt since the last whole snapshot that another pays off.
bool transaction_records_snapshot_due(const struct lane *lane, const struct worker_settings *settings);
// Writes and commits one, while no transaction is open. As above.
enum bus_status transaction_records_write_snapshot(struct lane *lane, struct shared *shared);
