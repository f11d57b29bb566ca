// SPDX-License-Identifier: Apache-2.0
// A batch is a transaction: what is taken, decided and remembered for it is committed together, or forgotten together.
#pragma once
#include "hub/run/bus.h"

struct lane;
struct shared;

#define POISON_TIMES 3 // refusals of the bus, or deaths of a process, after which a record is set aside

// Takes one record into the lane's batch, beginning one if none is open. After anything but BUS_OK the lane must be
// forgotten.
enum bus_status batch_take(struct lane *lane, struct shared *shared, const struct record *polled);
// Commits the lane's batch, if one is open; writes a snapshot when it is due. As above.
enum bus_status batch_commit(struct lane *lane, struct shared *shared);
