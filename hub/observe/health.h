// SPDX-License-Identifier: Apache-2.0
// The health of a whole deployment at one moment: one immutable snapshot, made in the background, read by every outlet
// (status, check, top, metrics, console). Everything in it lives in its arena. Times are Unix milliseconds, 0 for
// never; names are without prefix; sentences hold no content.
#pragma once
#include "hub/base/arena.h"
#include "hub/observe/verdict.h"
#include <signalbox/v1/control.pb-c.h>
#include <stdatomic.h>

// A verdict with what it rests on.
struct finding {
    enum verdict verdict;
    int64_t since_ms; // since when it is so: as the facts tell, or when this verdict was first given; a time in which
                      // nobody could say does not count as a break
    const char *rule; // stable name of the rule that fired, such as "no-member-and-lag"
    const char *numbers; // the numbers behind it: "committed=120 end=190 moved=0 window=45s members=0"
    const char *detail;  // one sentence for a person, with names and figures; may be ""
    enum verdict known;  // while nobody can say: what was said last, and since when it was so; else the same as above
    int64_t known_since_ms;
};

struct partition_health {
    int32_t partition;
    struct figure start, stable, end; // first offset held, last stable offset, end
    struct figure leader, preferred;  // broker ids: who leads, and who should
    struct figure replicas, in_sync;
    struct figure newest_ms; // append time of the newest record; unknown where it was not asked for
};

enum topic_part { TOPIC_PART_INBOUND, TOPIC_PART_FEED, TOPIC_PART_RECEIPT, TOPIC_PART_CONTROL, TOPIC_PART_INTERNAL };
const char *health_part_name(enum topic_part part); // "inbound", "feed", "receipt", "control", "internal"

struct topic_health {
    const char *name;
    enum topic_part part;
    const char *owner; // organisation's id, or ""
    struct finding finding;
    struct partition_health *partitions;
    size_t n_partitions;
    struct figure retention_ms; // -1: without end
    struct figure per_minute;   // records, by end offsets over the window; unknown until that is a minute
};

// A group on one partition of a feed.
struct group_partition {
    const char *topic;
    int32_t partition;
    struct finding finding;
    struct figure committed;  // unknown: none
    struct figure start, end; // of the partition; end is the last stable offset
    struct figure lag;    // records to read, by offsets (markers of transactions count); 0 once known to be caught up
    struct figure lag_ms; // age of the oldest record not read yet, by its append time; 0 if there is none
    struct figure per_minute;    // records read
    struct figure until_loss_ms; // until the oldest record not read goes by retention; unknown if retention has no end
    struct figure lost;          // records that went by retention unread
};

struct group_health {
    const char *name;
    const char *force;      // whose feed; "" if it reads several
    struct finding finding; // of its worst partition
    struct figure members;
    const char *state; // as the broker names it: "Stable", "Empty", ...; "" if not known
    struct group_partition *partitions;
    size_t n_partitions;
    struct figure lag, lag_ms, per_minute; // sum, worst, sum
    int trend;                             // of the lag over the window: -1 shrinks, 0 steady, 1 grows
};

// Delays along the path, over the last hour; unknown if nothing came.
struct delays {
    struct figure source_p50_ms, source_p95_ms; // made to appended inbound
    struct figure hub_p50_ms, hub_p95_ms;       // appended inbound to decided and committed
    struct figure reader_ms;                    // appended on the feed to now, of the oldest not read
};

struct code_count {
    const char *code;
    uint64_t count;
};

struct source_health {
    const char *agency, *name, *region;
    struct finding finding;
    // What comes from the ledger is as of the last time that the broker answered; unknown until the ledger was read to
    // its end.
    struct figure last_ms;             // append time of the last record; 0: never
    struct figure last_hour, last_day; // records
    struct figure expected_hour;       // usual for the last hour of the week, thousandths of a record
    struct figure silent_after_ms;     // when silence would be told, if nothing comes
    struct figure accepted, duplicates, refused, forwarded; // last 24 h
    struct code_count *refusals;                            // last 24 h, most frequent first
    size_t n_refusals;
    struct figure waiting; // inbound records not decided yet
    struct delays delays;
};

struct force_health {
    const char *id, *name, *region, *kind;
    struct finding finding;            // worst of feed topic, readers and lanes
    const char *cause;                 // "group/feed-kent", "lane/3", "topic/feed.kent"; "" if well
    struct figure last_ms;             // last delivery, 0: never; it and the next as those of a source
    struct figure last_hour, last_day; // deliveries
    struct figure lag, lag_ms;         // of its worst group
    size_t n_groups;
    struct delays delays;
};

