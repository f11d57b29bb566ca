// SPDX-License-Identifier: Apache-2.0
// Amounts as people read them.
#include "hub/cli/health/numbers.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

static const struct {
    int64_t count;
    const char *text;
} counts[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {-1000, "-1,000"}, {-100, "-100"}, {1234567, "1,234,567"},
    {INT64_MIN, "-9,223,372,036,854,775,808"}};

Test(amount, of_things_is_set_in_groups_of_three)
{
    char text[NUMBERS_BYTES];
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        cr_expect_str_eq(numbers_count(counts[i].count, text), counts[i].text);
    cr_expect_str_eq(numbers_bytes(1023, text), "1023 B");
    cr_expect_str_eq(numbers_bytes(1536, text), "1.5 KiB");
}

Test(amount, of_a_moment_is_in_utc_wherever_the_machine_is)
{
    char text[NUMBERS_BYTES];
    setenv("TZ", "Asia/Tokyo", 1);
    tzset();
    cr_expect_str_eq(numbers_moment(INT64_C(1700000000000), text), "2023-11-14 22:13:20 UTC");
    cr_expect_str_eq(numbers_moment(0, text), "never");
}
