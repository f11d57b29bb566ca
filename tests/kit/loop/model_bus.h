// SPDX-License-Identifier: Apache-2.0
// A model of Kafka behind hub/run/bus.h: partitions as logs, transactions with their offsets, fencing by epoch and by
// generation, readers of committed and of all records, faults at any call. One thread, a clock of its own; each rule
// that it models has a test of its own in tests/lanes/test_model_bus.c. Running out of memory ends the program.
#pragma once
#include "hub/run/bus.h"

struct model;     // the cluster
struct model_bus; // one member of the hub's consumer group, with its producers

struct model *model_new(uint32_t lanes);
struct model *model_free(struct model *model); // after all its buses

// Milliseconds. A poll that finds nothing moves it on by its timeout; records are appended at this time.
int64_t *model_clock(struct model *model);
int64_t model_clock_ms(void *model);

// Topics are without prefix. Values and keys are borrowed and must outlive the model.
void model_topic(struct model *model, const char *name, uint32_t partitions);
int64_t model_append(struct model *model, const char *name, uint32_t partition, struct slice key, struct slice value);
int64_t model_append_headers(struct model *model, const char *name, uint32_t partition, struct slice key,
    struct slice value, const struct bus_header *headers, size_t n_headers);
// Retention: what lies below low is gone.
void model_trim(struct model *model, const char *name, uint32_t partition, int64_t low);
// The topic is deleted and made anew, or its end from offset on is lost.
void model_cut(struct model *model, const char *name, uint32_t partition, int64_t offset);

// What a reader sees.
struct model_record {
    int64_t offset, appended_ms;
    struct slice key, value;
    const struct bus_header *headers;
    size_t n_headers;
    bool committed;       // false: of an aborted or still open transaction, or not read yet by a committed reader
    uint64_t order;       // of appending, over the whole cluster
    uint64_t transaction; // 0 if none
};
// The next record at or after *offset, which is moved past it. false at the end. A committed reader sees no aborted
// record and nothing from the first open transaction on; another sees every record that was ever appended.
bool model_read(const struct model *model, const char *name, uint32_t partition, bool committed_only, int64_t *offset,
    struct model_record *record);
int64_t model_end(const struct model *model, const char *name, uint32_t partition); // true end
size_t model_open_transactions(const struct model *model);

// The group's committed offsets; BUS_NO_OFFSET if there is none. Setting it to that forgets it.
int64_t model_offset(const struct model *model, const char *topic, uint32_t partition);
void model_set_offset(struct model *model, const char *topic, uint32_t partition, int64_t offset);

// Members.
struct model_bus *model_join(struct model *model);
struct bus *model_bus(struct model_bus *bus);
struct model_bus *model_part(struct model_bus *bus); // frees it; its transactions stay open until somebody fences them
// Shares the lanes out among these members (lane i to member i % n) in a new generation of the group.
void model_rebalance(struct model *model, struct model_bus *const *members, size_t n);
// A member whose session has run out: it owns nothing, but learns of it only after late polls, and is a zombie until
// then.
void model_expel(struct model_bus *bus, unsigned late);

// Whether a commit is refused when its member is not of the group's present generation; it is unless this is turned
// off. The epoch of the producer must be fence enough.
void model_check_generation(struct model *model, bool check);

// A member's fetching begins again at an offset that nobody asked for.
void model_refetch(struct model_bus *bus, uint32_t lane, const char *topic, int64_t offset);

// What a message points to must stay unchanged until its commit, or the model ends the program.
//
// Faults. Asked before every call of a bus that stands in the table below.
#define MODEL_CALLS(CALL)                                                                                              \
    CALL(POLL)                                                                                                         \
    CALL(OPEN)                                                                                                         \
    CALL(RESTORE)                                                                                                      \
    CALL(STATE_RANGE)                                                                                                  \
    CALL(COMMITTED) CALL(START) CALL(TOPIC) CALL(BEGIN) CALL(PRODUCE) CALL(COMMIT) CALL(ABORT) CALL(CLOSE)
enum model_call {
#define CALL(name) MODEL_CALL_##name,
    MODEL_CALLS(CALL)
#undef CALL
        MODEL_CALL_COUNT
};

enum model_fault {
    MODEL_FINE,
    MODEL_CRASH_BEFORE, // the process dies, the call has no effect: everything answers BUS_BROKEN from here on
    MODEL_CRASH_AFTER,  // it has its effect, but nobody lives to see it
    MODEL_LOSE,         // BUS_LOST without effect
    MODEL_LOSE_APPLIED, // commit only: BUS_LOST, but it took effect
    MODEL_LOSE_DELAYED, // commit only: BUS_LOST; takes effect a few calls later, unless it is fenced by then
    MODEL_REFUSE,       // produce only: BUS_REFUSED
    MODEL_BREAK,        // BUS_BROKEN
};
struct model_moment {
    enum model_call call;
    uint64_t nth; // call of this bus, of whatever kind, from 1
    uint32_t lane;
    const struct bus_message *message; // of a produce
};
void model_set_fault(
    struct model_bus *bus, enum model_fault (*fault)(void *context, const struct model_moment *moment), void *context);
// The process dies now: no call has an effect any more.
void model_crash(struct model_bus *bus);
// Lanes on which this bus has begun a transaction and not ended it.
size_t model_in_transaction(const struct model_bus *bus);
uint64_t model_calls(const struct model_bus *bus);
bool model_crashed(const struct model_bus *bus);
