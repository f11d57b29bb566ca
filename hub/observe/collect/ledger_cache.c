// SPDX-License-Identifier: Apache-2.0
// Two rings: blocks, and entries that name an item. Both are counted from the first ever added, and a place is the
// count modulo the ring's size, so a link to something that has gone is known by its number. Entries of an item are
// linked backwards through the slot that their item's hash gives.
#include "hub/observe/collect/ledger_cache.h"
#include "hub/contract/lanes.h"
#include <stdlib.h>

#define BYTES_AN_ENTRY                                                                                                 \
    128 // a packed entry is rarely smaller, so blocks go for their bytes before entries for their number
#define BYTES_A_BLOCK 256

struct kept_block {
    uint8_t *bytes;
    size_t len;
    int64_t offset, closed_ms;
    uint64_t first_sequence, last_sequence, first_entry;
    uint32_t lane;
};

struct kept_entry {
    uint8_t item[16];
    uint64_t block, before; // before: the number of the next older entry in this slot, plus 1
    uint32_t index;         // in the block
};

struct ledger_cache {
    size_t bytes_max, bytes;
    size_t n_blocks, n_entries; // sizes of the rings, powers of two
    struct kept_block *blocks;
    struct kept_entry *entries;
    uint64_t *slots; // the newest entry of each, plus 1
    uint64_t block_from, block_to, entry_from, entry_to;
};

static size_t power_of_two(size_t least)
{
    size_t n = 64;
    while (n < least)
        n *= 2;
    return n;
}

struct ledger_cache *ledger_cache_new(size_t bytes)
{
    struct ledger_cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    cache->bytes_max = bytes;
    cache->n_blocks = power_of_two(bytes / BYTES_A_BLOCK);
    cache->n_entries = power_of_two(bytes / BYTES_AN_ENTRY);
    cache->blocks = calloc(cache->n_blocks, sizeof *cache->blocks);
    cache->entries = calloc(cache->n_entries, sizeof *cache->entries);
    cache->slots = calloc(cache->n_entries, sizeof *cache->slots);
    bool whole = cache->blocks && cache->entries && cache->slots;
    return whole ? cache : ledger_cache_free(cache);
}

static struct kept_block *block_at(const struct ledger_cache *cache, uint64_t number)
{
    return &cache->blocks[number & (cache->n_blocks - 1)];
}

static struct kept_entry *entry_at(const struct ledger_cache *cache, uint64_t number)
{
    return &cache->entries[number & (cache->n_entries - 1)];
}

static void drop_oldest(struct ledger_cache *cache)
{
    struct kept_block *block = block_at(cache, cache->block_from++);
    cache->bytes -= block->len;
    free(block->bytes);
    *block = (struct kept_block){0};
    cache->entry_from =
        cache->block_from < cache->block_to ? block_at(cache, cache->block_from)->first_entry : cache->entry_to;
}

void ledger_cache_clear(struct ledger_cache *cache)
{
    while (cache->block_from < cache->block_to)
        drop_oldest(cache);
}

struct ledger_cache *ledger_cache_free(struct ledger_cache *cache)
{
    if (!cache)
        return NULL;
    ledger_cache_clear(cache);
    free(cache->blocks);
    free(cache->entries);
    free(cache->slots);
    free(cache);
    return NULL;
}

// An item id is random, so its first bytes are as good as a hash.
static uint64_t *slot_of(const struct ledger_cache *cache, const uint8_t item[16])
{
    uint64_t hash;
    memcpy(&hash, item, sizeof hash);
    return &cache->slots[hash & (cache->n_entries - 1)];
}

static void add_entry(struct ledger_cache *cache, const uint8_t *item, uint64_t block, uint32_t index)
{
    uint64_t *slot = slot_of(cache, item), number = cache->entry_to++;
    struct kept_entry *entry = entry_at(cache, number);
    *entry = (struct kept_entry){.block = block, .before = *slot, .index = index};
    memcpy(entry->item, item, 16);
    *slot = number + 1;
}

static void make_room(struct ledger_cache *cache, size_t bytes, size_t entries)
{
    while (cache->block_from < cache->block_to &&
           (cache->bytes + bytes > cache->bytes_max || cache->block_to - cache->block_from >= cache->n_blocks ||
               cache->entry_to - cache->entry_from + entries > cache->n_entries))
        drop_oldest(cache);
}

