// SPDX-License-Identifier: Apache-2.0
// The table is one sorted sequence, cut into 256 shards by the first byte and spread over each shard's slots:
//
//     home of an entry = its next 32 bits * homes / 2^32            an entry stands at its home or, if that is taken,
//     to the slots:  . 17 . 23 24 29 . . 51 . 66 67 . .                    right of smaller ones; between home and
//     place nothing is empty
//
// So a search ends at the first greater entry (five or six steps on average at the fullest), a shard is rebuilt by one
// pass from left to right, and a forgotten entry is overwritten when a neighbour needs its room. A shard is rebuilt
// when 90 % of its homes are taken, with 12 % of room above what still lives: 1.11 to 1.25 times the bytes of the
// entries, and the second copy during a rebuild is 1/256 of the whole.
#include "hub/decide/remembered.h"
#include "hub/base/big_endian.h"
#include <stdlib.h>

#define SHARDS         256
#define FULL_PERCENT   90
#define GROWTH_PERCENT 112
#define HOMES_MIN      16
#define NEAR           16 // slots that are looked at one by one
#define AHEAD          8  // entries that are fetched before their turn
#define SLACK          8  // slots kept empty behind the last entry, so that the next few adds there need no rebuild
#define PAD            16 // bytes behind the last slot, since keys and stamps are read eight bytes at a time
#define LINE           64 // bytes of a line of the processor's cache

// A key as two numbers that compare as its bytes do.
struct key {
    uint64_t high; // bytes 0 to 7
    uint64_t low;  // those after them, at the upper end
};

struct shard {
    uint8_t *slots; // entries, a stamp of 0 in an empty one; the last one is always empty
    uint32_t n_slots, homes, count;
};

struct remembered {
    struct shape shape;
    size_t width;
    uint64_t low_mask; // of the bytes of a key behind the eighth
    uint64_t floor;    // at least 1, which no empty slot reaches
    size_t count, slots;
    struct shard shards[SHARDS];
};

struct remembered *remembered_new(const struct shape *shape)
{
    struct remembered *table = calloc(1, sizeof *table);
    if (!table)
        return NULL;
    table->shape = *shape;
    table->width = shape_width(shape);
    table->low_mask = shape->key > 8 ? UINT64_MAX << (8 * (SHAPE_KEY_MAX - shape->key)) : 0;
    table->floor = 1;
    return table;
}

struct remembered *remembered_free(struct remembered *table)
{
    for (size_t i = 0; table && i < SHARDS; i++)
        free(table->shards[i].slots);
    free(table);
    return NULL;
}

static struct key read_key(const struct remembered *table, const uint8_t *bytes)
{
    size_t rest = table->shape.key - 8u;
    return (struct key){
        .high = big_endian_read(bytes, 8), .low = rest ? big_endian_read(bytes + 8, rest) << (64 - 8 * rest) : 0};
}

static uint64_t read_eight(const uint8_t *bytes)
{
    uint64_t number;
    memcpy(&number, bytes, sizeof number);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    number = __builtin_bswap64(number);
#endif
    return number;
}

static uint64_t stamp_of(const struct remembered *table, const uint8_t *slot)
{
    return read_eight(slot + table->shape.key) >> (64 - 8 * table->shape.stamp);
}

// Entries are short, and their width is not known to the compiler: memcpy would cost more than the copy. At least eight
// bytes.
static void copy_entry(uint8_t *to, const uint8_t *from, size_t width)
{
    for (size_t i = 0; i + 8 < width; i += 8)
        memcpy(to + i, from + i, 8);
    memcpy(to + width - 8, from + width - 8, 8);
}

static uint8_t *slot_at(const struct remembered *table, const struct shard *shard, uint32_t place)
{
    return shard->slots + place * table->width;
}

static bool is_before(const struct remembered *table, const uint8_t *slot, struct key key)
{
    uint64_t high = read_eight(slot);
    return high != key.high ? high < key.high : (read_eight(slot + 8) & table->low_mask) < key.low;
}

static bool is_same(const struct remembered *table, const uint8_t *slot, struct key key)
{
    return read_eight(slot) == key.high && (read_eight(slot + 8) & table->low_mask) == key.low;
}

static bool is_live(const struct remembered *table, const uint8_t *slot)
{
    uint64_t stamp = stamp_of(table, slot);
    return stamp >= table->floor || (stamp && table->shape.keeps && table->shape.keeps(slot + table->shape.key));
}

