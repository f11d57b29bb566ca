// SPDX-License-Identifier: Apache-2.0
// Where a worker finds the newest control snapshot, and how it says that it has moved on. Read between transactions
// only.
#pragma once

struct snapshot;

struct control_source {
    // The newest snapshot; stays valid until the worker calls take again. NULL if control topics are not loaded yet.
    const struct snapshot *(*take)(struct control_source *source, unsigned worker);
};
