// SPDX-License-Identifier: Apache-2.0
// The course of figures over time, for charts: all on one time line. At first a point each cycle; whenever the line is
// full every second point goes, until there is one a minute; then the oldest goes. So charts have something to show
// after a minute, and reach back six hours.
#pragma once
#include "hub/observe/collect/thing_table.h"
#include "hub/observe/observer.h"

#define FIGURE_HISTORY_MAX 4096 // things

struct trail_seen {
    int64_t *values[TRAIL_FIGURES]; // TRAIL_POINTS each, INT64_MIN where not known; NULL if it never was
};

struct figure_history {
    struct thing_table things;
    int64_t at_ms[TRAIL_POINTS];
    size_t n;
    int64_t step_ms;
};

void figure_history_deinit(struct figure_history *history);
// A point of the line, if it is time for one. false without memory: then there is no point, and the next snapshot may
// give one.
bool figure_history_take(struct figure_history *history, const struct health *health);
bool figure_history_read(
    const struct figure_history *history, const char *thing, enum trail_figure figure, struct trail *trail);
