// SPDX-License-Identifier: Apache-2.0
// What is wrong in the fixtures of health, as tables.
#pragma once
#include "hub/observe/health.h"

#define SICK_LANES 9

struct sick_ill {
    const char *thing;
    enum verdict verdict;
    int64_t ago_s;
    const char *rule, *numbers, *detail;
};

// The figures of a group and of its only partition.
struct sick_reader {
    const char *thing, *state;
    struct figure members, lag, lag_ms, per_minute, until_loss_ms, lost;
    int trend;
};

extern const struct sick_ill sick_night[], sick_all[];
extern const size_t sick_night_n, sick_all_n;
extern const struct sick_reader sick_night_readers[], sick_readers[];
extern const size_t sick_night_readers_n, sick_readers_n;
