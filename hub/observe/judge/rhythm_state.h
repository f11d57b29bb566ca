// SPDX-License-Identifier: Apache-2.0
// What rhythm.c learns and rhythm_judge.c reads. Nobody else includes it.
#pragma once
#include "hub/observe/judge/extremes.h"
#include "hub/observe/judge/recent.h"
#include "hub/observe/judge/rhythm.h"
#include "hub/observe/judge/usual.h"

#define RHYTHM_MINUTE_MS INT64_C(60000)
#define RHYTHM_HOUR_MS   USUAL_HOUR_MS
#define RHYTHM_DAY_MS    (24 * RHYTHM_HOUR_MS)

// Figures whose ordinary extremes are kept. GAP is a pause, measured in records that were expected in it; EXCESS is how
// many more than expected came in an hour; the others say how improbable a count is, as minus the natural logarithm of
// a bound of its probability.
enum rhythm_book {
    BOOK_GAP,
    BOOK_BURST,
    BOOK_EXCESS,
    BOOK_DROP,
    BOOK_DROP_DAY,
    BOOK_REFUSED,
    BOOK_STRANGE,
    BOOK_COUNT
};

// A decaying share: how many of all.
struct rhythm_share {
    double some, all;
};

struct rhythm {
    int64_t last_ms, longest_ms; // last record; longest pause between two
    uint64_t taken;              // records
    double newest;               // share of refusals, of some 20 newest records
    struct usual usual;
    struct recent recent;
    struct extremes books[BOOK_COUNT];
    // squared misses beyond chance, against squared expectations: 1/k of a negative binomial
    struct rhythm_share spread;
    struct rhythm_share spread_day; // of 24 hours together
    struct rhythm_share refused, strange;
    double regions[RHYTHM_REGIONS], placed; // how often each was named, up to yesterday; items with regions
    uint32_t regions_today[RHYTHM_REGIONS], placed_today;
    int64_t today;
};

// How improbable it is that x come where mean are usual, if the variance is mean + mean * mean * spread.
double rhythm_surprise(double x, double mean, double spread);
// How improbable it is that some of all are so, if the share is usually that.
double rhythm_share_surprise(double some, double all, double share);
double rhythm_share_of(const struct rhythm_share *share); // never below 1 %
double rhythm_spread(const struct rhythm_share *share);
