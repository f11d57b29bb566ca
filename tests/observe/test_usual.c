// SPDX-License-Identifier: Apache-2.0
// What is usual: the mean of weeks, floods held down, two clocks after a change, Sundays on holidays.
#include "hub/observe/judge/extremes.h"
#include "hub/observe/judge/usual.h"
#include <criterion/criterion.h>
#include <math.h>

#define MONDAY(weeks) (INT64_C(20276) * 24 + (weeks)*USUAL_WEEK) // 0: 2025-07-07 00:00 UTC

static struct usual usual;

static void count(int64_t hour, unsigned n)
{
    while (n-- > 0)
        usual_count(&usual, hour);
}

// n a day at an hour, on all days or only on working days, from one hour up to another.
static void live(int64_t from, int64_t to, int64_t of_day, unsigned n, bool uk)
{
    for (int64_t hour = from; hour < to; hour++) {
        usual_open(&usual, hour);
        int64_t local = hour + (uk ? calendar_uk_ahead(hour) : 0);
        if (local % 24 == of_day && calendar_weekday(local / 24) < 5 && !calendar_holiday(local / 24))
            count(hour, n);
    }
}

static void expect(int64_t hour, double low, double high, const char *why)
{
    struct usual_rate rate = usual_rate(&usual, hour);
    cr_expect(fabs((double)rate.low - low) < 0.5 && fabs((double)rate.high - high) < 0.5, "%s: %.1f to %.1f", why,
        (double)rate.low, (double)rate.high);
}

Test(usual, an_hour_is_the_mean_of_the_same_hour_of_earlier_weeks)
{
    live(MONDAY(0) - 1, MONDAY(3), 9, 40, false);
    expect(MONDAY(3) + 9, 40, 40, "Monday at nine");
    expect(MONDAY(3) + 10, 0, 0, "Monday at ten");
    expect(MONDAY(3) + 24 + 9, 40, 40, "Tuesday at nine");
    expect(MONDAY(3) + 5 * 24 + 9, 0, 0, "Saturday at nine");
}

Test(usual, one_flood_is_held_down_to_what_the_next_greatest_week_makes_believable)
{
    live(MONDAY(0) - 1, MONDAY(3), 9, 10, false);
    usual_open(&usual, MONDAY(3) + 9);
    count(MONDAY(3) + 9, 5000);
    live(MONDAY(3) + 10, MONDAY(4), 9, 10, false);
    struct usual_rate rate = usual_rate(&usual, MONDAY(4) + 9);
    cr_expect((double)rate.low >= 10 && (double)rate.high < 16, "%.1f", (double)rate.high);
}

Test(usual, after_a_change_of_clocks_both_are_believed)
{
    // 2025-10-26 is the Sunday before week 16.
    live(MONDAY(8) - 1, MONDAY(16), 9, 40, true);
    expect(MONDAY(16) + 8, 0, 40, "eight UTC, where machines go on");
    expect(MONDAY(16) + 9, 0, 40, "nine UTC, where people go on");
    expect(MONDAY(16) + 10, 0, 0, "ten");
    live(MONDAY(16), MONDAY(25), 9, 40, true);
    expect(MONDAY(25) + 8, 0, 0, "two months later");
    expect(MONDAY(25) + 9, 40, 40, "two months later");
}

Test(usual, holidays_are_expected_to_be_like_sundays_or_like_the_day_and_teach_nothing)
{
    // 2025-08-25 is the Monday of week 7, a bank holiday.
    live(MONDAY(0) - 1, MONDAY(7), 9, 40, false);
    expect(MONDAY(7) + 9, 0, 40, "the holiday");
    live(MONDAY(7), MONDAY(8), 9, 40, false);
    cr_expect_eq(usual_counted(&usual, MONDAY(7) + 9), 0);
    expect(MONDAY(8) + 9, 40, 40, "the Monday after");
}

Test(usual, what_is_expected_between_two_times_and_when_it_is_reached_agree)
{
    live(MONDAY(0) - 1, MONDAY(3), 9, 40, false);
    int64_t from_ms = MONDAY(3) * USUAL_HOUR_MS;
    cr_expect_float_eq(usual_between(&usual, from_ms, from_ms + 24 * USUAL_HOUR_MS), 40, 0.01);
    cr_expect_float_eq(usual_between(&usual, from_ms, from_ms + 9 * USUAL_HOUR_MS + USUAL_HOUR_MS / 4), 10, 0.01);
    cr_expect_eq(usual_reaches_ms(&usual, from_ms, 10), from_ms + 9 * USUAL_HOUR_MS + USUAL_HOUR_MS / 4);
    cr_expect_eq(usual_reaches_ms(&usual, from_ms, 60), from_ms + 33 * USUAL_HOUR_MS + USUAL_HOUR_MS / 2);
    cr_expect_eq(usual_reaches_ms(&usual, from_ms, 1e9), INT64_MAX);
}

Test(extremes, a_limit_needs_days_lies_above_them_and_is_not_moved_by_one_outage)
{
    struct extremes extremes = {0};
    int64_t day = 20000;
    for (; day < 20005; day++) {
        extremes_take(&extremes, day, 1);
        extremes_take(&extremes, day, 10 + (double)(day % 3));
        cr_expect_eq((double)extremes.limit, 0);
    }
    for (; day < 20050; day++)
        extremes_take(&extremes, day, 10 + (double)(day % 3));
    double before = (double)extremes.limit;
    cr_expect(before > 12 && before < 36, "%.1f", before);
    extremes_take(&extremes, day++, 100000);
    extremes_take(&extremes, day++, 10);
    cr_expect((double)extremes.limit < 1.5 * before, "%.1f after %.1f", (double)extremes.limit, before);
    extremes_take(&extremes, day + 200, 3);
    cr_expect_eq((double)extremes.limit, 0, "all forgotten");
}
