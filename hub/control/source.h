// SPDX-License-Identifier: Apache-2.0
// The newest snapshot, shared with workers: one pointer that changes, and old snapshots kept for as long as a worker
// has one.
#pragma once
#include "hub/rules/control_source.h"
#include <stdbool.h>
#include <stddef.h>

struct source;
struct source *source_new(unsigned workers);       // NULL without memory
struct source *source_free(struct source *source); // no worker may use a snapshot any more
struct control_source *source_interface(struct source *source);
// Makes snapshot the newest; takes it over. false without memory: the snapshot is freed, the newest stays.
bool source_publish(struct source *source, struct snapshot *snapshot);
// Frees the snapshots that no worker has any more. Returns how many are alive.
size_t source_sweep(struct source *source);
