// SPDX-License-Identifier: Apache-2.0
// Lengths of time for people, by one rule wherever they are read: console, status, check and top.
#pragma once
#include <stdint.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

#define DURATION_BYTES 24

// "840 ms", "2.5 s", "119 s", "3 min", "2 h", "30 d": the greatest unit that there are two of, rounded down; tenths
// below 10 s. Ten columns up to 9,999,999 days. Negative ones begin with a minus.
const char *duration_text(int64_t ms, char text[DURATION_BYTES]);
