// SPDX-License-Identifier: Apache-2.0
// Lengths of time as people read them.
#include "hub/base/duration.h"
#include <criterion/criterion.h>

static const struct {
    int64_t ms;
    const char *text;
} durations[] = {{0, "0 s"}, {1, "1 ms"}, {999, "999 ms"}, {1000, "1.0 s"}, {1007, "1.0 s"}, {1448, "1.4 s"},
    {2500, "2.5 s"}, {9999, "9.9 s"}, {10000, "10 s"}, {59999, "59 s"}, {119999, "119 s"}, {120000, "2 min"},
    {7199999, "119 min"}, {7200000, "2 h"}, {172799999, "47 h"}, {172800000, "2 d"},
    {10 * 86400000LL + 3 * 3600000, "10 d"}, {-90000, "-90 s"}, {-1500, "-1.5 s"}, {INT64_MAX, "106751991167 d"},
    {INT64_MIN, "-106751991167 d"}};

Test(duration, has_the_greatest_unit_that_there_are_two_of)
{
    char text[DURATION_BYTES];
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++)
        cr_expect_str_eq(duration_text(durations[i].ms, text), durations[i].text, "%s", text);
}