bool ledger_cache_add(
    struct ledger_cache *cache, const Signalbox__V1__LedgerBlock *block, struct slice value, int64_t offset)
{
    if (value.len > cache->bytes_max || block->n_entries > cache->n_entries)
        return true;
    make_room(cache, value.len, block->n_entries);
    uint8_t *bytes = malloc(value.len);
    if (!bytes)
        return false;
    memcpy(bytes, value.data, value.len);
    uint64_t number = cache->block_to++;
    *block_at(cache, number) = (struct kept_block){.bytes = bytes,
        .len = value.len,
        .offset = offset,
        .closed_ms = block->closed_unix_ms,
        .first_sequence = block->first_sequence,
        .last_sequence = block->first_sequence + block->n_entries - 1,
        .first_entry = cache->entry_to,
        .lane = block->lane};
    cache->bytes += value.len;
    for (size_t i = 0; i < block->n_entries; i++)
        if (block->entries[i]->item_id.len == 16)
            add_entry(cache, block->entries[i]->item_id.data, number, (uint32_t)i);
    return true;
}

int64_t ledger_cache_since_ms(const struct ledger_cache *cache)
{
    return cache->block_from < cache->block_to ? block_at(cache, cache->block_from)->closed_ms : 0;
}

// --- looking up -----------------------------------------------------------------------------------------------------

static const Signalbox__V1__LedgerBlock *unpack_block(const struct kept_block *kept, struct arena *arena)
{
    return (const Signalbox__V1__LedgerBlock *)arena_unpack(
        arena, &signalbox__v1__ledger_block__descriptor, slice_of(kept->bytes, kept->len));
}

static struct observer_line line_of(
    const struct kept_block *kept, const Signalbox__V1__LedgerBlock *block, size_t index)
{
    return (struct observer_line){block, block->entries[index], kept->first_sequence + index, kept->offset};
}

size_t ledger_cache_story(
    const struct ledger_cache *cache, const uint8_t item[16], struct arena *arena, const struct observer_line **lines)
{
    size_t n = 0, at;
    for (uint64_t next = *slot_of(cache, item); next > cache->entry_from; next = entry_at(cache, next - 1)->before)
        n += memcmp(entry_at(cache, next - 1)->item, item, 16) == 0;
    struct observer_line *rows = arena_alloc(arena, (n + 1) * sizeof *rows);
    *lines = rows;
    at = rows ? n : 0;
    for (uint64_t next = *slot_of(cache, item); at > 0 && next > cache->entry_from;) {
        const struct kept_entry *entry = entry_at(cache, next - 1);
        next = entry->before;
        if (memcmp(entry->item, item, 16) != 0)
            continue;
        const struct kept_block *kept = block_at(cache, entry->block);
        const Signalbox__V1__LedgerBlock *block = unpack_block(kept, arena);
        if (!block)
            return 0;
        rows[--at] = line_of(kept, block, entry->index);
    }
    return rows ? n : 0;
}

static int newest_first(const void *a, const void *b)
{
    const struct observer_line *x = a, *y = b;
    if (x->entry->appended_unix_ms != y->entry->appended_unix_ms)
        return x->entry->appended_unix_ms < y->entry->appended_unix_ms ? 1 : -1;
    if (x->block->lane != y->block->lane)
        return x->block->lane < y->block->lane ? -1 : 1;
    return (x->sequence < y->sequence) - (x->sequence > y->sequence);
}

// Blocks of several lanes come in no order of time, so each lane gives its newest max, and then they are put in order.
static size_t newest_of_lane(const struct ledger_cache *cache, uint32_t lane, uint64_t before, size_t max,
    struct arena *arena, struct observer_line *rows)
{
    size_t n = 0;
    for (uint64_t number = cache->block_to; n < max && number > cache->block_from; number--) {
        const struct kept_block *kept = block_at(cache, number - 1);
        if (kept->lane != lane || (before && kept->first_sequence >= before))
            continue;
        const Signalbox__V1__LedgerBlock *block = unpack_block(kept, arena);
        for (size_t i = block ? block->n_entries : 0; n < max && i-- > 0;)
            if (!before || kept->first_sequence + i < before)
                rows[n++] = line_of(kept, block, i);
    }
    return n;
}

static uint32_t lanes_on(const struct ledger_cache *cache)
{
    uint32_t n = 0;
    for (uint64_t number = cache->block_from; number < cache->block_to; number++)
        if (block_at(cache, number)->lane >= n)
            n = block_at(cache, number)->lane + 1;
    return n < LANES_MAX ? n : LANES_MAX;
}

size_t ledger_cache_newest(const struct ledger_cache *cache, int lane, uint64_t before, size_t max, struct arena *arena,
    const struct observer_line **lines)
{
    uint32_t from = lane < 0 ? 0 : (uint32_t)lane, to = lane < 0 ? lanes_on(cache) : from + 1;
    struct observer_line *rows = arena_alloc(arena, ((size_t)(to - from) * max + 1) * sizeof *rows);
    size_t n = 0;
    for (uint32_t i = from; rows && i < to; i++)
        n += newest_of_lane(cache, i, before, max, arena, rows + n);
    if (n)
        qsort(rows, n, sizeof *rows, newest_first);
    *lines = rows;
    return n < max ? n : max;
}
