// SPDX-License-Identifier: Apache-2.0
// A thread that asks the hub again and again, so that a hub which hangs does not freeze a screen or a key.
#pragma once
#include "hub/cli/remote.h"

struct feeder;

// Asks twice a collection. remote is the feeder's alone until it has stopped.
struct feeder *feeder_start(struct remote *remote);
struct feeder *feeder_stop(struct feeder *feeder); // takes NULL, returns NULL

// What came since the last call. A new snapshot goes to *outlook (outlook_free it); otherwise that is NULL. problem is
// why nothing newer comes, or empty. false if nothing was heard since the last call.
bool feeder_take(
    struct feeder *feeder, struct outlook **outlook, enum remote_result *result, char problem[CLI_ERROR_BYTES]);
