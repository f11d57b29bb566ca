// SPDX-License-Identifier: Apache-2.0
// One loop for everything that is done to all tables.
#include "hub/decide/memory.h"
#include "hub/base/big_endian.h"
#include "hub/decide/content_mark.h"

static const struct memory_row rows[] = {
#define TABLE(name, number, key, stamp, value, kept, keeps) {#name, number, {key, stamp, value, keeps}, MEMORY_##kept},
#include "hub/decide/memory.def"
#undef TABLE
};

#define TABLE(name, number, key, stamp, value, ...)                                                                    \
    _Static_assert(key >= 8 && key <= SHAPE_KEY_MAX && stamp <= value && key + value <= SHAPE_WIDTH_MAX, #name);
#include "hub/decide/memory.def"
#undef TABLE

const struct memory_row *memory_row(enum memory_table table)
{
    return &rows[table];
}

enum memory_table memory_numbered(uint32_t number)
{
    unsigned table = 0;
    while (table < MEMORY_TABLES && rows[table].number != number)
        table++;
    return (enum memory_table)table;
}

bool memory_init(struct memory *memory)
{
    static const uint8_t no_secret[CONTENT_SECRET_BYTES];
    bool made = true;
    if (!memory->secret)
        memory->secret = no_secret;
    for (size_t i = 0; i < MEMORY_TABLES; i++) {
        memory->table[i] = remembered_new(&rows[i].shape);
        memory->pending[i] = pending_new(&rows[i].shape);
        made = made && memory->table[i] && memory->pending[i];
    }
    memory->holders = holder_sets_new();
    if (made && memory->holders)
        return true;
    memory_deinit(memory);
    return false;
}

void memory_deinit(struct memory *memory)
{
    for (size_t i = 0; i < MEMORY_TABLES; i++) {
        memory->table[i] = remembered_free(memory->table[i]);
        memory->pending[i] = pending_free(memory->pending[i]);
    }
    memory->holders = holder_sets_free(memory->holders);
    unsent_clear(&memory->unsent);
    unsent_merge(&memory->unsent);
}

const uint8_t *memory_find(const struct memory *memory, enum memory_table table, const uint8_t *key)
{
    const uint8_t *value = pending_find(memory->pending[table], key);
    return value ? value : remembered_find(memory->table[table], key);
}

const uint8_t *memory_find_start(const struct memory *memory, enum memory_table table, const uint8_t *start)
{
    const uint8_t *value = pending_find_start(memory->pending[table], start, MEMORY_START_BYTES);
    return value ? value : remembered_find_start(memory->table[table], start, MEMORY_START_BYTES);
}

void memory_prefetch(const struct memory *memory, enum memory_table table, const uint8_t *key)
{
    remembered_prefetch(memory->table[table], key);
}

bool memory_put(struct memory *memory, enum memory_table table, const uint8_t *key, const uint8_t *value)
{
    if (table == MEMORY_ITEM)
        unsent_change(&memory->unsent, memory_find(memory, table, key), value);
    return pending_put(memory->pending[table], key, value);
}

bool memory_reserve(struct memory *memory, enum memory_table table, size_t n)
{
    return pending_reserve(memory->pending[table], n);
}

void memory_pack_sequence(uint64_t sequence, uint8_t out[MEMORY_SEQUENCE_BYTES])
{
    big_endian_write(out, MEMORY_SEQUENCE_BYTES, sequence);
}

void memory_pack_day(const struct memory *memory, uint8_t out[MEMORY_DAY_BYTES])
{
    big_endian_write(out, MEMORY_DAY_BYTES, memory->day ? memory->day : 1);
}

uint32_t memory_unsent(const struct memory *memory, unsigned organisation_number)
{
    return unsent_count(&memory->unsent, organisation_number);
}

void memory_expire(struct memory *memory, enum memory_table table, uint64_t floor)
{
    if (remembered_expire(memory->table[table], floor) && table == MEMORY_ITEM)
        memory_recount(memory);
}

bool memory_recount(struct memory *memory)
{
    uint8_t entries[64 * (ITEM_KEY_BYTES + ITEM_ROW_BYTES)];
    uint64_t cursor = 0;
    bool holds = true;
    unsent_clear(&memory->unsent);
    for (size_t n = 1; n > 0;) {
        n = remembered_export(memory->table[MEMORY_ITEM], &cursor, entries, 64);
        for (size_t i = 0; i < n; i++) {
            const uint8_t *row = entries + i * (ITEM_KEY_BYTES + ITEM_ROW_BYTES) + ITEM_KEY_BYTES;
            unsent_change(&memory->unsent, NULL, row);
            holds = holds && item_row_unpack(row).holders <= holder_sets_count(memory->holders);
        }
    }
    unsent_merge(&memory->unsent);
    return holds;
}

bool memory_has_room(const struct memory *memory, size_t more)
{
    if (memory->max_bytes == 0)
        return true;
    size_t held = more + holder_sets_bytes(memory->holders);
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        held +=
            remembered_count(memory->table[i]) * shape_width(&rows[i].shape) + pending_entries(memory->pending[i]).len;
    return held <= memory->max_bytes;
}

bool memory_merge(struct memory *memory)
{
    bool merged = true;
    for (size_t i = 0; merged && i < MEMORY_TABLES; i++)
        merged = pending_merge(memory->pending[i], memory->table[i]);
    holder_sets_merge(memory->holders);
    unsent_merge(&memory->unsent);
    return merged;
}

void memory_forget(struct memory *memory)
{
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        pending_forget(memory->pending[i]);
    holder_sets_forget(memory->holders);
    unsent_forget(&memory->unsent);
}

size_t memory_pending(const struct memory *memory)
{
    size_t n = 0;
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        n += pending_entries(memory->pending[i]).len / shape_width(&rows[i].shape);
    return n;
}

size_t memory_count(const struct memory *memory)
{
    size_t n = 0;
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        n += memory->table[i] ? remembered_count(memory->table[i]) : 0;
    return n;
}

size_t memory_bytes(const struct memory *memory)
{
    size_t n = 0;
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        n += memory->table[i] ? remembered_bytes(memory->table[i]) : 0;
    return n + (memory->holders ? holder_sets_bytes(memory->holders) : 0);
}
