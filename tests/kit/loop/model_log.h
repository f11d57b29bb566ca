// SPDX-License-Identifier: Apache-2.0
// Inside the model: the logs of a cluster and its transactions.
#pragma once
#include "tests/kit/loop/model_bus.h"
#include "tests/kit/loop/model_story.h"
#include "hub/base/arena.h"

#define MODEL_TOPICS  512
#define MODEL_LANES   64
#define MODEL_NAME    128
#define MODEL_PENDING 256

enum model_fate { FATE_OPEN, FATE_COMMITTED, FATE_ABORTED };

struct model_entry {
    int64_t appended_ms;
    struct slice key, value;
    const struct bus_header *headers;
    size_t n_headers;
    uint64_t order, transaction;
    bool marker; // ends a transaction; holds an offset, is never read
};

struct model_partition {
    struct model_entry *entries;
    size_t n, capacity;
    int64_t low;
    int64_t offset; // of the group; BUS_NO_OFFSET
};

struct model_topic {
    char name[MODEL_NAME];
    struct model_partition *partitions;
    uint32_t n_partitions;
};

struct model_pending { // an offset that commits with a transaction
    uint32_t topic, partition;
    int64_t next;
};

struct model_transaction {
    uint32_t lane;
    uint64_t epoch;
    uint64_t begun; // order of the cluster when it began
    enum model_fate fate;
    struct model_pending *pending;
    size_t n_pending;
    uint64_t lands_at; // 0, or the call of the cluster at which a delayed commit arrives
};

struct model {
    uint32_t lanes;
    int64_t clock_ms;
    struct arena arena;
    struct model_topic topics[MODEL_TOPICS];
    uint32_t n_topics;
    struct model_transaction *transactions; // number 0 is not used
    size_t n_transactions, transactions_capacity;
    uint64_t epochs[MODEL_LANES];
    uint64_t order, generation, calls;
    bool any_generation; // a commit need not be of the present one
    size_t n_delayed;    // commits on their way
    unsigned n_members;  // that have ever joined
    struct model_story story;
};

struct model_topic *model_find(const struct model *model, const char *name); // NULL if there is none
struct model_entry *model_add_entry(struct model *model, struct model_partition *partition);
uint64_t model_begin(struct model *model, uint32_t lane);
void model_end_transaction(struct model *model, uint64_t number, enum model_fate fate);
// What a producer's takeover does: a new epoch, and everything open is aborted.
uint64_t model_fence(struct model *model, uint32_t lane);
// Counts a call and lets delayed commits land whose time has come.
void model_tick(struct model *model);
