// SPDX-License-Identifier: Apache-2.0
// What is wrong in the fixtures of health, as tables.
#pragma once
#include "hub/observe/health.h"

#define UNWELL_LANES 9

struct unwell_row {
    const char *thing;
    enum verdict verdict;
    int64_t ago_s;
    const char *rule, *numbers, *detail;
};

// The figures of a group and of its only partition.
struct unwell_reader {
    const char *thing, *state;
    struct figure members, lag, lag_ms, per_minute, until_loss_ms, lost;
    int trend;
};

extern const struct unwell_row unwell_night[], unwell_all[];
extern const size_t unwell_night_n, unwell_all_n;
extern const struct unwell_reader unwell_night_readers[], unwell_readers[];
extern const size_t unwell_night_readers_n, unwell_readers_n;
