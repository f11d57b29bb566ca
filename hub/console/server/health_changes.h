// SPDX-License-Identifier: Apache-2.0
// What changed from one snapshot to the next, as the event that pages listen to.
#pragma once
#include "hub/observe/health.h"
#include <pthread.h>

// What changed with the newest snapshot, made once for all who listen.
struct health_changes {
    pthread_mutex_t mutex;
    const struct health *last; // held; NULL before the first
    char *text;                // the event of last; NULL if there was no memory for it
};

void health_changes_init(struct health_changes *changes);
void health_changes_deinit(struct health_changes *changes);
// The event of a snapshot for whoever saw the one of number seen before. To be freed; NULL without memory.
char *health_changes_event(struct health_changes *changes, const struct health *health, uint64_t seen);

// {"number", "at_ms", "severity", "troubles": {"critical", "warning", "unknown"}, "changed": [...]} in one line:
// changed has the names of the things whose verdict is another than in before, or that came or went; it is null if
// before is NULL, which means that everything may have changed. To be freed; NULL without memory.
char *health_changes_text(const struct health *before, const struct health *now);
