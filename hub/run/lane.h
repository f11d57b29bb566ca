// SPDX-License-Identifier: Apache-2.0
// One lane as its worker holds it: opened, restored and checked against both witnesses, then started; forgotten as a
// whole whenever anything is in doubt.
#pragma once
#include "hub/base/error.h"
#include "hub/run/bus.h"
#include "hub/state/ledger.h"
#include "hub/state/mark.h"
#include "hub/state/names.h"
#include "hub/state/receipts.h"

#define LANE_TOPICS 1024 // most inbound topics

enum lane_state {
    LANE_CLOSED,   // not ours, or to be opened when it is due
    LANE_RESTORED, // remembers; waits for a control snapshot at least as new as its last one
    LANE_RUNNING,  // gets records
};

// A record whose effects the bus refused, and how often.
struct suspect {
    char topic[MARK_TOPIC_BYTES];
    int64_t offset;
    unsigned times;
};

struct lane_cell; // lane_facts.h

struct lane {
    struct bus *bus;
    struct lane_cell *cell; // what others see of it; NULL: nobody watches
    uint32_t number, lanes;
    bool owned, group_witness;
    enum lane_state state;
    int64_t due_ms;            // when to open it again
    unsigned failures, doubts; // in a row: of the bus, and of the witnesses
    struct suspect suspect;    // outlives a reopening

    // What it remembers. The committed part is what restore gave or a known commit left.
    struct memory memory;
    struct mark mark;
    struct digest chain;            // of the last state record
    uint64_t since_snapshot;        // weight of the deltas since the last whole snapshot
    struct names *topics;           // inbound topics; positions goes by their numbers
    struct bus_position *positions; // next offset to take; LANE_TOPICS of them
    size_t n_positions;
    struct bus_position *moved; // room for those that a commit has to tell; as many
    int64_t *told;              // what the group has committed, by topic
    struct ledger *ledger;
    struct receipts *receipts;
    struct packs ledger_blocks, receipt_blocks; // of the open transaction, closed already

    bool open;                       // a transaction is open
    const struct snapshot *snapshot; // that decides in it
    uint32_t records, outcomes[OUTCOMES_MAX];
    uint64_t bytes, deliveries, spills;

    struct error error; // why it was refused, or given up; its text is "" if the bus can tell
};

// NULL if there is no memory.
struct lane *lane_new(struct bus *bus, uint32_t number, uint32_t lanes, bool group_witness, struct proof_cache *roots);
struct lane *lane_free(struct lane *lane); // takes NULL, returns NULL

// Takes the lane, restores it and checks the witnesses. After BUS_BROKEN error says why; after anything but BUS_OK the
// lane is forgotten.
enum bus_status lane_open(struct lane *lane);
// BUS_OK if the lane may decide with a snapshot, which may be NULL. BUS_LOST while it is older than what the lane was
// last decided with. BUS_BROKEN, and error says why, if its registry is of another deployment than the lane.
enum bus_status lane_accepts(struct lane *lane, const struct snapshot *snapshot);
// Commits the open transaction with those positions that the group does not have yet: a transaction touches few topics,
// and telling all of them each time costs the broker a record each.
enum bus_status lane_commit(struct lane *lane);
// Begins to fetch.
enum bus_status lane_start(struct lane *lane);
// Aborts, lets the lane go, and forgets all that it remembered.
void lane_forget(struct lane *lane);
