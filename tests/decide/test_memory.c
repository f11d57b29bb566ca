// SPDX-License-Identifier: Apache-2.0
// The tables as one: what the open transaction gives to a key hides what was remembered, until it is forgotten; and the
// lane's limit counts both.
#include "hub/decide/memory.h"
#include "hub/base/big_endian.h"
#include "tests/kit/core/random.h"
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

static bool put_row(struct memory *memory, uint32_t key, struct item_row row)
{
    uint8_t packed[ITEM_ROW_BYTES];
    row.sequence = 1;
    item_row_pack(&row, packed);
    return memory_put(memory, MEMORY_ITEM, key_of(key), packed);
}

static bool put_unsent(struct memory *memory, uint32_t key, unsigned number)
{
    struct item_row row = {.revision = 0};
    item_row_mark_unsent(&row, number);
    return put_row(memory, key, row);
}

Test(memory, a_key_is_found_by_its_start_whether_pending_or_not)
{
    struct memory memory = made();
    cr_assert(put(&memory, MEMORY_ITEM, 1, 10) && memory_merge(&memory) && put(&memory, MEMORY_ITEM, 2, 20));
    cr_expect_eq(big_endian_read(memory_find_start(&memory, MEMORY_ITEM, key_of(1)), 5), 10);
    cr_expect_eq(big_endian_read(memory_find_start(&memory, MEMORY_ITEM, key_of(2)), 5), 20);
    cr_expect_null(memory_find_start(&memory, MEMORY_ITEM, key_of(3)));
    memory_deinit(&memory);
}

Test(memory, rows_of_items_that_have_not_come_are_counted_for_who_made_them)
{
    struct memory memory = made();
    cr_assert(put_unsent(&memory, 1, 1023) && put_unsent(&memory, 2, 1023) && put_unsent(&memory, 3, 5));
    cr_assert(put_unsent(&memory, 1, 1023), "a second change is no second row");
    cr_expect(memory_unsent(&memory, 1023) == 2 && memory_unsent(&memory, 5) == 1 && memory_unsent(&memory, 6) == 0);
    memory_forget(&memory);
    cr_expect(memory_unsent(&memory, 1023) == 0 && memory_unsent(&memory, 5) == 0);
    cr_assert(put_unsent(&memory, 1, 1023) && put_unsent(&memory, 2, 1023) && memory_merge(&memory));
    cr_assert(put_row(&memory, 1, (struct item_row){.revision = 1}));
    cr_expect_eq(memory_unsent(&memory, 1023), 1, "its item has come");
    memory_forget(&memory);
    cr_expect_eq(memory_unsent(&memory, 1023), 2, "or not");
    cr_expect_eq(memory_unsent(&memory, 1024), 0, "no organisation has that number");
    cr_expect(memory_recount(&memory) && memory_unsent(&memory, 1023) == 2);
    memory_deinit(&memory);
}

Test(memory, sets_of_holders_come_and_go_with_the_rest)
{
    struct memory memory = made();
    const uint8_t kent[] = {8}, essex[] = {4};
    cr_assert_eq(holder_sets_join(memory.holders, 0, slice_of(kent, sizeof kent)), 1);
    memory_forget(&memory);
    cr_expect_eq(holder_sets_count(memory.holders), 0);
    cr_assert_eq(holder_sets_join(memory.holders, 0, slice_of(essex, sizeof essex)), 1);
    cr_assert(memory_merge(&memory));
    memory_forget(&memory);
    cr_expect_eq(holder_sets_bits(memory.holders, 1).data[0], essex[0]);
    memory_deinit(&memory);
}

Test(memory, what_expires_is_no_longer_counted)
{
    struct memory memory = made();
    struct item_row row = {
        .centre = SIGNALBOX__V1__STANDING__STANDING_RECALLED, .originator = SIGNALBOX__V1__STANDING__STANDING_RELEASED};
    item_row_mark_unsent(&row, 5);
    cr_assert(put_row(&memory, 1, row));
    row.centre = SIGNALBOX__V1__STANDING__STANDING_RELEASED;
    cr_assert(put_row(&memory, 2, row) && memory_merge(&memory));
    cr_expect_eq(memory_unsent(&memory, 5), 2);
    memory_expire(&memory, MEMORY_ITEM, 2);
    cr_expect_eq(memory_unsent(&memory, 5), 1, "the recalled one stays as long as the ledger");
    cr_expect(memory_find(&memory, MEMORY_ITEM, key_of(1)) && !memory_find(&memory, MEMORY_ITEM, key_of(2)));
    memory_deinit(&memory);
}

Test(memory, a_row_that_names_a_set_that_is_not_there_is_noticed)
{
    struct memory memory = made();
    const uint8_t kent[] = {8};
    uint32_t number = holder_sets_join(memory.holders, 0, slice_of(kent, sizeof kent));
    cr_assert(put_row(&memory, 1, (struct item_row){.revision = 1, .holders = number}) && memory_merge(&memory));
    cr_expect(memory_recount(&memory));
    cr_assert(put_row(&memory, 1, (struct item_row){.revision = 1, .holders = number + 1}) && memory_merge(&memory));
    cr_expect_not(memory_recount(&memory));
    memory_deinit(&memory);
}

// An item is its row and its content. What an empty table costs is no longer felt at this size.
Test(memory, takes_at_most_64_bytes_an_item)
{
    struct memory memory = made();
    struct kit_random random = {4};
    for (uint32_t i = 1; i <= 1000000; i++) {
        uint8_t key[SHAPE_KEY_MAX], value[SHAPE_WIDTH_MAX] = {1};
        kit_bytes(&random, key, sizeof key);
        cr_assert(memory_put(&memory, MEMORY_ITEM, key, value) && memory_put(&memory, MEMORY_CONTENT, key, value));
        if (i % 1000)
            continue;
        cr_assert(memory_merge(&memory));
        if (i >= 400000 && memory_bytes(&memory) > (size_t)i * 64)
            cr_assert(false, "%.2f bytes an item of %u", (double)memory_bytes(&memory) / i, i);
    }
    memory_deinit(&memory);
}
