// SPDX-License-Identifier: Apache-2.0
// Amounts for people: short, with a unit.
#pragma once
#include <stdint.h>

#define AMOUNT_BYTES 48

// "840 ms", "12 s", "3 min", "2 h 10 min", "4 d 3 h", "30 d": ten columns up to 9,999,999 days. Negative ones begin with a minus.
const char *amount_duration(int64_t ms, char text[AMOUNT_BYTES]);
// "1,234,567".
const char *amount_count(int64_t count, char text[AMOUNT_BYTES]);
// "1.5 MiB".
const char *amount_bytes(int64_t bytes, char text[AMOUNT_BYTES]);
// "2026-11-23 14:03:22 GMT" in the machine's time zone; "never" for 0.
const char *amount_moment(int64_t unix_ms, char text[AMOUNT_BYTES]);
