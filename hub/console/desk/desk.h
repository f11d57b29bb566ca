// SPDX-License-Identifier: Apache-2.0
// What people saw and changed at the console, written down before it is shown or done: no entry, no view. One hash
// chain for each desk; when it is not known whether an entry was written, the next one begins a chain of its own.
#pragma once
#include "hub/kafka/kafka.h"
#include <signalbox/v1/desk.pb-c.h>

#define DESK_TEXT_BYTES        256 // of an object, and of a reason
#define DESK_REFUSALS_A_MINUTE 20  // of one officer

struct desk;

struct desk_act {
    const char *officer; // id, 1 to 64 bytes
    Signalbox__V1__DeskAction action;
    const char *object;            // "<topic>/<partition>/<offset>" or "<force>/<subscription>"
    const char *reason;            // may be "" only with a refusal
    const char *refusal;           // stable code, or NULL: it is permitted and will be done
    const int64_t *before_offsets; // of DEALT_WITH_ALL: how far, by partition; n_before_offsets of them
    size_t n_before_offsets;
};

// Reaches for no broker yet. kafka must outlive it. NULL without memory.
struct desk *desk_new(const struct kafka_settings *kafka);
struct desk *desk_free(struct desk *desk); // takes NULL, returns NULL

enum desk_answer {
    DESK_WRITTEN,
    DESK_NOT_WRITTEN, // and never will be
    DESK_IN_DOUBT,    // it was on its way when the time was over: it may come to stand there
};
// Writes an entry and waits for the word of all replicas, at most within_ms. Anything but DESK_WRITTEN comes with a
// sentence: then nothing may be shown or changed. Any thread.
enum desk_answer desk_write(struct desk *desk, const struct desk_act *act, uint32_t within_ms, struct error *error);
// An attempt that is refused. Beyond DESK_REFUSALS_A_MINUTE of one officer it is only logged, so that nobody can fill
// the topic. Any thread.
void desk_refuse(struct desk *desk, const struct desk_act *act, uint32_t within_ms);
