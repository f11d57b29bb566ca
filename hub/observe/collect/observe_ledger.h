// SPDX-License-Identifier: Apache-2.0
// The ledger as it grows: each lane's chain is checked, and each entry told to its source, its forces and the cache.
#pragma once
#include "hub/observe/book/book.h"
#include "hub/observe/collect/thing_table.h"
#include "hub/observe/collect/followed.h"
#include "hub/observe/judge/recent.h"
#include "hub/observe/judge/rhythm.h"
#include "hub/observe/collect/ledger_cache.h"

struct cycle;
struct observe_control;

struct lane_seen {
    struct book_chain chain;
    char broken[ERROR_BYTES]; // why the chain does not hold, or ""
    int64_t read_ms;          // append time of the last entry
};

struct source_seen {
    struct rhythm *rhythm;
};

struct force_seen {
    struct recent recent;
    int64_t last_ms;
};

// Events of the past that wait to be told in order of time: lanes are read side by side, but not in step.
struct ledger_event {
    struct source_seen *source;
    struct rhythm_event event;
};

struct observe_ledger {
    struct followed topic;
    struct lane_seen *lanes;    // LANES_MAX
    struct thing_table sources; // struct source_seen by agency
    struct thing_table forces;  // struct force_seen by id
    struct thing_table decided; // int64_t by "<topic>/<partition>": the first inbound offset not decided
    struct ledger_cache *cache;
    struct ledger_event *events;
    size_t n_events, events_room;
    int64_t first_ms; // append time of the oldest entry read; 0 if none
};

// false without memory; to be ended all the same.
bool observe_ledger_init(struct observe_ledger *ledger, int64_t history_ms, size_t ledger_cache_bytes);
void observe_ledger_deinit(struct observe_ledger *ledger);
void observe_ledger_keep(struct observe_ledger *ledger, const struct observe_control *control, struct cycle *cycle);
// false without memory: then nothing of the record is taken.
bool observe_ledger_take(
    struct observe_ledger *ledger, const struct kafka_record *record, const struct observe_control *control);
// Tells waiting events if all of the ledger has been read.
void observe_ledger_settle(struct observe_ledger *ledger, struct follow *follow);
// The first offset of an inbound partition that is not decided, by the ledger; unknown if it says nothing of it.
struct figure observe_ledger_decided(const struct observe_ledger *ledger, const char *topic, int32_t partition);
