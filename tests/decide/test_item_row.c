// SPDX-License-Identifier: Apache-2.0
// The row of an item: its bytes are those of the contract, and every value of every field comes back.
#include "hub/decide/item_row.h"
#include "tests/kit/core/random.h"
#include <criterion/criterion.h>

#define STANDING(name) SIGNALBOX__V1__STANDING__STANDING_##name

Test(item_row, has_the_bytes_of_the_contract)
{
    const struct item_row row = {.sequence = 0x0102030405,
        .revision = 0x06070809,
        .content = {10, 11, 12, 13, 14, 15, 16, 17},
        .originator = STANDING(RESTRICTED),
        .centre = STANDING(ERASED),
        .status = SIGNALBOX__V1__STATUS__STATUS_EXERCISE,
        .originator_number = 0x1213,
        .centre_number = 0x1415,
        .holders = 0x161718};
    const uint8_t expected[ITEM_ROW_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
        1 | 3 << 2 | SIGNALBOX__V1__STATUS__STATUS_EXERCISE << 4, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18};
    uint8_t packed[ITEM_ROW_BYTES];
    item_row_pack(&row, packed);
    cr_assert_arr_eq(packed, expected, sizeof packed);
}

Test(item_row, comes_back_as_it_was)
{
    struct kit_random random = {3};
    for (int i = 0; i < 20000; i++) {
        struct item_row row = {.sequence = kit_below(&random, UINT64_C(1) << 40),
            .revision = (uint32_t)kit_below(&random, UINT64_C(1) << 32),
            .originator = (Signalbox__V1__Standing)(1 + kit_below(&random, 4)),
            .centre = (Signalbox__V1__Standing)(1 + kit_below(&random, 4)),
            .status = (Signalbox__V1__Status)(1 + kit_below(&random, 3)),
            .originator_number = (uint16_t)kit_below(&random, 65536),
            .centre_number = (uint16_t)kit_below(&random, 65536),
            .holders = (uint32_t)kit_below(&random, 1 << 24)};
        uint8_t packed[ITEM_ROW_BYTES];
        kit_bytes(&random, row.content, sizeof row.content);
        item_row_pack(&row, packed);
        struct item_row back = item_row_unpack(packed);
        cr_assert(back.sequence == row.sequence && back.revision == row.revision &&
                  memcmp(back.content, row.content, sizeof row.content) == 0 && back.originator == row.originator &&
                  back.centre == row.centre && back.status == row.status &&
                  back.originator_number == row.originator_number && back.centre_number == row.centre_number &&
                  back.holders == row.holders);
        cr_assert_eq(item_row_keeps(packed), row.originator != STANDING(RELEASED) || row.centre != STANDING(RELEASED));
        cr_assert_eq(item_row_is_unsent(packed), row.revision == 0);
    }
}

Test(item_row, of_an_item_that_has_not_come_names_who_followed_up)
{
    for (unsigned number = 0; number < 1024; number++) {
        struct item_row row = {.sequence = 1};
        uint8_t packed[ITEM_ROW_BYTES];
        item_row_mark_unsent(&row, number);
        item_row_pack(&row, packed);
        row = item_row_unpack(packed);
        cr_assert(item_row_is_unsent(packed) && item_row_unsent_by(&row) == number);
    }
}
