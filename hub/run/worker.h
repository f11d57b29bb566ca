// SPDX-License-Identifier: Apache-2.0
// One thread of the hub: poll, decide, produce, commit, for the lanes that the bus gives it.
#pragma once
#include "hub/run/bus.h"
#include "hub/run/counters.h"
#include <stdatomic.h>

struct crashes;
struct proof_cache;

struct worker_settings {
    uint32_t lanes;         // of the deployment
    uint32_t batch_records; // most records in a transaction; default 20,000
    uint32_t batch_bytes;   // most bytes of inbound values in a transaction; default 8 MiB
    uint32_t batch_ms;      // longest a transaction grows under backlog; default 200
    bool feed_headers;      // CloudEvents headers on feed records; default true
    bool group_witness;     // the bus keeps committed offsets (false on the embedded broker, which drops them)
    size_t max_memory; // bytes of entries that a lane may hold; beyond it items are refused with STATE_FULL; 0 for no
                       // limit
    uint64_t snapshot_entries; // entries in deltas after which a snapshot is written; default 250,000
    const uint8_t *secret;     // the deployment's, 32 bytes: keys what lanes remember of content. Borrowed
    struct proof_cache *roots; // batches verified lately, shared with other workers; NULL: of its own. Borrowed
    struct crashes *crashes;   // where a death is noted with the record in hand (crashes.h); NULL: nowhere. Borrowed
    const char *source;        // CloudEvents source of feed records, e.g. "/signalbox"
    int64_t (*clock_ms)(void *context); // NULL for the machine's monotonic clock
    void *clock_context;
};

struct control_source;
struct worker;
struct lane_board;
struct worker *worker_new(unsigned number, struct bus *bus, struct control_source *control, struct counters *counters,
    const struct worker_settings *settings);
struct worker *worker_free(struct worker *worker);

// Runs until *stop, finishing or aborting the open transactions within 5 s. Returns 0, or -1 if the bus broke
// (worker_error).
int worker_run(struct worker *worker, const atomic_bool *stop);
// One turn of the loop, for tests: handles one event and whatever became due. false when the bus broke.
bool worker_turn(struct worker *worker, int timeout_ms);
const struct error *worker_error(const struct worker *worker);
// What any thread may see of its lanes while it lives.
struct lane_board *worker_board(const struct worker *worker);
