// SPDX-License-Identifier: Apache-2.0
// Two rings: blocks, and entries that name an item. Both are counted from the first ever added, and a place is the
// count modulo the ring's size, so a link to something that has gone is known by its number. Entries of an item are
// linked backwards through the slot that their item's hash gives.
#include "hub/observe/collect/ledger_cache.h"
#include "hub/contract/lanes.h"
#include <stdlib.h>

#define BYTES_AN_ENTRY                                                                                                 \
    96 // a packed entry is rarely smaller, so blocks go for their bytes before entries for their number
#define BYTES_A_BLOCK 256

struct kept_block {
    uint8_t *bytes;
    size_t len;
    int64_t offset, closed_ms;
    uint64_t first_sequence, last_sequence, first_entry;
    uint32_t lane;
};

struct kept_entry {
    uint8_t item[ITEM_ID_BYTES];
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
static uint64_t *slot_of(const struct ledger_cache *cache, const uint8_t item[ITEM_ID_BYTES])
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
    memcpy(entry->item, item, ITEM_ID_BYTES);
    *slot = number + 1;
}

static void make_room(struct ledger_cache *cache, size_t bytes, size_t entries)
{
    while (cache->block_from < cache->block_to &&
           (cache->bytes + bytes > cache->bytes_max || cache->block_to - cache->block_from >= cache->n_blocks ||
               cache->entry_to - cache->entry_from + entries > cache->n_entries))
        drop_oldest(cache);
}

static void add_entries(struct ledger_cache *cache, const struct ledger_block *block,
    const struct registry_numbers *numbers, uint64_t number)
{
    struct ledger_entry entry;
    struct item_id id;
    for (struct ledger_walk walk = {.block = block}; ledger_next(&walk, &entry);)
        if (book_item_id(&entry, numbers, &id))
            add_entry(cache, id.bytes, number, walk.n - 1);
}

bool ledger_cache_add(struct ledger_cache *cache, const struct ledger_block *block, struct slice value,
    const struct registry_numbers *numbers, int64_t offset)
{
    if (value.len > cache->bytes_max || block->n > cache->n_entries)
        return true;
    make_room(cache, value.len, block->n);
    uint8_t *bytes = malloc(value.len);
    if (!bytes)
        return false;
    memcpy(bytes, value.data, value.len);
    uint64_t number = cache->block_to++;
    *block_at(cache, number) = (struct kept_block){.bytes = bytes,
        .len = value.len,
        .offset = offset,
        .closed_ms = block->closed_ms,
        .first_sequence = block->first_sequence,
        .last_sequence = block->first_sequence + block->n - 1,
        .first_entry = cache->entry_to,
        .lane = block->lane};
    cache->bytes += value.len;
    add_entries(cache, block, numbers, number);
    return true;
}

int64_t ledger_cache_since_ms(const struct ledger_cache *cache)
{
    return cache->block_from < cache->block_to ? block_at(cache, cache->block_from)->closed_ms : 0;
}

// --- looking up -----------------------------------------------------------------------------------------------------

// What is looked up in: the blocks, the names of organisations, and where lines go.
struct look {
    const struct ledger_cache *cache;
    const struct registry_numbers *numbers;
    struct arena *arena;
};

// Lines of the entries from one place in a block up to before another, the newest first. false without memory.
static bool read_lines(
    const struct look *look, const struct kept_block *kept, size_t from, size_t to, struct book_line *lines)
{
    struct ledger_block block;
    struct ledger_entry entry;
    if (ledger_open(&block, slice_of(kept->bytes, kept->len)) != LEDGER_WHOLE)
        return false; // it was whole when it came
    for (struct ledger_walk walk = {.block = &block}; walk.n < to && ledger_next(&walk, &entry);)
        if (walk.n > from && !book_line_read(&entry, kept->offset, look->numbers, look->arena, &lines[to - walk.n]))
            return false;
    return true;
}

size_t ledger_cache_story(const struct ledger_cache *cache, const uint8_t item[ITEM_ID_BYTES],
    const struct registry_numbers *numbers, struct arena *arena, struct book_line **lines)
{
    const struct look look = {cache, numbers, arena};
    size_t n = 0, at;
    for (uint64_t next = *slot_of(cache, item); next > cache->entry_from; next = entry_at(cache, next - 1)->before)
        n += memcmp(entry_at(cache, next - 1)->item, item, ITEM_ID_BYTES) == 0;
    struct book_line *rows = arena_alloc(arena, (n + 1) * sizeof *rows);
    *lines = rows;
    at = rows ? n : 0;
    for (uint64_t next = *slot_of(cache, item); at > 0 && next > cache->entry_from;) {
        const struct kept_entry *entry = entry_at(cache, next - 1);
        next = entry->before;
        if (memcmp(entry->item, item, ITEM_ID_BYTES) != 0)
            continue;
        if (!read_lines(&look, block_at(cache, entry->block), entry->index, entry->index + 1, &rows[--at]))
            return 0;
    }
    return rows ? n : 0;
}

static int newest_first(const void *a, const void *b)
{
    const struct book_line *x = a, *y = b;
    if (x->appended_ms != y->appended_ms)
        return x->appended_ms < y->appended_ms ? 1 : -1;
    if (x->lane != y->lane)
        return x->lane < y->lane ? -1 : 1;
    return (x->sequence < y->sequence) - (x->sequence > y->sequence);
}

// Blocks of several lanes come in no order of time, so each lane gives its newest max, and then they are put in order.
static size_t newest_of_lane(
    const struct look *look, uint32_t lane, uint64_t before, size_t max, struct book_line *rows)
{
    size_t n = 0;
    for (uint64_t number = look->cache->block_to; n < max && number > look->cache->block_from; number--) {
        const struct kept_block *kept = block_at(look->cache, number - 1);
        if (kept->lane != lane || (before && kept->first_sequence >= before))
            continue;
        uint64_t last = before && kept->last_sequence >= before ? before - 1 : kept->last_sequence;
        size_t to = (size_t)(last + 1 - kept->first_sequence), from = to > max - n ? to - (max - n) : 0;
        if (!read_lines(look, kept, from, to, rows + n))
            return 0;
        n += to - from;
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

size_t ledger_cache_newest(const struct ledger_cache *cache, const struct registry_numbers *numbers, int lane,
    uint64_t before, size_t max, struct arena *arena, const struct book_line **lines)
{
    const struct look look = {cache, numbers, arena};
    uint32_t from = lane < 0 ? 0 : (uint32_t)lane, to = lane < 0 ? lanes_on(cache) : from + 1;
    struct book_line *rows = arena_alloc(arena, ((size_t)(to - from) * max + 1) * sizeof *rows);
    size_t n = 0;
    for (uint32_t i = from; rows && i < to; i++)
        n += newest_of_lane(&look, i, before, max, rows + n);
    if (n)
        qsort(rows, n, sizeof *rows, newest_first);
    *lines = rows;
    return n < max ? n : max;
}