static uint32_t home_of(uint64_t high, uint32_t homes)
{
    return (uint32_t)((high >> 24 & UINT32_MAX) * homes >> 32);
}

// Whether the key stands beyond this slot, which is at its home or to the right of it. If the slot holds a smaller one,
// all between is taken: that one's home is not to the right of ours.
static bool is_beyond(const struct remembered *table, const struct shard *shard, uint32_t place, struct key key)
{
    if (place >= shard->n_slots)
        return false;
    const uint8_t *slot = slot_at(table, shard, place);
    return is_before(table, slot, key) && stamp_of(table, slot);
}

// For a long run of taken slots, as an import in order makes it, or somebody who chooses keys: doubles its step, then
// halves what is left.
static uint32_t leap_to(const struct remembered *table, const struct shard *shard, uint32_t from, struct key key)
{
    uint32_t step = 1;
    while (is_beyond(table, shard, from + step, key)) {
        from += step;
        step *= 2;
    }
    for (; step; step /= 2)
        if (is_beyond(table, shard, from + step, key))
            from += step;
    return from + 1;
}

// Where the key is, or where it would have to stand.
static uint32_t place_of(const struct remembered *table, const struct shard *shard, struct key key)
{
    uint32_t home = home_of(key.high, shard->homes);
    for (uint32_t place = home; place < home + NEAR; place++)
        if (!is_beyond(table, shard, place, key))
            return place;
    return leap_to(table, shard, home + NEAR - 1, key);
}

const uint8_t *remembered_find(const struct remembered *table, const uint8_t *key)
{
    struct key wanted = read_key(table, key);
    const struct shard *shard = &table->shards[wanted.high >> 56];
    if (shard->count == 0)
        return NULL;
    const uint8_t *found = slot_at(table, shard, place_of(table, shard, wanted));
    return is_same(table, found, wanted) && is_live(table, found) ? found + table->shape.key : NULL;
}

// Homes come from the first five bytes, so all keys that begin so stand behind where the least of them would.
const uint8_t *remembered_find_start(const struct remembered *table, const uint8_t *start, size_t n)
{
    uint8_t least[SHAPE_KEY_MAX] = {0};
    memcpy(least, start, n);
    struct key wanted = read_key(table, least);
    const struct shard *shard = &table->shards[wanted.high >> 56];
    if (shard->count == 0)
        return NULL;
    const uint8_t *found = slot_at(table, shard, place_of(table, shard, wanted));
    while (stamp_of(table, found) && memcmp(found, start, n) == 0 && !is_live(table, found))
        found += table->width;
    return is_live(table, found) && memcmp(found, start, n) == 0 ? found + table->shape.key : NULL;
}

void remembered_prefetch(const struct remembered *table, const uint8_t *key)
{
    uint64_t high = big_endian_read(key, 8);
    const struct shard *shard = &table->shards[high >> 56];
    if (shard->count == 0)
        return;
    const uint8_t *home = slot_at(table, shard, home_of(high, shard->homes));
    __builtin_prefetch(home);
    __builtin_prefetch(home + LINE);
}

static uint32_t count_live(const struct remembered *table, const struct shard *shard)
{
    uint32_t live = 0;
    if (table->floor == 1)
        return shard->count; // nothing was ever forgotten, as while a lane is restored
    for (uint32_t i = 0; i < shard->n_slots; i++)
        live += is_live(table, slot_at(table, shard, i));
    return live;
}

// How many slots the living entries take when they are laid out over so many homes.
static uint32_t slots_needed(const struct remembered *table, const struct shard *shard, uint32_t homes)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < shard->n_slots; i++) {
        const uint8_t *slot = slot_at(table, shard, i);
        if (!is_live(table, slot))
            continue;
        uint32_t home = home_of(read_eight(slot), homes);
        next = (home > next ? home : next) + 1;
    }
    return (next > homes ? next : homes) + SLACK;
}

static void lay_out(const struct remembered *table, const struct shard *from, struct shard *to)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < from->n_slots; i++) {
        const uint8_t *slot = slot_at(table, from, i);
        if (!is_live(table, slot))
            continue;
        uint32_t home = home_of(read_eight(slot), to->homes);
        next = home > next ? home : next;
        copy_entry(slot_at(table, to, next++), slot, table->width);
        to->count++;
    }
}

