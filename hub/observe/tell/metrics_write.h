// SPDX-License-Identifier: Apache-2.0
// Writing Prometheus text: a sample with its value, labels in the making. Between metrics.c and its sources only.
#pragma once
#include "hub/observe/tell/metrics.h"

// A value as whole units of a power of ten below one: 1,500 with 3 decimals is 1.5.
struct sample {
    bool known;
    int64_t value;
    int decimals;
};

struct metrics_writer {
    char *text; // so far, terminated; NULL at the start
    size_t len, room;
    bool failed;        // without memory: the text has gaps
    const char *prefix; // of topics and groups, as Kafka has them
    const char *name;   // of the present sample
    const char *more;   // labels of its row, ready
    size_t labels;      // written of it
};

// # HELP and # TYPE.
void metrics_family(struct metrics_writer *writer, const char *name, const char *type, const char *help);
// A sample is begun, has its labels added, and is ended with its value.
void metrics_begin(struct metrics_writer *writer, const char *suffix);
// prefix stands before the value. Backslashes, quotes and ends of lines are escaped; % and what is no UTF-8 become %XX,
// so that one odd name of a stranger's group neither breaks the whole text nor takes another one's place.
void metrics_label(struct metrics_writer *writer, const char *key, const char *prefix, const char *value);
void metrics_label_number(struct metrics_writer *writer, const char *key, int64_t value);
void metrics_end(struct metrics_writer *writer, struct sample sample);

// The value of a row of metrics.def for one object of its list.
typedef struct sample metrics_value(const void *object);

// A walk over one list writes a sample, with the labels of its kind, for each object whose value is known. A row's
// object is a pointer to the type given here.
#define METRICS_WALKS(WALK)                                                                                            \
    WALK(ONCE, struct health)                                                                                          \
    WALK(THING, struct thing_place)                                                                                    \
    WALK(SINCE, struct thing_place)                                                                                    \
    WALK(FORBIDDEN, struct thing_place)                                                                                \
    WALK(SEVERITY, struct metrics_tally)                                                                               \
    WALK(TROUBLES, struct metrics_tally)                                                                               \
    WALK(SOURCE, struct source_health)                                                                                 \
    WALK(REFUSAL, struct code_count)                                                                                   \
    WALK(FORCE, struct force_health)                                                                                   \
    WALK(GROUP, struct group_health)                                                                                   \
    WALK(PLACE, struct group_partition)                                                                                \
    WALK(CONSUMER, struct group_health)                                                                                \
    WALK(CONSUMER_PLACE, struct group_partition)                                                                       \
    WALK(CONSUMER_TOPIC, struct group_partition)                                                                       \
    WALK(TOPIC, struct topic_health)                                                                                   \
    WALK(PARTITION, struct partition_health)                                                                           \
    WALK(LANE, struct lane_health)                                                                                     \
    WALK(LANE_STATE, struct lane_health)                                                                               \
    WALK(PROCESS, struct process_health)                                                                               \
    WALK(PROCESS_INFO, struct process_health)                                                                          \
    WALK(KEY, struct key_health)                                                                                       \
    WALK(REFUSED, struct quarantine_health)                                                                            \
    WALK(CANARY, struct canary_health)                                                                                 \
    WALK(LEDGER, struct ledger_health)

struct metrics_tally {
    enum thing of;
    enum severity severity;
    uint64_t count;
};

#define METRICS_WALK(kind)                                                                                             \
    void metrics_walk_##kind(struct metrics_writer *w, const struct health *health, metrics_value *value)
#define DECLARE(kind, type) METRICS_WALK(kind);
METRICS_WALKS(DECLARE)
#undef DECLARE

// For walks: the n objects of a list; the statements add labels.
#define METRICS_EACH(w, list, n, value, it, ...)                                                                       \
    for (size_t i_ = 0; i_ < (n); i_++) {                                                                              \
        const __typeof__(*(list)) *it = &(list)[i_];                                                                   \
        struct sample sample_ = value(it);                                                                             \
        if (!sample_.known)                                                                                            \
            continue;                                                                                                  \
        metrics_begin(w, "");                                                                                          \
        __VA_ARGS__;                                                                                                   \
        metrics_end(w, sample_);                                                                                       \
    }

// The families that no table row can hold: counters of the processes by counters.def, and the canaries' histogram.
void metrics_counters(struct metrics_writer *writer, const struct health *health);
void metrics_roundtrips(struct metrics_writer *writer, const struct health *health);
