// SPDX-License-Identifier: Apache-2.0
// Subscriptions that are wanted beside those in force: what changes, and writing it. What is not written stays as it
// is.
#pragma once
#include "hub/base/arena.h"
#include "hub/control/documents.h"
#include "hub/kafka/kafka.h"
#include <jansson.h>

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
    struct document_head head;              // of its revisions, in force or not: what next is made from
};

struct subscription_plan {
    struct subscription_plan_row *rows; // in the arena, in order; NULL if there was no memory
    size_t n, changes;
    int64_t *offsets; // in the arena, of what changes, once it is written
};

// wanted is in order of force and name, each once, and is stamped with now_ms where it changes something and has no
// time. prune withdraws what is not wanted. Without memory the arena has failed, here and in all that follows from it.
struct subscription_plan subscription_plan_of(const struct documents *documents,
    Signalbox__V1__Subscription *const *wanted, size_t n_wanted, bool prune, int64_t now_ms, struct arena *arena);
// The rows that there will be, for compiling.
struct subscription_row *subscription_plan_live(const struct subscription_plan *plan, struct arena *arena, size_t *n);
// What changes, as rows for a table (difference.h). The caller releases it with json_decref.
json_t *subscription_plan_differences(const struct subscription_plan *plan, struct arena *arena);
// Writes what changes; false with a sentence, and how many were written in *written.
bool subscription_plan_write(const struct kafka_settings *kafka, struct subscription_plan *plan, struct arena *arena,
    size_t *written, struct error *error);
// After that: whether all of it counts. Somebody else may have written at the same moment: control_confirm.
bool subscription_plan_confirm(
    const struct kafka_settings *kafka, const struct subscription_plan *plan, size_t *refused, struct error *error);
