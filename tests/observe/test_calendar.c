// SPDX-License-Identifier: Apache-2.0
// Bank holidays and summer time against the dates that were published for some years.
#include "hub/observe/judge/calendar.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

static int64_t day_of(const char *text)
{
    struct tm tm = {0};
    sscanf(text, "%d-%d-%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
    tm.tm_year -= 1900;
    tm.tm_mon--;
    return timegm(&tm) / 86400;
}

// Weekdays only, as published; what was proclaimed once is left out.
static const char *const holidays[] = {
    "2021-01-01",
    "2021-04-02",
    "2021-04-05",
    "2021-05-03",
    "2021-05-31",
    "2021-08-30",
    "2021-12-27",
    "2021-12-28",
    "2023-01-02",
    "2023-04-07",
    "2023-04-10",
    "2023-05-01",
    "2023-05-29",
    "2023-08-28",
    "2023-12-25",
    "2023-12-26",
    "2025-01-01",
    "2025-04-18",
    "2025-04-21",
    "2025-05-05",
    "2025-05-26",
    "2025-08-25",
    "2025-12-25",
    "2025-12-26",
    "2026-01-01",
    "2026-04-03",
    "2026-04-06",
    "2026-05-04",
    "2026-05-25",
    "2026-08-31",
    "2026-12-25",
    "2026-12-28",
    "2028-01-03",
    "2028-04-14",
    "2028-04-17",
    "2028-05-01",
    "2028-05-29",
    "2028-08-28",
    "2028-12-25",
    "2028-12-26",
};

Test(calendar, working_days_without_work_are_the_published_ones)
{
    static const char *const years[] = {"2021", "2023", "2025", "2026", "2028"};
    size_t n = 0;
    for (size_t y = 0; y < 5; y++) {
        char first[16];
        snprintf(first, sizeof first, "%s-01-01", years[y]);
        int64_t from = day_of(first);
        for (int64_t day = from; day < from + 365; day++)
            n += calendar_holiday(day) && calendar_weekday(day) < 5;
    }
    for (size_t i = 0; i < sizeof holidays / sizeof *holidays; i++)
        cr_expect(calendar_holiday(day_of(holidays[i])), "%s", holidays[i]);
    cr_expect_eq(n, sizeof holidays / sizeof *holidays);
}

Test(calendar, weekdays_are_counted_from_monday)
{
    cr_expect_eq(calendar_weekday(0), 3);
    cr_expect_eq(calendar_weekday(day_of("2026-11-23")), 0);
    cr_expect_eq(calendar_weekday(day_of("2024-02-29")), 3);
    cr_expect_eq(calendar_weekday(day_of("2025-10-26")), 6);
}

Test(calendar, summer_time_is_from_the_last_sunday_of_march_to_that_of_october_at_one)
{
    static const struct {
        const char *day;
        int hour, ahead;
    } rows[] = {
        {"2025-03-30", 0, 0},
        {"2025-03-30", 1, 1},
        {"2025-10-26", 0, 1},
        {"2025-10-26", 1, 0},
        {"2026-03-29", 1, 1},
        {"2026-10-25", 0, 1},
        {"2026-10-25", 1, 0},
        {"2024-03-31", 0, 0},
        {"2024-03-31", 1, 1},
        {"2024-02-29", 12, 0},
        {"2026-12-31", 23, 0},
        {"2027-01-01", 0, 0},
        {"2026-07-01", 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t hour = day_of(rows[i].day) * 24 + rows[i].hour, next = calendar_next_change(hour);
        cr_expect_eq(calendar_uk_ahead(hour), rows[i].ahead, "%s %d", rows[i].day, rows[i].hour);
        cr_expect(
            next > hour && calendar_uk_ahead(next) != rows[i].ahead && calendar_uk_ahead(next - 1) == rows[i].ahead);
    }
}
