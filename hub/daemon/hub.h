// SPDX-License-Identifier: Apache-2.0
// A hub process: looks at the ground, loads control data, runs workers with pulse and canaries beside them, tells the
// service manager how it is, and ends in order.
#pragma once
#include "hub/daemon/health_server.h"
#include "hub/kafka/kafka_bus.h"
#include "hub/run/worker.h"
#include <openssl/evp.h>

struct hub_settings {
    const struct kafka_settings *kafka;
    const char *version;           // of the program
    uint32_t lanes;                // that the deployment should have; 0: as many as it has
    unsigned workers;              // 0: hub_worker_count chooses
    struct worker_settings worker; // lanes and group_witness are filled in
    struct kafka_bus_settings bus; // lanes and worker are filled in; queue_kbytes is the process's, shared by workers
    EVP_PKEY *canary_key;          // NULL: no canaries
    uint32_t canary_ms;            // how often a canary goes through every lane
    int64_t status_ms;             // how often a line of status is logged
    const struct health_server_settings *health_server; // NULL: nobody can look on over HTTP. ready is filled in
    const atomic_bool *stop;

    // Both are called in the thread of hub_run. A sentence about what keeps the hub from running:
    void (*problem)(void *context, const struct error *error);
    // What has been done, once, when no worker runs any more. false if nobody could be told.
    bool (*done)(void *context, const struct counters *sum);
    void *context;
};

enum hub_end {
    HUB_END_WELL,
    HUB_END_STOPPED,  // *stop came before workers ran
    HUB_END_SETTINGS, // the broker cannot be asked with these settings. Of this and what follows a problem was said
    HUB_END_GROUND,   // the topics are not as they must be, or cannot be read; the cause is the last problem's
    HUB_END_BROKEN,   // anything else, or done returned false
};

// As many workers as settings ask for, or as there are processors, but no more than lanes.
unsigned hub_worker_count(const struct hub_settings *settings, uint32_t lanes);

// Returns when all that it started has ended. A worker that does not end in time ends the process with EXIT_FAILURE.
enum hub_end hub_run(const struct hub_settings *settings);
