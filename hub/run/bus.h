// SPDX-License-Identifier: Apache-2.0
// What a worker needs of a message bus, and nothing else. hub/kafka implements it on librdkafka; the model in
// tests/kit/loop implements it in memory, so that the loop runs whole without a broker. One bus serves one worker
// thread.
#pragma once
#include "hub/base/error.h"
#include "hub/contract/lanes.h"
#include "hub/decide/step.h"

enum bus_status {
    BUS_OK = 0,
    BUS_LOST,    // the transaction's fate is unknown, or it was aborted: forget everything, open the lane again
    BUS_FENCED,  // somebody else owns the lane: close it, wait to be given it again
    BUS_BROKEN,  // nothing will work any more (fatal, refused by the broker): stop the process; error() says why
    BUS_REFUSED, // produce only: this one message can never be written (too large); abort, as after BUS_LOST. Never for
                 // a full queue or an absent broker: the record that caused the message is set aside after three of
                 // these
};

enum bus_event_kind {
    BUS_NOTHING,  // nothing within the time
    BUS_RECORD,   // record is set; its slices are valid until the next poll
    BUS_ASSIGNED, // lanes is what this worker owns now, all of it; not one record comes before bus_start
    BUS_REVOKED,  // the worker owns nothing; the bus has given the partitions back when the next poll is called
    BUS_FAILED,   // as BUS_BROKEN
};

struct bus_event {
    enum bus_event_kind kind;
    struct record record;
    uint32_t lanes[LANES_MAX];
    size_t n_lanes;
};

// Where a lane stands in one inbound topic. topic is without prefix; next is an offset, or BUS_NO_OFFSET if none is
// committed.
#define BUS_NO_OFFSET (-1001)
struct bus_position {
    char topic[128];
    int64_t next;
};

enum bus_topic_kind {
    BUS_FEED,
    BUS_EXERCISE,
    BUS_RECEIPT,
    BUS_LEDGER,
    BUS_STATE,
    BUS_QUARANTINE,
    BUS_RELANE,
    BUS_TOPIC_KINDS
};

struct bus_header {
    const char *name; // static
    struct slice value;
};

// A record to write. Everything it points to must live until the transaction is committed, or aborted and the lane
// reopened.
struct bus_message {
    int topic; // from bus_topic
    int32_t partition;
    struct slice key, value;
    const struct bus_header *headers;
    size_t n_headers;
};

struct bus {
    const struct bus_ops *ops;
};

struct bus_ops {
    // Next event, waiting at most timeout_ms (R12: one record a call, never a batch API).
    void (*poll)(struct bus *bus, int timeout_ms, struct bus_event *event);

    // Takes the lane: fences whoever had it and ends its open transactions. Must come before restore.
    enum bus_status (*open)(struct bus *bus, uint32_t lane);
    // Reads the lane's partition of state from offset (-1 for its beginning) to its true end, committed records only,
    // waiting out open transactions (R6). each returns false to stop early, which gives BUS_LOST.
    enum bus_status (*restore)(struct bus *bus, uint32_t lane, int64_t from,
        bool (*each)(void *context, int64_t offset, struct slice value), void *context);
    // First offset held and true end of the lane's partition of state.
    enum bus_status (*state_range)(struct bus *bus, uint32_t lane, int64_t *low, int64_t *high);
    // What the group has committed for the lane: one row for each inbound topic assigned (R4, R7), with its first
    // offset held in low[i] and end in high[i]. Returns BUS_LOST if it cannot be told now. max rows at most; *n is set.
    enum bus_status (*committed)(
        struct bus *bus, uint32_t lane, struct bus_position *rows, int64_t *low, int64_t *high, size_t max, size_t *n);
    // Begins to fetch the lane at these positions.
    enum bus_status (*start)(struct bus *bus, uint32_t lane, const struct bus_position *positions, size_t n);

    // A small number for a topic, stable for the life of the bus; asks the broker for its metadata, so that the first
    // record does not wait. owner is an organisation's id for feeds and receipts, else NULL. -1 if the topic does not
    // exist.
    int (*topic)(struct bus *bus, enum bus_topic_kind kind, const char *owner);

    enum bus_status (*begin)(struct bus *bus, uint32_t lane);
    enum bus_status (*produce)(struct bus *bus, uint32_t lane, const struct bus_message *message);
    // Commits what was produced together with the lane's positions, with group metadata taken now (R3).
    enum bus_status (*commit)(struct bus *bus, uint32_t lane, const struct bus_position *positions, size_t n);
    // Aborts, if a transaction is open. The lane must be opened again before any further record (R1, R4).
    void (*abort)(struct bus *bus, uint32_t lane);
    // Lets the lane go: its producers are destroyed, its fetching is paused.
    void (*close)(struct bus *bus, uint32_t lane);

    // What went wrong last and what to do, one sentence or two; valid until the next call.
    const struct error *(*error)(struct bus *bus);
};
