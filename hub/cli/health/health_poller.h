// SPDX-License-Identifier: Apache-2.0
// A thread that asks the hub again and again, so that a hub which hangs does not freeze a screen or a key.
#pragma once
#include "hub/cli/health/remote.h"

struct health_poller;

// Asks twice a collection. remote is the poller's alone until it has stopped.
struct health_poller *health_poller_start(struct remote *remote);
struct health_poller *health_poller_stop(struct health_poller *poller); // takes NULL, returns NULL

// What came since the last call. A new snapshot goes to *view (health_view_free it); otherwise that is NULL. problem
// is why nothing newer comes, or empty. false if nothing was heard since the last call.
bool health_poller_take(
    struct health_poller *poller, struct health_view **view, enum remote_result *result, struct error *problem);
