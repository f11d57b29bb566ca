// SPDX-License-Identifier: Apache-2.0
// Invented traffic of agencies of many kinds, the same for the same seed on every machine: what a rhythm has to live
// with.
#pragma once
#include "hub/observe/judge/rhythm.h"
#include "tests/kit/core/random.h"

#define KIT_HOUR_MS INT64_C(3600000)
#define KIT_DAY_MS  (24 * KIT_HOUR_MS)

enum kit_traffic_kind {
    KIT_TRAFFIC_STEADY,  // 60 an hour, day and night
    KIT_TRAFFIC_OFFICE,  // 40 an hour by day on working days, by clocks in the United Kingdom, closed on bank holidays
    KIT_TRAFFIC_NIGHTLY, // one batch of 400 in the night, by UTC
    KIT_TRAFFIC_BURSTY,  // heaps of 15 within a minute, two an hour
    KIT_TRAFFIC_WEEKLY,  // 20 on Monday mornings
    KIT_TRAFFIC_SPARSE,  // one in three days, whenever
    KIT_TRAFFIC_POLICE, // day and night in waves, some days busier than others, mistakes in heaps, regions by operation
    KIT_TRAFFIC_CLOCKWORK, // what has come in a quarter of an hour is sent at its end
    KIT_TRAFFIC_GROWING,   // from 20 to 60 an hour within a year
    KIT_TRAFFIC_KINDS
};
extern const char *const kit_traffic_names[KIT_TRAFFIC_KINDS];

struct kit_traffic {
    enum kit_traffic_kind kind;
    struct kit_random random;
    int64_t first_hour, hour; // next to make
    size_t n, next;
    int64_t at_ms[8192];
    double today; // how busy the day is
    int64_t day;
    uint32_t mistakes, operation; // records left in a heap of mistakes; region of the present operation
};

// first_ms is rounded down to an hour.
void kit_traffic_begin(struct kit_traffic *traffic, enum kit_traffic_kind kind, uint64_t seed, int64_t first_ms);
// The next record, in order of time.
void kit_traffic_next(struct kit_traffic *traffic, struct rhythm_event *event);
