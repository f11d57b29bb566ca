// SPDX-License-Identifier: Apache-2.0
// The set is one sorted sequence, cut into 256 shards by the first byte and spread over each shard's slots:
//
//     home of an entry = its next 32 bits * homes / 2^32            an entry stands at its home or, if that is taken,
//     to the slots:  . 17 . 23 24 29 . . 51 . 66 67 . .                    right of smaller ones; between home and
//     place nothing is empty
//
// So a search ends at the first greater entry (four steps on average at the fullest), a shard is rebuilt by one pass
// from left to right, and an expired entry is overwritten when a neighbour needs its room. A shard is rebuilt when 85 %
// of its homes are taken, with 15 % of room above what still lives: 18.8 to 21.7 bytes an entry, and the second copy
// during a rebuild is 1/256 of the whole.
#include "hub/decide/seen.h"
#include <stdlib.h>

#define SHARDS         256
#define FULL_PERCENT   85
#define GROWTH_PERCENT 115
#define HOMES_MIN      16
#define NEAR           16 // slots that are looked at one by one
#define AHEAD          8  // entries that are fetched before their turn
#define SLACK          8  // slots kept empty behind the last entry, so that the next few adds there need no rebuild
#define SEQUENCE_MASK  ((UINT64_C(1) << 40) - 1)

struct entry {
    uint64_t high; // bytes 0 to 7 of the fingerprint
    uint64_t low;  // bytes 8 to 10, then 40 bits of sequence; 0 for an empty slot
};

struct shard {
    struct entry *slots; // the last one is always empty
    uint32_t n_slots, homes, count;
};

struct seen {
    uint64_t floor;
    size_t count, slots;
    struct shard shards[SHARDS];
};

struct seen *seen_new(void)
{
    return calloc(1, sizeof(struct seen));
}

struct seen *seen_free(struct seen *seen)
{
    for (size_t i = 0; seen && i < SHARDS; i++)
        free(seen->shards[i].slots);
    free(seen);
    return NULL;
}

static uint64_t big_endian(const uint8_t *bytes, size_t n)
{
    uint64_t value = 0;
    for (size_t i = 0; i < n; i++)
        value = value << 8 | bytes[i];
    return value;
}

static struct entry entry_of(struct fingerprint fingerprint, uint64_t sequence)
{
    return (struct entry){
        .high = big_endian(fingerprint.bytes, 8), .low = big_endian(fingerprint.bytes + 8, 3) << 40 | sequence};
}

static uint64_t sequence_of(struct entry entry)
{
    return entry.low & SEQUENCE_MASK;
}

static bool is_before(struct entry a, struct entry b)
{
    return a.high != b.high ? a.high < b.high : a.low >> 40 < b.low >> 40;
}

static bool is_same(struct entry a, struct entry b)
{
    return a.high == b.high && a.low >> 40 == b.low >> 40;
}

static const struct shard *shard_of(const struct seen *seen, struct entry entry)
{
    return &seen->shards[entry.high >> 56];
}

static uint32_t home_of(struct entry entry, uint32_t homes)
{
    return (uint32_t)((entry.high >> 24 & UINT32_MAX) * homes >> 32);
}

// Whether the entry stands beyond this slot, which is at its home or to the right of it. If the slot holds a smaller
// entry, all between is taken: that one's home is not to the right of ours.
static bool is_beyond(const struct shard *shard, uint32_t slot, struct entry entry)
{
    return slot < shard->n_slots && shard->slots[slot].low && is_before(shard->slots[slot], entry);
}

// For a long run of taken slots, as an import in order makes it, or somebody who chooses fingerprints: doubles its
// step, then halves what is left.
static uint32_t leap_to(const struct shard *shard, uint32_t from, struct entry entry)
{
    uint32_t step = 1;
    while (is_beyond(shard, from + step, entry)) {
        from += step;
        step *= 2;
    }
    for (; step; step /= 2)
        if (is_beyond(shard, from + step, entry))
            from += step;
    return from + 1;
}

// Where the entry is, or where it would have to stand.
static uint32_t place_of(const struct shard *shard, struct entry entry)
{
    uint32_t home = home_of(entry, shard->homes);
    for (uint32_t place = home; place < home + NEAR; place++)
        if (!is_beyond(shard, place, entry))
            return place;
    return leap_to(shard, home + NEAR - 1, entry);
}

uint64_t seen_find(const struct seen *seen, struct fingerprint fingerprint)
{
    struct entry wanted = entry_of(fingerprint, 0);
    const struct shard *shard = shard_of(seen, wanted);
    if (shard->count == 0)
        return 0;
    struct entry found = shard->slots[place_of(shard, wanted)];
    bool lives = found.low && is_same(found, wanted) && sequence_of(found) >= seen->floor;
    return lives ? sequence_of(found) : 0;
}

static void prefetch_entry(const struct seen *seen, struct entry wanted)
{
    const struct shard *shard = shard_of(seen, wanted);
    if (shard->count)
        __builtin_prefetch(&shard->slots[home_of(wanted, shard->homes)]);
}

static bool is_live(const struct seen *seen, struct entry entry)
{
    return entry.low && sequence_of(entry) >= seen->floor;
}

static uint32_t count_live(const struct seen *seen, const struct shard *shard)
{
    uint32_t live = 0;
    for (uint32_t i = 0; i < shard->n_slots; i++)
        live += is_live(seen, shard->slots[i]);
    return live;
}

// How many slots the living entries take when they are laid out over so many homes.
static uint32_t slots_needed(const struct seen *seen, const struct shard *shard, uint32_t homes)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < shard->n_slots; i++) {
        if (!is_live(seen, shard->slots[i]))
            continue;
        uint32_t home = home_of(shard->slots[i], homes);
        next = (home > next ? home : next) + 1;
    }
    return (next > homes ? next : homes) + SLACK;
}

