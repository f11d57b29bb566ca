// SPDX-License-Identifier: Apache-2.0
// The two clocks of a machine, for the rooms that may ask for one. The decision may not: its time is the broker's.
#pragma once
#include <stdint.h>
#include <time.h>

// Unix milliseconds: for records, pages and people. May be set back or forward by whoever runs the machine.
int64_t clock_wall_ms(void);
// Milliseconds that only go forward, from some point on: for deadlines and lengths of time. Never to be kept or shown.
int64_t clock_steady_ms(void);

// The moment so many milliseconds from now, for calls that wait until one: of the steady clock for condition variables
// made with CLOCK_MONOTONIC, of the wall clock for all others.
struct timespec clock_steady_after(int64_t ms);
struct timespec clock_wall_after(int64_t ms);
