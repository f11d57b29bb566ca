// SPDX-License-Identifier: Apache-2.0
#include "hub/base/table.h"
#include "tests/kit/memory/failing_allocator.h"
#include <criterion/criterion.h>
#include <stdio.h>

#define MOST 3000

static char keys[MOST][16];

static struct slice key_of(unsigned number)
{
    return slice_text(keys[number]);
}

static void write_keys(void)
{
    for (unsigned i = 0; i < MOST; i++)
        snprintf(keys[i], sizeof keys[i], "force-%u", i);
}

TestSuite(table, .init = write_keys);

Test(table, one_that_is_zeroed_is_empty)
{
    struct table table = {0};
    cr_expect_eq(table_find(&table, slice_text("kent")), TABLE_NONE);
    table_clear(&table);
    table_deinit(&table);
}

Test(table, finds_every_key_however_far_it_grew)
{
    struct table table = {0};
    for (unsigned i = 0; i < MOST; i++) {
        cr_assert_eq(table_find(&table, key_of(i)), TABLE_NONE);
        cr_assert(table_add(&table, key_of(i), 7 * i));
        cr_assert_eq(table_find(&table, key_of(i)), 7 * i);
    }
    for (unsigned i = 0; i < MOST; i++)
        cr_assert_eq(table_find(&table, key_of(i)), 7 * i);
    cr_expect_eq(table.n, MOST);
    table_deinit(&table);
}

Test(table, keys_are_compared_byte_by_byte)
{
    static const char bytes[] = "kent\0kent";
    struct table table = {0};
    cr_assert(table_add(&table, slice_of(bytes, 4), 1));
    cr_assert(table_add(&table, slice_of(bytes, 9), 2));
    cr_assert(table_add(&table, slice_of(bytes, 0), 3));
    cr_assert(table_add(&table, slice_of(bytes, 3), TABLE_NONE - 1));
    cr_expect_eq(table_find(&table, slice_text("kent")), 1);
    cr_expect_eq(table_find(&table, slice_of("kent\0kent", 9)), 2);
    cr_expect_eq(table_find(&table, slice_of(NULL, 0)), 3);
    cr_expect_eq(table_find(&table, slice_text("ken")), TABLE_NONE - 1);
    cr_expect_eq(table_find(&table, slice_text("Kent")), TABLE_NONE);
    table_deinit(&table);
}

Test(table, clearing_forgets_the_keys_and_keeps_the_room)
{
    struct table table = {0};
    for (unsigned i = 0; i < 100; i++)
        cr_assert(table_add(&table, key_of(i), i));
    const struct table_slot *slots = table.slots;
    table_clear(&table);
    for (unsigned i = 0; i < 100; i++)
        cr_assert_eq(table_find(&table, key_of(i)), TABLE_NONE);
    for (unsigned i = 0; i < 100; i++)
        cr_assert(table_add(&table, key_of(i), 100 - i));
    cr_expect_eq(table.slots, slots);
    cr_expect_eq(table_find(&table, key_of(7)), 93);
    table_deinit(&table);
}

Test(table, without_memory_nothing_is_added_and_nothing_lost)
{
    struct table table = {0};
    bool added = true;
    unsigned n = 0;
    while (added && n < MOST) {
        failing_allocator_begin(n < 500 ? 1000 : 1, FAILING_ALLOCATOR_ALL);
        added = table_add(&table, key_of(n), n);
        failing_allocator_end();
        n += added;
    }
    cr_expect(!added);
    cr_expect_eq(table.n, n);
    for (unsigned i = 0; i < MOST; i++)
        cr_assert_eq(table_find(&table, key_of(i)), i < n ? i : TABLE_NONE);
    table_deinit(&table);
}

Test(table, what_room_was_made_for_is_added_without_memory)
{
    struct table table = {0};
    cr_assert(table_reserve(&table, MOST));
    failing_allocator_begin(1, FAILING_ALLOCATOR_ALL);
    for (unsigned i = 0; i < MOST; i++)
        cr_expect(table_add(&table, key_of(i), i));
    cr_expect(!failing_allocator_end());
    cr_expect(!table_reserve(&table, SIZE_MAX));
    table_deinit(&table);
}