static void lay_out(const struct seen *seen, const struct shard *from, struct shard *to)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < from->n_slots; i++) {
        if (!is_live(seen, from->slots[i]))
            continue;
        uint32_t home = home_of(from->slots[i], to->homes);
        next = home > next ? home : next;
        to->slots[next++] = from->slots[i];
        to->count++;
    }
}

// Rebuilds a shard without what has expired, with room for more.
static bool rebuild_shard(struct seen *seen, struct shard *shard)
{
    uint64_t live = count_live(seen, shard);
    uint64_t homes = (live + 1) * GROWTH_PERCENT / FULL_PERCENT + 1;
    struct shard built = {.homes = homes > HOMES_MIN ? (uint32_t)homes : HOMES_MIN};
    if (homes > UINT32_MAX / 4)
        return false;
    built.n_slots = slots_needed(seen, shard, built.homes);
    built.slots = calloc(built.n_slots, sizeof *built.slots);
    if (!built.slots)
        return false;
    lay_out(seen, shard, &built);
    seen->count -= shard->count - built.count;
    seen->slots += (size_t)built.n_slots - shard->n_slots;
    free(shard->slots);
    *shard = built;
    return true;
}

static bool is_full(const struct shard *shard)
{
    return ((uint64_t)shard->count + 1) * 100 > (uint64_t)shard->homes * FULL_PERCENT;
}

// The nearest slot from place on that can be had: empty, or expired and so overwritten. The last slot stays empty.
static uint32_t room_from(const struct seen *seen, const struct shard *shard, uint32_t place)
{
    while (is_live(seen, shard->slots[place]))
        place++;
    return place;
}

static bool insert_entry(struct seen *seen, struct shard *shard, struct entry entry)
{
    if (is_full(shard) && !rebuild_shard(seen, shard))
        return false;
    uint32_t place = place_of(shard, entry), room = room_from(seen, shard, place);
    if (room + 1 == shard->n_slots) {
        if (!rebuild_shard(seen, shard))
            return false;
        place = place_of(shard, entry);
        room = room_from(seen, shard, place);
    }
    bool was_empty = !shard->slots[room].low;
    memmove(&shard->slots[place + 1], &shard->slots[place], (room - place) * sizeof entry);
    shard->slots[place] = entry;
    shard->count += was_empty;
    seen->count += was_empty;
    return true;
}

static bool add_entry(struct seen *seen, struct entry entry)
{
    struct shard *shard = &seen->shards[entry.high >> 56];
    if (sequence_of(entry) < seen->floor)
        return true; // it has expired already
    struct entry *known = shard->count ? &shard->slots[place_of(shard, entry)] : NULL;
    if (!known || !known->low || !is_same(*known, entry))
        return insert_entry(seen, shard, entry);
    if (!is_live(seen, *known))
        *known = entry;
    return true;
}

bool seen_add(struct seen *seen, struct fingerprint fingerprint, uint64_t sequence)
{
    return sequence > 0 && sequence <= SEQUENCE_MASK && add_entry(seen, entry_of(fingerprint, sequence));
}

void seen_expire(struct seen *seen, uint64_t floor)
{
    if (floor > seen->floor)
        seen->floor = floor;
}

size_t seen_count(const struct seen *seen)
{
    return seen->count;
}

size_t seen_bytes(const struct seen *seen)
{
    return sizeof *seen + seen->slots * sizeof(struct entry);
}

static void pack_entry(struct entry entry, uint8_t out[SEEN_ENTRY_BYTES])
{
    for (size_t i = 0; i < 8; i++) {
        out[i] = (uint8_t)(entry.high >> (56 - 8 * i));
        out[8 + i] = (uint8_t)(entry.low >> (56 - 8 * i));
    }
}

void seen_entry_pack(struct fingerprint fingerprint, uint64_t sequence, uint8_t out[SEEN_ENTRY_BYTES])
{
    pack_entry(entry_of(fingerprint, sequence), out);
}

static struct entry unpack_entry(const uint8_t *bytes)
{
    return (struct entry){.high = big_endian(bytes, 8), .low = big_endian(bytes + 8, 8)};
}

// Each entry's slots are far from the last one's: they are fetched while those before are added.
bool seen_add_packed(struct seen *seen, struct slice entries)
{
    if (entries.len % SEEN_ENTRY_BYTES)
        return false;
    for (size_t i = 0; i < entries.len; i += SEEN_ENTRY_BYTES) {
        if (entries.len - i > AHEAD * SEEN_ENTRY_BYTES)
            prefetch_entry(seen, unpack_entry(entries.data + i + AHEAD * SEEN_ENTRY_BYTES));
        struct entry entry = unpack_entry(entries.data + i);
        if (sequence_of(entry) == 0 || !add_entry(seen, entry))
            return false;
    }
    return true;
}

// The cursor is the slot to go on with: the shard above, its place below.
size_t seen_export(const struct seen *seen, uint64_t *cursor, uint8_t *out, size_t n)
{
    size_t copied = 0;
    uint64_t number = *cursor >> 32;
    uint32_t place = (uint32_t)*cursor;
    for (; number < SHARDS && copied < n; number++, place = 0) {
        const struct shard *shard = &seen->shards[number];
        for (; place < shard->n_slots && copied < n; place++)
            if (is_live(seen, shard->slots[place]))
                pack_entry(shard->slots[place], out + copied++ * SEEN_ENTRY_BYTES);
        if (place < shard->n_slots)
            break;
    }
    *cursor = number << 32 | place;
    return copied;
}
