// SPDX-License-Identifier: Apache-2.0
// What the open transaction remembers: found at once, merged whole when the commit is known, gone without a trace if
// not.
#include "hub/decide/seen.h"
#include "hub/decide/overlay.h"
#include "tests/kit/core/random.h"
#include <criterion/criterion.h>

static struct fingerprint number(uint32_t i)
{
    struct kit_random random = {i};
    struct fingerprint fingerprint;
    kit_bytes(&random, fingerprint.bytes, sizeof fingerprint.bytes);
    return fingerprint;
}

Test(overlay, a_repeat_in_the_same_transaction_is_seen_and_the_first_sequence_stays)
{
    struct overlay *overlay = overlay_new();
    cr_assert_eq(overlay_find(overlay, number(1)), 0);
    cr_assert(overlay_add(overlay, number(1), 7) && overlay_add(overlay, number(1), 8));
    cr_assert_eq(overlay_find(overlay, number(1)), 7);
    cr_assert_eq(overlay_find(overlay, number(2)), 0);
    cr_assert_eq(overlay_entries(overlay).len, SEEN_ENTRY_BYTES);
    cr_assert_null(overlay_free(overlay));
}

Test(overlay, entries_are_packed_in_the_order_of_adding)
{
    struct overlay *overlay = overlay_new();
    for (uint32_t i = 1; i <= 1000; i++)
        overlay_add(overlay, number(i), i);
    struct slice entries = overlay_entries(overlay);
    cr_assert_eq(entries.len, 1000 * SEEN_ENTRY_BYTES);
    for (uint32_t i = 1; i <= 1000; i++) {
        uint8_t expected[SEEN_ENTRY_BYTES];
        seen_entry_pack(number(i), i, expected);
        cr_assert_arr_eq(entries.data + (i - 1) * SEEN_ENTRY_BYTES, expected, SEEN_ENTRY_BYTES);
    }
    overlay_free(overlay);
}

Test(overlay, what_is_merged_is_in_the_set_and_no_longer_in_the_overlay)
{
    struct overlay *overlay = overlay_new();
    struct seen *seen = seen_new();
    seen_add(seen, number(3), 1);
    for (uint32_t i = 1; i <= 100; i++)
        overlay_add(overlay, number(i), 10 + i);
    cr_assert(overlay_merge(overlay, seen));
    for (uint32_t i = 1; i <= 100; i++) {
        cr_assert_eq(overlay_find(overlay, number(i)), 0);
        cr_assert_eq(seen_find(seen, number(i)), i == 3 ? 1 : 10 + i);
    }
    cr_assert_eq(overlay_entries(overlay).len, 0);
    overlay_free(overlay);
    seen_free(seen);
}

Test(overlay, what_is_forgotten_never_was)
{
    struct overlay *overlay = overlay_new();
    for (uint32_t round = 0; round < 20; round++) {
        uint32_t n = round % 2 ? 3 : 5000; // large and small transactions in turn
        for (uint32_t i = 1; i <= n; i++)
            overlay_add(overlay, number(round * 10000 + i), i);
        overlay_forget(overlay);
        cr_assert_eq(overlay_entries(overlay).len, 0);
        for (uint32_t i = 1; i <= n; i++)
            if (overlay_find(overlay, number(round * 10000 + i)))
                cr_assert(false, "entry %u of round %u", i, round);
    }
    overlay_forget(overlay);
    overlay_free(overlay);
}

Test(overlay, agrees_with_a_plain_list)
{
    static uint64_t first[20000];
    struct kit_random random = {9};
    struct overlay *overlay = overlay_new();
    for (uint64_t i = 1; i <= 100000; i++) {
        uint32_t key = (uint32_t)kit_below(&random, 20000);
        if (overlay_find(overlay, number(key)) != first[key])
            cr_assert(false, "key %u", key);
        if (!first[key])
            first[key] = i;
        overlay_add(overlay, number(key), i);
    }
    overlay_free(overlay);
}

Test(overlay, reserved_room_is_there)
{
    struct overlay *overlay = overlay_new();
    cr_assert(overlay_reserve(overlay, 1000));
    const uint8_t *where = overlay_entries(overlay).data;
    for (uint32_t i = 1; i <= 1000; i++)
        cr_assert(overlay_add(overlay, number(i), i));
    cr_assert_eq(overlay_entries(overlay).data, where, "nothing was moved");
    cr_assert_not(overlay_reserve(overlay, SIZE_MAX), "more than can be numbered");
    cr_assert_not(overlay_reserve(overlay, SIZE_MAX - 10));
    cr_assert_eq(overlay_find(overlay, number(1000)), 1000);
    overlay_free(overlay);
}
