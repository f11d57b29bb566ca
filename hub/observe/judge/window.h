// SPDX-License-Identifier: Apache-2.0
// The reader of one partition over a window of samples, and the verdict on it: Burrow's rules without thresholds, with
// what they lack (no commit, retention, idle, not known). Pure: no clock, no Kafka.
#pragma once
#include "hub/observe/health.h"

#define WINDOW_SAMPLES 10
// A reader without members is told as stopped when records have waited and its place has stood in as many samples and
// for as long as this. A restart, or a rebalance that loses its last member for a moment, is shorter.
#define WINDOW_STOPPED_SAMPLES 3
#define WINDOW_STOPPED_MS      15000

struct window_sample {
    int64_t at_ms;     // when the broker was asked
    int64_t committed; // -1: the group has committed nothing
    int64_t start;     // first offset held
    int64_t end;       // last stable offset
    bool caught_up; // known to have nothing to read, though end may lie behind committed: only transaction markers lie
                    // between
};

struct window {
    struct window_sample samples[WINDOW_SAMPLES]; // oldest first
    size_t n;
    int64_t high_committed; // greatest place ever committed; what a rewound reader has to reach again
    int64_t rewound_ms;     // when it last went back; 0 if it has reached its old place since
    int64_t moved_ms;       // when its place last moved, 0 if never seen to
};

struct window_facts {
    struct figure members;          // of the whole group
    struct figure oldest_unread_ms; // append time of the record at committed, or of the first one held
    struct figure retention_ms;     // of the topic; -1 without end
    bool answered;                  // the broker answered for this group in this cycle
    bool permitted;                 // false: refused, by the last answer; answered does not matter then
    bool forgotten;                 // the broker does not know it any more: committed is what it said last
};

// Adds a sample; the oldest one goes when the window is full. One at the same time as the last takes its place.
void window_add(struct window *window, const struct window_sample *sample);

// Mean lag in the older and in the newer half of the window, to be summed over the partitions of a group; 0 where
// nothing is known. And the trend that follows: -1 shrinks, 0 steady, 1 grows, by more than a tenth.
void window_halves(const struct window *window, int64_t *older, int64_t *newer);
int window_trend(int64_t older, int64_t newer);

// The verdict now by the rules of window_rules.def, with all figures of *out; topic and partition are not touched.
// Texts live in the arena. finding.since_ms is left 0.
void window_judge(const struct window *window, const struct window_facts *facts, int64_t now_ms, struct arena *arena,
    struct group_partition *out);