struct lane_health {
    uint32_t lane;
    struct finding finding;
    const char *process; // id of the owner in hex, "" if nobody
    const char *state;   // "running", "restored", "restoring", "closed", ""
    struct figure restored_percent;
    struct figure fingerprints, fingerprint_bytes;
    // committed, as a process that remembers it said last; that one may be silent
    struct figure ledger_sequence, transaction;
    const char *ledger_head;           // hex, ""
    struct figure transaction_age_ms;  // unknown: none is open, or the lane has no owner who could say
    struct figure transaction_records; // in the open one; unknown: the lane has no owner
    struct figure waiting, waiting_ms; // inbound records of the lane not decided yet; age of the oldest
    struct figure doubts;              // 0: the witnesses agree
    const char *problem;
};

struct counter_health {
    const char *name, *code;
    uint64_t value;
};

struct process_health {
    const char *id, *host, *version, *library;
    uint32_t pid;
    struct finding finding;
    int64_t started_ms, heard_ms;
    struct figure n_lanes; // that it owns; unknown while it is silent
    uint64_t registry_version, policy_version, subscriptions_version;
    int64_t certificate_to_ms;
    uint64_t memory_bytes, processor_ms;
    const char *control_problem;
    struct counter_health *counters;
    size_t n_counters;
};

struct key_health {
    const char *holder; // organisation's id, or "console", or a process id for a certificate
    const char *id;     // key id in hex, or the certificate's SHA-256
    struct finding finding;
    int64_t to_ms; // 0: open
};

struct quarantine_health {
    const char *agency, *code;
    uint64_t waiting, dealt_with;
    int64_t oldest_ms, newest_ms; // of those that wait
};

#define CANARY_BUCKETS 12
extern const uint32_t canary_bucket_ms[CANARY_BUCKETS]; // upper bounds; what took longer counts in canary_health.slower

struct canary_health {
    uint32_t lane;
    struct finding finding;
    // By all processes that this observer ever heard, also those that have ended; unknown: none of them ever sent any.
    struct figure sent, returned, lost;
    struct figure buckets[CANARY_BUCKETS], slower; // not cumulative
    struct figure sum_ms;
    struct figure last_ms; // the last round trip
};

struct ledger_health {
    uint32_t lane;
    struct finding finding;
    uint64_t sequence; // of the last entry read
    int64_t read_ms;   // append time of the last entry read
};

// What is wrong now: the list that operators work from, worst first.
struct trouble {
    enum verdict verdict;
    const char *thing;   // "group/feed-kent", "source/btp", "lane/3", "broker": what status and check take
    const char *title;   // "Kent Police's reader has stopped"
    const char *effect;  // "kent: 70 records wait, the oldest for 3 min"
    const char *cause;   // likely cause, one sentence
    const char *next;    // what to do
    const char *command; // to copy, such as "signalbox status group/feed-kent"
    const char *rule, *numbers;
    const char *forces[8];        // whom it hurts, by id; NULL after the last
    size_t n_forces;              // all of them, may be more than 8
    int64_t since_ms, cleared_ms; // cleared_ms 0 while it lasts
};

struct health {
    atomic_int holders;
    struct arena arena;
    uint64_t number;        // counted from 1
    int64_t at_ms;          // when it was collected
    uint32_t every_ms;      // how often it is
    uint32_t took_ms;       // to collect it
    int64_t began_ms;       // when observing began
    enum severity severity; // of the worst trouble
    const char *version, *prefix, *bootstrap;
    bool embedded;
    struct finding broker, control, quarantine;
    int64_t broker_answered_ms; // last answer
    struct figure brokers;      // alive, by the one that answered
    uint64_t registry_version, policy_version, subscriptions_version;
    int64_t registry_made_ms, policy_made_ms;
    uint32_t n_all_lanes;
    struct topic_health *topics; // by name
    size_t n_topics;
    struct group_health *groups; // by name
    size_t n_groups;
    struct source_health *sources; // by id
    size_t n_sources;
    struct force_health *forces; // in order of the registry
    size_t n_forces;
    struct lane_health *lanes;
    size_t n_lanes;
    struct process_health *processes;
    size_t n_processes;
    struct key_health *keys;
    size_t n_keys;
    struct quarantine_health *refused; // most waiting first
    size_t n_refused;
    struct canary_health *canaries;
    size_t n_canaries;
    struct ledger_health *ledgers;
    size_t n_ledgers;
    struct trouble *troubles; // worst first, then by how many forces it hurts, then the longest
    size_t n_troubles;
    struct trouble *cleared; // the last 50, newest first
    size_t n_cleared;
};

struct health *health_new(void);                         // empty, one holder. NULL without memory
struct health *health_hold(const struct health *health); // one holder more
struct health *health_drop(const struct health *health); // one less; frees with the last. Takes NULL, returns NULL
