// SPDX-License-Identifier: Apache-2.0
#include "hub/state/bytes.h"
#include "hub/state/names.h"
#include <criterion/criterion.h>
#include <stdio.h>

Test(names, are_numbered_in_order_and_found_again)
{
    struct names *names = names_new();
    char text[NAME_BYTES + 1];
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "in.force-%d", i);
        cr_assert_eq(names_add(names, slice_text(text)), i);
    }
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "in.force-%d", i);
        cr_assert_eq(names_find(names, slice_text(text)), i);
        cr_assert_eq(names_add(names, slice_text(text)), i);
        cr_assert(slice_equal(names_text(names, i), slice_text(text)));
    }
    cr_expect_eq(names_find(names, slice_text("in.force-1000")), -1);
    memset(text, 'x', NAME_BYTES);
    cr_expect_eq(names_add(names, slice_of(text, NAME_BYTES)), -1, "too long");
    names_clear(names);
    cr_expect_eq(names_find(names, slice_text("in.force-3")), -1);
    cr_expect_eq(names_add(names, slice_text("in.force-3")), 0);
    names_free(names);
}

Test(bytes, numbers_take_the_fewest_bytes)
{
    const uint64_t numbers[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
    const size_t sizes[] = {1, 1, 1, 2, 2, 3, 5, 10};
    const char *const digits[] = {"0", "1", "127", "128", "16383", "16384", "4294967295", "18446744073709551615"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct bytes bytes = {0};
        cr_assert(bytes_reserve(&bytes, VARINT_BYTES + 20));
        bytes_varint(&bytes, numbers[i]);
        cr_expect_eq(bytes.len, sizes[i]);
        cr_expect_eq(varint_size(numbers[i]), sizes[i]);
        bytes.len = 0;
        bytes_digits(&bytes, numbers[i]);
        cr_expect(slice_equal(bytes_slice(&bytes), slice_text(digits[i])));
        bytes_deinit(&bytes);
    }
}
