// SPDX-License-Identifier: Apache-2.0
#include "hub/observe/book/book.h"
#include <criterion/criterion.h>

Test(book_item, is_32_digits_with_or_without_hyphens_and_maybe_a_revision)
{
    static const char hex[] = "0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f";
    static const struct {
        const char *text;
        int64_t revision; // -1: it is no item's name
    } cases[] = {
        {"0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f", 0},
        {"0C9A55E03A5E4A3B9D5E6A1B2C3D4E5F", 0},
        {"0c9a55e0-3a5e-4a3b-9d5e-6a1b2c3d4e5f", 0},
        {"0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f-1", 1},
        {"0c9a55e0-3a5e-4a3b-9d5e-6a1b2c3d4e5f-4294967295", 4294967295},
        {"0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f-4294967296", -1},
        {"0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f-0", -1},
        {"0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f-", -1},
        {"0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f--1", -1},
        {"0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f-+1", -1},
        {"0c9a55e03a5e4a3b9d5e6a1b2c3d4e5f1", -1},
        {"0c9a55e03a5e4a3b9d5e6a1b2c3d4e5", -1},
        {"0c9a55e03a5e4a3b9d5e6a1b2c3d4e5g", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct book_item item;
        bool good = book_item_parse(cases[i].text, &item);
        cr_expect_eq(good, cases[i].revision >= 0, "%s", cases[i].text);
        if (!good)
            continue;
        cr_expect_str_eq(item.hex, hex);
        cr_expect_eq(item.revision, cases[i].revision, "%s", cases[i].text);
    }
}
