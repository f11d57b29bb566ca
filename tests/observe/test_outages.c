// SPDX-License-Identifier: Apache-2.0
#include "hub/observe/judge/outages.h"
#include <criterion/criterion.h>

static void look(struct outages *outages, int64_t from_s, int64_t to_s, bool answered)
{
    for (int64_t s = from_s; s <= to_s; s += 5)
        outages_note(outages, s * 1000, answered);
}

Test(outages, one_lasts_from_the_last_answer_to_the_next)
{
    struct outages outages = {0};
    look(&outages, 100, 200, true);
    cr_expect_eq(outages_between(&outages, 0, 1000000), 0);
    look(&outages, 205, 250, false);
    cr_expect_eq(outages_between(&outages, 0, 1000000), 50000, "while it lasts, up to the last look");
    look(&outages, 255, 300, true);
    cr_expect_eq(outages_between(&outages, 0, 1000000), 55000);
    cr_expect_eq(outages.n, 1);
    look(&outages, 305, 305, false);
    look(&outages, 310, 400, true);
    cr_expect_eq(outages.n, 2);
    cr_expect_eq(outages_between(&outages, 0, 1000000), 65000);
}

Test(outages, only_what_lies_within_the_time_counts)
{
    struct outages outages = {0};
    look(&outages, 100, 200, true);
    look(&outages, 205, 300, false);
    look(&outages, 305, 400, true);
    static const struct {
        int64_t from_s, to_s, took_s;
    } rows[] = {
        {0, 200, 0}, {305, 400, 0}, {0, 1000, 105}, {250, 1000, 55}, {0, 250, 50}, {210, 220, 10}, {220, 210, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(
            outages_between(&outages, rows[i].from_s * 1000, rows[i].to_s * 1000), rows[i].took_s * 1000, "row %zu", i);
}

Test(outages, it_may_begin_without_an_answer)
{
    struct outages outages = {0};
    look(&outages, 100, 120, false);
    cr_expect_eq(outages_between(&outages, 0, 1000000), 20000);
    look(&outages, 125, 130, true);
    look(&outages, 135, 140, false);
    cr_expect_eq(outages_between(&outages, 0, 1000000), 25000 + 10000);
}

Test(outages, the_oldest_is_forgotten)
{
    struct outages outages = {0};
    for (int64_t i = 0; i < OUTAGES_KEPT + 3; i++) {
        look(&outages, 100 * i + 5, 100 * i + 10, true);
        look(&outages, 100 * i + 15, 100 * i + 20, false);
    }
    cr_expect_eq(outages.n, OUTAGES_KEPT);
    cr_expect_eq(outages.kept[0].from_ms, 310000, "%lld", (long long)outages.kept[0].from_ms);
    cr_expect_eq(outages.kept[0].to_ms, 405000);
}
