// SPDX-License-Identifier: Apache-2.0
// Amounts as people read them.
#include "hub/cli/health/amount.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>

static const struct {
    int64_t ms;
    const char *text;
} durations[] = {
    {0, "0 s"}, {1, "1 ms"}, {999, "999 ms"}, {1000, "1 s"}, {59999, "59 s"}, {60000, "1 min"}, {3599999, "59 min"},
    {3600000, "1 h"}, {3660000, "1 h 1 min"}, {7800000, "2 h 10 min"}, {86400000, "1 d"}, {35999999, "9 h 59 min"}, {86399999, "23 h"},
    {9 * 86400000LL + 3 * 3600000, "9 d 3 h"}, {10 * 86400000LL + 3 * 3600000, "10 d"}, {-90000, "-1 min"}, {INT64_MAX, "106751991167 d"}, {INT64_MIN, "-106751991167 d"}};

Test(amount, of_time_has_its_two_largest_units)
{
    char text[AMOUNT_BYTES];
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
        cr_expect_str_eq(amount_duration(durations[i].ms, text), durations[i].text);
}

static const struct {
    int64_t count;
    const char *text;
} counts[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {-1000, "-1,000"}, {-100, "-100"}, {1234567, "1,234,567"},
    {INT64_MIN, "-9,223,372,036,854,775,808"}};

Test(amount, of_things_is_set_in_groups_of_three)
{
    char text[AMOUNT_BYTES];
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        cr_expect_str_eq(amount_count(counts[i].count, text), counts[i].text);
    cr_expect_str_eq(amount_bytes(1023, text), "1023 B");
    cr_expect_str_eq(amount_bytes(1536, text), "1.5 KiB");
}

Test(amount, of_a_moment_is_the_clock_of_this_machine)
{
    char text[AMOUNT_BYTES];
    setenv("TZ", "UTC", 1);
    tzset();
    cr_expect_str_eq(amount_moment(INT64_C(1700000000000), text), "2023-11-14 22:13:20 UTC");
    cr_expect_str_eq(amount_moment(0, text), "never");
}
