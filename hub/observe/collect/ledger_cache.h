// SPDX-License-Identifier: Apache-2.0
// The newest ledger blocks, as they came, with an index by item: what the console looks items up in. A fixed number of
// bytes; the oldest blocks go first.
#pragma once
#include "hub/base/arena.h"
#include "hub/observe/observer.h"

struct ledger_cache;
struct ledger_cache *ledger_cache_new(size_t bytes); // NULL without memory
struct ledger_cache *ledger_cache_free(struct ledger_cache *cache);
// Everything goes.
void ledger_cache_clear(struct ledger_cache *cache);
// Copies a block's bytes; block is the same, opened. One that is larger than the cache is passed over. false without
// memory: then it is not there.
bool ledger_cache_add(struct ledger_cache *cache, const struct ledger_block *block, struct slice value,
    const struct registry_numbers *numbers, int64_t offset);
// Lines about an item, oldest first. Here and below: without memory there are none, and arena->failed says so.
size_t ledger_cache_story(const struct ledger_cache *cache, const uint8_t item[ITEM_ID_BYTES],
    const struct registry_numbers *numbers, struct arena *arena, struct book_line **lines);
// As observer_ledger.
size_t ledger_cache_newest(const struct ledger_cache *cache, const struct registry_numbers *numbers, int lane,
    uint64_t before, size_t max, struct arena *arena, const struct book_line **lines);
// When the oldest block on it was closed; 0 if it is empty.
int64_t ledger_cache_since_ms(const struct ledger_cache *cache);
