// SPDX-License-Identifier: Apache-2.0
// Amounts for people: short, with a unit. Lengths of time are hub/base/duration.h's.
#pragma once
#include <stdint.h>

#define NUMBERS_BYTES 48

// "1,234,567".
const char *numbers_count(int64_t count, char text[NUMBERS_BYTES]);
// "1.5 MiB".
const char *numbers_bytes(int64_t bytes, char text[NUMBERS_BYTES]);
// "2026-11-23 14:03:22 UTC", as everywhere: those who compare notes sit in different places. "never" for 0.
const char *numbers_moment(int64_t unix_ms, char text[NUMBERS_BYTES]);
