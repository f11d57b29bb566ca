// SPDX-License-Identifier: Apache-2.0
// What observer.c and observer_read.c share: the observer, and what its lock is for.
#pragma once
#include "hub/observe/collect/figure_history.h"
#include "hub/observe/collect/observer_parts.h"
#include <pthread.h>

struct observer {
    struct kafka_settings kafka;
    struct observer_settings settings;
    pthread_t thread;
    pthread_mutex_t lock; // over newest, parts and history, which the thread alone writes and others read
    pthread_cond_t changed;
    bool stop;
    const struct health *newest;
    struct survey *survey;
    struct follow *follow;
    struct arena scratch; // of one cycle
    uint64_t number;      // of the newest snapshot
    int64_t began_ms, answered_ms;
    int64_t reachable_ms; // since when the broker answers without a break
    bool answered;        // the last time it was asked
    struct outages outages;
    char version[64];
    struct observer_parts parts;
    struct figure_history history;
    struct kafka_record record; // taken next, if it waits: there was no memory for it. It is the follower's
    bool record_waits;
    bool without_memory; // the last look, or something after it
};
