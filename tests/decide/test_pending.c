// SPDX-License-Identifier: Apache-2.0
// What the open transaction remembers: found at once, merged whole when the commit is known, gone without a trace if
// not.
#include "hub/decide/pending.h"
#include "hub/base/big_endian.h"
#include "tests/kit/core/random.h"
#include <criterion/criterion.h>

#define ENTRY_BYTES 16
#define KEY_BYTES   11

struct key {
    uint8_t bytes[KEY_BYTES];
};

static const struct shape marks = {.key = KEY_BYTES, .stamp = 5, .value = 5};

static struct key number(uint32_t i)
{
    struct kit_random random = {i};
    struct key key;
    kit_bytes(&random, key.bytes, sizeof key.bytes);
    return key;
}

static uint64_t sequence_of(const uint8_t *value)
{
    return value ? big_endian_read(value, 5) : 0;
}

static uint64_t find(const struct pending *pending, struct key key)
{
    return sequence_of(pending_find(pending, key.bytes));
}

static bool put(struct pending *pending, struct key key, uint64_t sequence)
{
    uint8_t value[5];
    big_endian_write(value, sizeof value, sequence);
    return pending_put(pending, key.bytes, value);
}

static uint64_t find_in(const struct remembered *table, struct key key)
{
    return sequence_of(remembered_find(table, key.bytes));
}

Test(pending, a_repeat_in_the_same_transaction_is_seen_once_and_its_last_value_counts)
{
    struct pending *pending = pending_new(&marks);
    cr_assert_eq(find(pending, number(1)), 0);
    cr_assert(put(pending, number(1), 7) && put(pending, number(1), 8));
    cr_assert_eq(find(pending, number(1)), 8);
    cr_assert_eq(find(pending, number(2)), 0);
    cr_assert_eq(pending_entries(pending).len, ENTRY_BYTES);
    cr_assert_null(pending_free(pending));
}

Test(pending, entries_are_packed_in_the_order_of_adding)
{
    struct pending *pending = pending_new(&marks);
    for (uint32_t i = 1; i <= 1000; i++)
        put(pending, number(i), i);
    struct slice entries = pending_entries(pending);
    cr_assert_eq(entries.len, 1000 * ENTRY_BYTES);
    for (uint32_t i = 1; i <= 1000; i++) {
        const uint8_t *entry = entries.data + (i - 1) * ENTRY_BYTES;
        struct key expected = number(i);
        cr_assert_arr_eq(entry, expected.bytes, KEY_BYTES);
        cr_assert_eq(big_endian_read(entry + KEY_BYTES, 5), i);
    }
    pending_free(pending);
}

Test(pending, what_is_merged_is_in_the_table_and_no_longer_pending)
{
    struct pending *pending = pending_new(&marks);
    struct remembered *table = remembered_new(&marks);
    put(pending, number(3), 1);
    cr_assert(pending_merge(pending, table));
    for (uint32_t i = 1; i <= 100; i++)
        put(pending, number(i), 10 + i);
    cr_assert(pending_merge(pending, table));
    for (uint32_t i = 1; i <= 100; i++) {
        cr_assert_eq(find(pending, number(i)), 0);
        cr_assert_eq(find_in(table, number(i)), 10 + i, "the last transaction's value counts");
    }
    cr_assert_eq(pending_entries(pending).len, 0);
    pending_free(pending);
    remembered_free(table);
}

Test(pending, what_is_forgotten_never_was)
{
    struct pending *pending = pending_new(&marks);
    for (uint32_t round = 0; round < 20; round++) {
        uint32_t n = round % 2 ? 3 : 5000; // large and small transactions in turn
        for (uint32_t i = 1; i <= n; i++)
            put(pending, number(round * 10000 + i), i);
        pending_forget(pending);
        cr_assert_eq(pending_entries(pending).len, 0);
        for (uint32_t i = 1; i <= n; i++)
            if (find(pending, number(round * 10000 + i)))
                cr_assert(false, "entry %u of round %u", i, round);
    }
    pending_forget(pending);
    pending_free(pending);
}

Test(pending, agrees_with_a_plain_list)
{
    static uint64_t last[20000];
    struct kit_random random = {9};
    struct pending *pending = pending_new(&marks);
    for (uint64_t i = 1; i <= 100000; i++) {
        uint32_t key = (uint32_t)kit_below(&random, 20000);
        if (find(pending, number(key)) != last[key])
            cr_assert(false, "key %u", key);
        last[key] = i;
        put(pending, number(key), i);
    }
    pending_free(pending);
}

Test(pending, reserved_room_is_there)
{
    struct pending *pending = pending_new(&marks);
    cr_assert(pending_reserve(pending, 1000));
    const uint8_t *where = pending_entries(pending).data;
    for (uint32_t i = 1; i <= 1000; i++)
        cr_assert(put(pending, number(i), i));
    cr_assert_eq(pending_entries(pending).data, where, "nothing was moved");
    cr_assert_not(pending_reserve(pending, SIZE_MAX), "more than can be numbered");
    cr_assert_not(pending_reserve(pending, SIZE_MAX - 10));
    cr_assert_eq(find(pending, number(1000)), 1000);
    pending_free(pending);
}

Test(pending, a_key_is_found_by_its_start)
{
    struct pending *pending = pending_new(&marks);
    cr_assert_null(pending_find_start(pending, number(1).bytes, 5));
    for (uint32_t i = 1; i <= 1000; i++)
        put(pending, number(i), i);
    for (uint32_t i = 1; i <= 1000; i++) {
        cr_assert_eq(sequence_of(pending_find_start(pending, number(i).bytes, 5)), i);
        cr_assert_null(pending_find_start(pending, number(i + 1000).bytes, 5));
    }
    pending_free(pending);
}
