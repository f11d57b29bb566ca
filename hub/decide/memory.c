// SPDX-License-Identifier: Apache-2.0
// One loop for everything that is done to all tables.
#include "hub/decide/memory.h"
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
}

const uint8_t *memory_find(const struct memory *memory, enum memory_table table, const uint8_t *key)
{
    const uint8_t *value = pending_find(memory->pending[table], key);
    return value ? value : remembered_find(memory->table[table], key);
}

void memory_prefetch(const struct memory *memory, enum memory_table table, const uint8_t *key)
{
    remembered_prefetch(memory->table[table], key);
}

bool memory_put(struct memory *memory, enum memory_table table, const uint8_t *key, const uint8_t *value)
{
    return pending_put(memory->pending[table], key, value);
}

bool memory_reserve(struct memory *memory, enum memory_table table, size_t n)
{
    return pending_reserve(memory->pending[table], n);
}

void memory_pack_sequence(uint64_t sequence, uint8_t out[MEMORY_SEQUENCE_BYTES])
{
    for (size_t i = MEMORY_SEQUENCE_BYTES; i > 0; i--, sequence >>= 8)
        out[i - 1] = (uint8_t)sequence;
}

uint32_t memory_unsent(const struct memory *memory, unsigned organisation_number)
{
    (void)memory, (void)organisation_number;
    return 0;
}

bool memory_has_room(const struct memory *memory, size_t more)
{
    if (memory->max_bytes == 0)
        return true;
    size_t held = more;
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
    return merged;
}

void memory_forget(struct memory *memory)
{
    for (size_t i = 0; i < MEMORY_TABLES; i++)
        pending_forget(memory->pending[i]);
    holder_sets_forget(memory->holders);
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
    return n;
}
