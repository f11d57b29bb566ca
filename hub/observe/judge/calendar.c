// SPDX-License-Identifier: Apache-2.0
// Summer time and bank holidays by their rules, so that no table has to be kept up to date. Holidays that are
// proclaimed once (a coronation) are not known, and look like a quiet working day.
#include "hub/observe/judge/calendar.h"

struct date {
    int64_t year;
    int month, day; // from 1
};

int calendar_weekday(int64_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7); // 1970-01-01 was a Thursday
}

// Days of years that begin in March: the leap day is then the last one.
static int64_t day_of(struct date date)
{
    int64_t year = date.month < 3 ? date.year - 1 : date.year;
    int64_t month = date.month < 3 ? date.month + 9 : date.month - 3;
    return year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + date.day - 719469;
}

static struct date date_of(int64_t day)
{
    int64_t year = (day + 719468) * 400 / 146097;
    while (day_of((struct date){year + 1, 3, 1}) <= day)
        year++;
    while (day_of((struct date){year, 3, 1}) > day)
        year--;
    int64_t rest = day - day_of((struct date){year, 3, 1});
    int64_t month = (rest * 5 + 2) / 153;
    return (struct date){
        year + (month > 9), (int)(month < 10 ? month + 3 : month - 9), (int)(rest - (month * 153 + 2) / 5 + 1)};
}

static int64_t last_sunday(int64_t year, int month)
{
    int64_t last = day_of((struct date){year, month, 31});
    return last - (calendar_weekday(last) + 1) % 7;
}

// Both changes come at 01:00 UTC.
static int64_t change_day(int64_t year, int month)
{
    return last_sunday(year, month) * 24 + 1;
}

int calendar_uk_ahead(int64_t hour)
{
    int64_t year = date_of(hour / 24).year;
    return hour >= change_day(year, 3) && hour < change_day(year, 10);
}

int64_t calendar_next_change(int64_t hour)
{
    int64_t year = date_of(hour / 24).year;
    return hour < change_day(year, 3)    ? change_day(year, 3)
           : hour < change_day(year, 10) ? change_day(year, 10)
                                         : change_day(year + 1, 3);
}

// Easter Sunday of the Gregorian calendar, after Gauss in the form of Meeus, Jones and Butcher.
static int64_t easter_day(int64_t year)
{
    int64_t golden = year % 19, century = year / 100, rest = year % 100;
    int64_t moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    int64_t week = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
    int64_t late = (golden + 11 * moon + 22 * week) / 451;
    int64_t sum = moon + week - 7 * late + 114;
    return day_of((struct date){year, (int)(sum / 31), (int)(sum % 31 + 1)});
}

// Christmas, Boxing Day and New Year's Day, and the days in lieu of those that fell on a weekend.
static bool around_new_year(struct date date, int weekday)
{
    if (date.month == 12)
        return date.day == 25 || date.day == 26 || ((date.day == 27 || date.day == 28) && weekday < 2);
    return date.month == 1 && (date.day == 1 || ((date.day == 2 || date.day == 3) && weekday == 0));
}

bool calendar_holiday(int64_t day)
{
    struct date date = date_of(day);
    int weekday = calendar_weekday(day);
    int64_t sunday = easter_day(date.year);
    if (around_new_year(date, weekday) || day == sunday - 2 || day == sunday + 1)
        return true;
    bool last = date.day > 24; // of 31 days
    return weekday == 0 && ((date.month == 5 && (date.day <= 7 || last)) || (date.month == 8 && last));
}
