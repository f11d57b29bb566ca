// SPDX-License-Identifier: Apache-2.0
// The tables as one: what the open transaction gives to a key hides what was remembered, until it is forgotten; and the
// lane's limit counts both.
#include "hub/decide/memory.h"
#include "hub/base/big_endian.h"
#include <criterion/criterion.h>

static struct memory made(void)
{
    struct memory memory = {.sequence = 7, .lane = 1, .lanes = 2};
    cr_assert(memory_init(&memory));
    return memory;
}

// Key number i of a table.
static const uint8_t *key_of(uint32_t i)
{
    static uint8_t key[SHAPE_KEY_MAX];
    memset(key, 1, sizeof key);
    big_endian_write(key, 5, i * UINT64_C(2654435761));
    return key;
}

static bool put(struct memory *memory, enum memory_table table, uint32_t key, uint64_t stamp)
{
    uint8_t value[SHAPE_WIDTH_MAX] = {0};
    big_endian_write(value, memory_row(table)->shape.stamp, stamp);
    return memory_put(memory, table, key_of(key), value);
}

static uint64_t find(const struct memory *memory, enum memory_table table, uint32_t key)
{
    const uint8_t *value = memory_find(memory, table, key_of(key));
    return value ? big_endian_read(value, memory_row(table)->shape.stamp) : 0;
}

Test(memory, numbers_of_tables_are_their_own_and_found)
{
    for (unsigned i = 0; i < MEMORY_TABLES; i++)
        cr_expect_eq(memory_numbered(memory_row((enum memory_table)i)->number), i);
    cr_expect_eq(memory_numbered(0), MEMORY_TABLES);
    cr_expect_eq(memory_numbered(1000), MEMORY_TABLES);
}

Test(memory, what_is_pending_hides_what_is_remembered_until_it_is_forgotten)
{
    struct memory memory = made();
    for (unsigned i = 0; i < MEMORY_TABLES; i++) {
        enum memory_table table = (enum memory_table)i;
        cr_assert(put(&memory, table, 1, 10) && memory_merge(&memory));
        cr_expect_eq(memory_pending(&memory), 0);
        cr_assert(put(&memory, table, 1, 20) && put(&memory, table, 2, 21));
        cr_expect_eq(find(&memory, table, 1), 20);
        cr_expect_eq(find(&memory, table, 2), 21);
        cr_expect_eq(memory_pending(&memory), 2);
        memory_forget(&memory);
        cr_expect_eq(find(&memory, table, 1), 10);
        cr_expect_eq(find(&memory, table, 2), 0);
        cr_assert(put(&memory, table, 1, 30) && memory_merge(&memory));
        cr_expect_eq(find(&memory, table, 1), 30);
        cr_expect_eq(memory_count(&memory), i + 1, "a changed value is no second entry");
    }
    cr_expect(memory.sequence == 7 && memory.lane == 1 && memory.lanes == 2);
    memory_deinit(&memory);
    cr_expect_eq(memory_count(&memory), 0);
    cr_expect_eq(memory_bytes(&memory), 0);
}

Test(memory, the_limit_counts_bytes_of_all_tables_pending_ones_included)
{
    struct memory memory = made();
    size_t held = 0;
    for (unsigned i = 0; i < MEMORY_TABLES; i++) {
        enum memory_table table = (enum memory_table)i;
        cr_assert(put(&memory, table, 1, 1) && memory_merge(&memory) && put(&memory, table, 2, 1));
        held += 2 * shape_width(&memory_row(table)->shape);
        memory.max_bytes = held + 9;
        cr_expect(memory_has_room(&memory, 9) && !memory_has_room(&memory, 10), "table %u", i);
    }
    memory.max_bytes = 0;
    cr_expect(memory_has_room(&memory, SIZE_MAX / 2), "0 is no limit");
    memory_deinit(&memory);
}

// A lookup that is fetched ahead changes nothing, in an empty table or at the edges of a full one.
Test(memory, fetching_ahead_changes_nothing)
{
    struct memory memory = made();
    for (uint32_t key = 0; key < 3000; key++) {
        memory_prefetch(&memory, (enum memory_table)0, key_of(key));
        cr_assert(put(&memory, (enum memory_table)0, key, key + 1) && memory_merge(&memory));
    }
    for (uint32_t key = 0; key < 3000; key++)
        cr_assert_eq(find(&memory, (enum memory_table)0, key), key + 1);
    memory_deinit(&memory);
}
