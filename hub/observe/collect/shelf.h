// SPDX-License-Identifier: Apache-2.0
// The newest ledger blocks, as they came, with an index by item: what the console looks items up in. A fixed number of
// bytes; the oldest blocks go first.
#pragma once
#include "hub/base/arena.h"
#include "hub/observe/observer.h"

struct shelf;
struct shelf *shelf_new(size_t bytes); // aborts without memory
struct shelf *shelf_free(struct shelf *shelf);
// Everything goes.
void shelf_clear(struct shelf *shelf);
// Copies a block's bytes; block is the same, unpacked.
void shelf_add(struct shelf *shelf, const Signalbox__V1__LedgerBlock *block, struct slice value, int64_t offset);
// Lines about an item, oldest first.
size_t shelf_story(
    const struct shelf *shelf, const uint8_t item[16], struct arena *arena, const struct observer_line **lines);
// As observer_ledger.
size_t shelf_newest(const struct shelf *shelf, int lane, uint64_t before, size_t max, struct arena *arena,
    const struct observer_line **lines);
// When the oldest block on it was closed; 0 if it is empty.
int64_t shelf_since_ms(const struct shelf *shelf);
