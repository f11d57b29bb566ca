// SPDX-License-Identifier: Apache-2.0
// When no broker answered: times that say nothing of those who could not publish, or not be heard. Pure: time is given.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTAGES_KEPT 16 // older ones are forgotten, and count as if somebody had answered

struct outages {
    struct outage {
        int64_t from_ms, to_ms; // to_ms: the first answer after it, or the last look without one
    } kept[OUTAGES_KEPT];       // oldest first
    size_t n;
    int64_t answered_ms; // the last answer; 0 if there never was one
};

// What a look at that time found. An outage begins with the last answer before it.
void outages_note(struct outages *outages, int64_t now_ms, bool answered);
// How much of a time they took, in milliseconds. Takes NULL: none.
int64_t outages_between(const struct outages *outages, int64_t from_ms, int64_t to_ms);
