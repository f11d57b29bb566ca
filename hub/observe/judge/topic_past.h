// SPDX-License-Identifier: Apache-2.0
// The end of one partition over time: how fast it grows, whether it went back, whether it stands still. Pure: time is
// given.
#pragma once
#include "hub/observe/figure.h"

// What is remembered of one partition between cycles.
#define RATE_LEAST_MS                                                                                                  \
    60000 // that a rate by the minute was watched for: a few records in the first seconds are no hundreds a minute
#define ENDS_KEPT 14 // so far apart that there is one more than reaches over that time
struct topic_past {
    int64_t at_ms[ENDS_KEPT], ends[ENDS_KEPT]; // oldest first; the last is the newest look
    size_t n;
    int64_t high;            // the greatest end ever seen
    int64_t back_ms;         // when it was last seen before that; 0 if it has come back
    int64_t was, is;         // that step
    int64_t moved_ms;        // when its end was last seen to move, or first seen
    int64_t stable;          // last stable offset
    int64_t stands_since_ms; // since when it stands before the end; 0 if it does not
};
// A look at the same time as the last one takes its place.
void topic_past_add(struct topic_past *past, int64_t now_ms, int64_t stable, int64_t end);
// Unknown until it was watched for RATE_LEAST_MS.
struct figure topic_past_per_minute(const struct topic_past *past);
