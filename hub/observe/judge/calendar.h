// SPDX-License-Identifier: Apache-2.0
// The two things of the calendar that move an agency's week: British summer time, and the bank holidays of England and
// Wales. Pure; days and hours are counted from 1970-01-01 00:00 UTC.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// By how many hours clocks in the United Kingdom are ahead of UTC in this hour: 0 or 1.
int calendar_uk_ahead(int64_t hour);
// The first hour after this one in which that is different.
int64_t calendar_next_change(int64_t hour);
// Whether offices are closed on this day: bank holidays with their substitute days; Saturdays and Sundays are not
// named.
bool calendar_holiday(int64_t day);
// 0 Monday to 6 Sunday.
int calendar_weekday(int64_t day);
