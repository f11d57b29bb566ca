// SPDX-License-Identifier: Apache-2.0
// What usually comes in each hour of the week, by the counts of the last eight weeks. Two clocks are kept: some sources
// live by UTC, some by clocks in the United Kingdom, and for two months after a change both are believed. On bank
// holidays a Sunday is believed as well as the day's own past. So there are two figures, a low and a high one, mostly
// equal.
#pragma once
#include "hub/observe/judge/calendar.h"
#include <stddef.h>

#define USUAL_HOUR_MS INT64_C(3600000)
#define USUAL_WEEK    168
#define USUAL_WEEKS   8
#define USUAL_HOURS   (USUAL_WEEK * (USUAL_WEEKS + 1))
#define USUAL_DAY     26 // hours whose expectations are kept

struct usual_rate {
    float low, high; // records in an hour
};

struct usual {
    int64_t first, hour;                 // first hour seen, newest hour opened; 0: none yet
    int64_t change;                      // first hour after the newest with another clock
    uint32_t counts[USUAL_HOURS];        // by hour; the two highest bits say summer time and holiday
    struct usual_rate rates[USUAL_WEEK]; // what is expected at the next hour of this place in the week
    struct usual_rate past[USUAL_DAY];   // what was expected of the newest hours
};

// Opens this hour and all between it and the newest, which become empty. Hours that are not newer do nothing.
void usual_open(struct usual *usual, int64_t hour);
// One more record in an hour that is still held.
void usual_count(struct usual *usual, int64_t hour);
// Records in an hour; 0 for one that is not opened yet or no longer held.
uint32_t usual_counted(const struct usual *usual, int64_t hour);
// What is or was expected of an hour, from USUAL_DAY - 2 hours before the newest on.
struct usual_rate usual_rate(const struct usual *usual, int64_t hour);
// The high expectation of an hour, or that of it and its neighbours together if that is more: heaps fall into any of
// them.
double usual_most(const struct usual *usual, int64_t hour);
// The low expectation between two times.
double usual_between(const struct usual *usual, int64_t from_ms, int64_t to_ms);
// When the low expectation from a time on reaches a sum; INT64_MAX if not within the weeks that are held.
int64_t usual_reaches_ms(const struct usual *usual, int64_t from_ms, double sum);
