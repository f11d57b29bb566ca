// SPDX-License-Identifier: Apache-2.0
// Subscriptions of a file beside those in force.
#pragma once
#include "hub/cli/commands/officer.h"

struct subscription_file {
    Signalbox__V1__Subscription **rows; // in the arena, in order of force and name, each once
    unsigned *lines;                    // where each stands, beside rows
    size_t n;
};

// Reads JSON lines. Every line that is wrong is said, with its number. COMMAND_OK or the status to end with.
int subscription_file_read(
    const struct cli *cli, const char *path, struct subscription_file *file, struct arena *arena);

// "<force>/<name>", out of the arena.
const char *subscription_key(const Signalbox__V1__Subscription *subscription, struct arena *arena);
int subscription_compare(const Signalbox__V1__Subscription *a, const Signalbox__V1__Subscription *b);

enum subscription_change { SUBSCRIPTION_SAME, SUBSCRIPTION_NEW, SUBSCRIPTION_CHANGED, SUBSCRIPTION_WITHDRAWN };

// One subscription that will be there: what it is now, what it will be.
struct subscription_plan_row {
    enum subscription_change change;
    const Signalbox__V1__Subscription *now; // NULL if new
    Signalbox__V1__Subscription *next;      // NULL if it stays as it is
    uint64_t revision;                      // of now; 0 if new
};

struct subscription_plan {
    struct subscription_plan_row *rows; // in the arena, in order
    size_t n, changes;
};

// prune withdraws what is not in the file.
struct subscription_plan subscription_plan_of(const struct documents *documents, const struct subscription_file *file,
    bool prune, int64_t now_ms, struct arena *arena);
// The rows that there will be, for compiling.
struct subscription_row *subscription_plan_live(const struct subscription_plan *plan, struct arena *arena, size_t *n);

// What a subscription can never get, in a sentence; false if there is nothing to say.
bool subscription_finding(const struct documents *documents, const Signalbox__V1__Subscription *subscription,
    int64_t now_ms, char *text, size_t size);
