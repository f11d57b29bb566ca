// SPDX-License-Identifier: Apache-2.0
// The control topics as programs use them: read once, or followed while the hub runs.
#pragma once
#include "hub/control/documents.h"
#include "hub/kafka/reader.h"
#include "hub/rules/control_source.h"
#include <stdatomic.h>

// Shows every record of a control topic, in order, refused ones too. false with a sentence if they cannot be read.
bool control_each(const struct kafka_settings *settings, enum document_kind kind, reader_visit *visit, void *context,
    struct error *error);

// Reads ctl.registry, ctl.policy and ctl.subscriptions to their end as it is now. NULL with a sentence if they cannot
// be read. Records that were refused are reported to refused (may be NULL). What is missing is for the caller to see.
struct documents *control_read(
    const struct kafka_settings *settings, documents_refused *refused, void *context, struct error *error);

// The same, compiled, for one use. NULL with a sentence, also if registry or policy are not there yet; its cause tells
// what kept them from being read, CAUSE_OTHER if they were. Free with snapshot_free.
struct snapshot *control_load(const struct kafka_settings *settings, struct error *error);

// What became of n records that were just written: offsets are theirs, ascending. true if all of them count; false if
// some were refused, with how many in *refused and the sentence of the first of these, or if that cannot be read (0).
bool control_confirm(const struct kafka_settings *settings, enum document_kind kind, const int64_t *offsets, size_t n,
    size_t *refused, struct error *error);

// Follows the control topics in a thread of its own, and gives workers the newest snapshot.
struct control;

struct control_state {
    bool loaded; // everything that was there at the start has been read, and a snapshot is in force
    bool failed; // the topics cannot be read; tried again until control_free
    uint64_t registry_version, policy_version, subscriptions_version; // in force
    uint64_t refused_total;                                           // records that were refused
    uint64_t snapshots_total;                                         // snapshots that came into force
    struct error error; // what keeps it from being loaded, or what was refused last; its text may be empty
};

// settings must outlive it. workers is how many call take, numbered from 0. NULL with a sentence.
struct control *control_follow(const struct kafka_settings *settings, unsigned workers, struct error *error);
// Stops the thread; no worker may use a snapshot any more. Takes NULL, returns NULL.
struct control *control_free(struct control *control);

// Waits until a snapshot is in force, *stop is true or timeout_ms (-1: no end) have passed. false with the reason in
// error.
bool control_wait(struct control *control, int timeout_ms, const atomic_bool *stop, struct error *error);
struct control_state control_state(struct control *control);
struct control_source *control_source(struct control *control);
