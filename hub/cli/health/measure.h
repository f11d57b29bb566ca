// SPDX-License-Identifier: Apache-2.0
// The numbers that `signalbox check` prints and compares: of one thing, or of all things of a kind.
#pragma once
#include "hub/cli/health/check.h"

struct measure_selection {
    const struct report *report;
    const struct health_view_thing *thing; // NULL: all of the kind
    enum thing of;
    const struct check_limits *limits;
};

// Whether a kind has a duration that limits are held against.
bool measure_has_limits(enum thing of);
// Why limits can never hold together for a kind, or NULL.
const char *measure_cross_limits(enum thing of, const struct check_limits *limits);

enum measure_result {
    MEASURE_HELD,    // within the limits, or beyond one
    MEASURE_MISSING, // there should be a number, and it is not known
    MEASURE_NOTHING, // there is nothing to hold against a limit: no reader, nothing sent yet
};
// Holds one thing against the limits; *severity is what they alone make of it. What is missing is unknown.
enum measure_result measure_hold(
    const struct measure_selection *selection, const struct health_view_thing *thing, enum severity *severity);

// The duration that limits are held against, the greater the worse; INT64_MIN if there is none or it is not known.
int64_t measure_pain(const struct report *report, const struct health_view_thing *thing);

// "; lag 3 min" of one thing, or of the worst if thing is NULL. Nothing if it is not known, unless limits are held
// against it.
void measure_write_duration(
    const struct measure_selection *selection, const struct health_view_thing *thing, FILE *out);
// " | label=value;warn;crit ..." and a line feed.
void measure_write_perf(const struct measure_selection *selection, FILE *out);
void measure_write_seconds(int64_t ms, FILE *out);
