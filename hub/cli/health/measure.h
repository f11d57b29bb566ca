// SPDX-License-Identifier: Apache-2.0
// The numbers that `signalbox check` prints and compares: of one thing, or the worst of all things of a kind.
#pragma once
#include "hub/cli/health/check.h"

struct measure_selection {
    const struct report *report;
    const char *name;
    enum thing of;
    bool all; // of the kind
    const struct check_limits *limits;
};

bool measure_selects(const struct measure_selection *selection, const struct outlook_thing *thing);
// Whether a kind has a duration that limits are held against.
bool measure_has_limits(enum thing of);
// How bad it is by the limits alone.
enum severity measure_severity(const struct measure_selection *selection);
// Whether limits were given for what is not known.
bool measure_is_missing(const struct measure_selection *selection);
// ": lag 3 min", or nothing.
void measure_write_worst(const struct measure_selection *selection, FILE *out);
// " | label=value;warn;crit ..." and a line feed.
void measure_write_perf(const struct measure_selection *selection, FILE *out);
void measure_write_seconds(int64_t ms, FILE *out);