// Rebuilds a shard without what is forgotten, with room for more.
static bool rebuild_shard(struct remembered *table, struct shard *shard)
{
    uint64_t live = count_live(table, shard);
    uint64_t homes = (live + 1) * GROWTH_PERCENT / FULL_PERCENT + 1;
    struct shard built = {.homes = homes > HOMES_MIN ? (uint32_t)homes : HOMES_MIN};
    if (homes > UINT32_MAX / 4)
        return false;
    built.n_slots = slots_needed(table, shard, built.homes);
    built.slots = calloc(1, built.n_slots * table->width + PAD);
    if (!built.slots)
        return false;
    lay_out(table, shard, &built);
    table->count -= shard->count - built.count;
    table->slots += (size_t)built.n_slots - shard->n_slots;
    free(shard->slots);
    *shard = built;
    return true;
}

static bool is_full(const struct shard *shard)
{
    return ((uint64_t)shard->count + 1) * 100 > (uint64_t)shard->homes * FULL_PERCENT;
}

// The nearest slot from place on that can be had: empty, or forgotten and so overwritten. The last slot stays empty.
static uint32_t room_from(const struct remembered *table, const struct shard *shard, uint32_t place)
{
    while (is_live(table, slot_at(table, shard, place)))
        place++;
    return place;
}

static bool insert_entry(struct remembered *table, struct shard *shard, struct key key, const uint8_t *entry)
{
    if (is_full(shard) && !rebuild_shard(table, shard))
        return false;
    uint32_t place = place_of(table, shard, key), room = room_from(table, shard, place);
    if (room + 1 == shard->n_slots) {
        if (!rebuild_shard(table, shard))
            return false;
        place = place_of(table, shard, key);
        room = room_from(table, shard, place);
    }
    bool was_empty = !stamp_of(table, slot_at(table, shard, room));
    uint8_t *slot = slot_at(table, shard, place);
    memmove(slot + table->width, slot, (room - place) * table->width);
    copy_entry(slot, entry, table->width);
    shard->count += was_empty;
    table->count += was_empty;
    return true;
}

static bool keeps_value(const struct remembered *table, const uint8_t *value, uint64_t stamp)
{
    return stamp >= table->floor || (table->shape.keeps && table->shape.keeps(value));
}

static bool put_entry(struct remembered *table, const uint8_t *entry)
{
    const uint8_t *value = entry + table->shape.key;
    uint64_t stamp = big_endian_read(value, table->shape.stamp);
    struct key key = read_key(table, entry);
    struct shard *shard = &table->shards[key.high >> 56];
    uint8_t *known = shard->count ? slot_at(table, shard, place_of(table, shard, key)) : NULL;
    if (stamp == 0)
        return false;
    if (known && stamp_of(table, known) && is_same(table, known, key)) {
        copy_entry(known, entry, table->width);
        return true;
    }
    return !keeps_value(table, value, stamp) || insert_entry(table, shard, key, entry);
}

// Each entry's slots are far from the last one's: they are fetched while those before are put.
bool remembered_put(struct remembered *table, struct slice entries)
{
    size_t width = table->width;
    if (entries.len % width)
        return false;
    for (size_t i = 0; i < entries.len; i += width) {
        if (entries.len - i > AHEAD * width)
            remembered_prefetch(table, entries.data + i + AHEAD * width);
        if (!put_entry(table, entries.data + i))
            return false;
    }
    return true;
}

bool remembered_expire(struct remembered *table, uint64_t floor)
{
    if (floor <= table->floor)
        return false;
    table->floor = floor;
    return true;
}

size_t remembered_count(const struct remembered *table)
{
    return table->count;
}

size_t remembered_bytes(const struct remembered *table)
{
    return sizeof *table + table->slots * table->width;
}

// The cursor is the slot to go on with: the shard above, its place below.
size_t remembered_export(const struct remembered *table, uint64_t *cursor, uint8_t *out, size_t n)
{
    size_t copied = 0;
    uint64_t number = *cursor >> 32;
    uint32_t place = (uint32_t)*cursor;
    for (; number < SHARDS && copied < n; number++, place = 0) {
        const struct shard *shard = &table->shards[number];
        for (; place < shard->n_slots && copied < n; place++) {
            const uint8_t *slot = slot_at(table, shard, place);
            if (is_live(table, slot))
                copy_entry(out + copied++ * table->width, slot, table->width);
        }
        if (place < shard->n_slots)
            break;
    }
    *cursor = number << 32 | place;
    return copied;
}
