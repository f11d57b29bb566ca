// SPDX-License-Identifier: Apache-2.0
// How far a figure goes on ordinary days: its greatest value of each day, for ten weeks, and from these the limit that
// it would pass by chance once in a stated time. So every limit is learned from the source itself, however it clusters.
// Pure.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXTREMES_DAYS  70
#define EXTREMES_WEEKS 400 // a limit is passed by chance once in so many weeks

struct extremes {
    int64_t first_day, day; // 0: none yet
    uint32_t n;             // days with a value
    float best[EXTREMES_DAYS];
    float limit; // 0: not known yet
};

// A value of a day. Days go forward; a value of an earlier day than the newest counts for the newest. A value far
// beyond the limit counts as one and a half limits: what was told as trouble must not become usual at once.
void extremes_take(struct extremes *extremes, int64_t day, double value);
