// SPDX-License-Identifier: Apache-2.0
// R10: a second thread that ends the process when a call into the library does not come back in time.
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define WATCHDOG_EXIT 70

struct watchdog;

// NULL if no thread can be started.
struct watchdog *watchdog_new(uint32_t bound_ms);
struct watchdog *watchdog_free(struct watchdog *watchdog);

// call is static; what it names must come back (or make progress) within the bound.
void watchdog_enter(struct watchdog *watchdog, const char *call);
void watchdog_progress(struct watchdog *watchdog);
void watchdog_leave(struct watchdog *watchdog);
