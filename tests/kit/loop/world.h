// SPDX-License-Identifier: Apache-2.0
// A whole hub on the model cluster: topics for the kit's ten organisations, control snapshots, workers. Running out of
// memory ends the program.
#pragma once
#include "hub/rules/control_source.h"
#include "hub/run/worker.h"
#include "tests/kit/core/control.h"
#include "tests/kit/loop/model_bus.h"

#define WORLD_WORKERS 8

// Built with a sanitizer, where long runs are made shorter.
#if defined(__SANITIZE_ADDRESS__)
#define KIT_SLOW 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KIT_SLOW 1
#endif
#endif

struct world_worker {
    struct model_bus *bus;
    struct worker *worker;
    struct counters *counters;
    unsigned number;
    bool away; // paused: gets no turns and no share of the lanes
};

struct world {
    struct model *model;
    uint32_t lanes;
    struct control_source control; // gives snapshot; ends the program if asked within a transaction
    const struct snapshot *snapshot;
    struct worker_settings settings; // of workers to come; may be changed
    struct world_worker workers[WORLD_WORKERS];
    size_t n_workers;
    unsigned n_joined;
    struct arena arena;
};

// The value of a state partition's first record.
struct slice kit_birth(struct arena *arena, uint32_t lanes);

// All topics, each state partition with its birth; no worker yet. The snapshot is borrowed.
void world_init(struct world *world, uint32_t lanes, const struct snapshot *snapshot);
void world_deinit(struct world *world);

// Another worker, a member of the group, without lanes until world_share.
struct world_worker *world_join(struct world *world);
// Frees the worker, as at a proper stop, or as it is if its bus has crashed.
void world_leave(struct world *world, struct world_worker *worker);
// Shares the lanes out among all workers that are not away.
void world_share(struct world *world);
// One turn; false if the worker has ended.
bool world_turn(struct world_worker *worker);
// Turns of every worker that is not away until none of them has anything left to do.
void world_settle(struct world *world);

// Appends an item as its agency does, on this partition.
int64_t world_send(struct world *world, const char *agency, uint32_t partition, struct slice key, struct slice value);
// On the partition that its key belongs to.
int64_t world_send_right(struct world *world, const char *agency, struct slice key, struct slice value);

// A report of an agency (kit_report), sealed and sent to its right partition.
struct world_item {
    struct kit_item *item;
    struct slice key, value;
    uint32_t lane;
};
struct world_item world_report(struct world *world, const char *agency, uint64_t seed);

// Whether bytes are a copy of all of an item: the record's value without the routing block at its end.
bool world_copy(struct slice bytes, struct slice value);

// Committed records on a partition of a topic.
size_t world_count(const struct world *world, const char *topic, uint32_t partition);
// The n-th committed record, from 0; aborts if there is none.
struct model_record world_record(const struct world *world, const char *topic, uint32_t partition, size_t n);
