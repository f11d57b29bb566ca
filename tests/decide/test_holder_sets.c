// SPDX-License-Identifier: Apache-2.0
// Sets of holders: each once, under one number for good, and gone with the transaction that made it.
#include "hub/decide/holder_sets.h"
#include "tests/kit/core/random.h"
#include <criterion/criterion.h>

#define MOST 128 // bytes of a set

// Of up to four organisations.
static struct slice random_set(struct kit_random *random, uint8_t bits[MOST])
{
    memset(bits, 0, MOST);
    for (int i = 0; i < 4; i++) {
        unsigned number = (unsigned)kit_below(random, 1024);
        bits[number / 8] |= (uint8_t)(1u << number % 8);
    }
    return slice_of(bits, MOST);
}

static bool has(const struct holder_sets *sets, uint32_t number, unsigned organisation)
{
    struct slice bits = holder_sets_bits(sets, number);
    return organisation / 8 < bits.len && bits.data[organisation / 8] >> organisation % 8 & 1;
}

Test(holder_sets, nobody_is_nought)
{
    struct holder_sets *sets = holder_sets_new();
    uint8_t bits[MOST] = {0};
    cr_expect_eq(holder_sets_join(sets, 0, (struct slice){0}), 0);
    cr_expect_eq(holder_sets_join(sets, 0, slice_of(bits, sizeof bits)), 0);
    cr_expect_eq(holder_sets_count(sets), 0);
    cr_expect_eq(holder_sets_bits(sets, 0).len, 0);
    cr_expect_eq(holder_sets_bits(sets, 7).len, 0, "a number that was never given");
    cr_assert_null(holder_sets_free(sets));
}

Test(holder_sets, the_same_set_has_one_number_however_it_came_about)
{
    struct holder_sets *sets = holder_sets_new();
    const uint8_t kent[] = {1 << 3}, essex[] = {0, 1 << 2, 0, 0}, both[] = {1 << 3, 1 << 2};
    uint32_t first = holder_sets_join(sets, 0, slice_of(kent, sizeof kent));
    uint32_t second = holder_sets_join(sets, 0, slice_of(essex, sizeof essex));
    uint32_t joined = holder_sets_join(sets, first, slice_of(essex, sizeof essex));
    cr_expect(first == 1 && second == 2 && joined == 3);
    cr_expect_eq(holder_sets_join(sets, second, slice_of(kent, sizeof kent)), joined);
    cr_expect_eq(holder_sets_join(sets, 0, slice_of(both, sizeof both)), joined);
    cr_expect_eq(holder_sets_join(sets, joined, slice_of(kent, sizeof kent)), joined);
    cr_expect_eq(holder_sets_bits(sets, second).len, 2, "no zero bytes at the end");
    cr_expect(has(sets, joined, 3) && has(sets, joined, 10) && !has(sets, joined, 4));
    cr_expect_eq(holder_sets_count(sets), 3);
    holder_sets_free(sets);
}

Test(holder_sets, the_greatest_number_of_an_organisation_fits)
{
    struct holder_sets *sets = holder_sets_new();
    uint8_t bits[MOST] = {0};
    bits[MOST - 1] = 0x80;
    uint32_t number = holder_sets_join(sets, 0, slice_of(bits, sizeof bits));
    cr_expect(has(sets, number, 1023) && !has(sets, number, 1022));
    cr_expect_eq(holder_sets_bits(sets, number).len, MOST);
    holder_sets_free(sets);
}

// Transactions that commit and that do not, in turn: numbers go on as if the lost ones had never been.
Test(holder_sets, what_a_lost_transaction_made_is_forgotten)
{
    struct holder_sets *sets = holder_sets_new(), *kept = holder_sets_new();
    struct kit_random random = {8};
    uint8_t bits[MOST];
    for (int transaction = 0; transaction < 200; transaction++) {
        bool lost = kit_below(&random, 2);
        for (int i = 0; i < 20; i++) {
            struct slice set = random_set(&random, bits);
            uint32_t number = holder_sets_join(sets, 0, set);
            if (!lost)
                cr_assert_eq(number, holder_sets_join(kept, 0, set));
        }
        if (lost)
            holder_sets_forget(sets);
        else
            holder_sets_merge(sets);
        cr_assert_eq(holder_sets_count(sets), holder_sets_committed(sets));
        cr_assert_eq(holder_sets_count(sets), holder_sets_count(kept));
    }
    for (uint32_t number = 1; number <= holder_sets_count(kept); number++)
        cr_assert(slice_equal(holder_sets_bits(sets, number), holder_sets_bits(kept, number)));
    holder_sets_free(sets);
    holder_sets_free(kept);
}

// The same few sets a hundred thousand times.
Test(holder_sets, memory_is_bounded_by_what_is_different)
{
    struct holder_sets *sets = holder_sets_new();
    uint8_t bits[MOST];
    for (uint64_t i = 0; i < 100000; i++) {
        struct kit_random random = {i % 500};
        cr_assert_neq(holder_sets_join(sets, 0, random_set(&random, bits)), 0);
        holder_sets_merge(sets);
    }
    cr_expect_eq(holder_sets_count(sets), 500);
    cr_expect_lt(holder_sets_bytes(sets), 500 * (MOST + 128));
    holder_sets_free(sets);
}
