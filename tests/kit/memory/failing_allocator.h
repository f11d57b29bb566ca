// SPDX-License-Identifier: Apache-2.0
// Memory that runs out where a test says so. A program that is linked with kit_memory gets its malloc, calloc, realloc
// and strdup from here, and so do the libraries that it uses; they are the system's (or the sanitizer's) until a
// failure is asked for, and in the thread that asked for it only.
//
//     for (size_t nth = 1; failed; nth++) {
//         failing_allocator_begin(nth, 1);
//         made = thing_new();
//         failed = failing_allocator_end();
//     }
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define FAILING_ALLOCATOR_ALL ((size_t)-1)

// From the nth allocation of this thread on, counted from 1, so many give NULL: 1 for that one only,
// FAILING_ALLOCATOR_ALL for all that follow too.
void failing_allocator_begin(size_t nth, size_t failures);
// Allocations succeed again. Whether one failed: false says that there are fewer than n.
bool failing_allocator_end(void);
