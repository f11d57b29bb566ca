// SPDX-License-Identifier: Apache-2.0
// R10: a second thread that ends the process when a call into the library does not come back in time.
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define WATCH_EXIT 70

struct watch;

// NULL if no thread can be started.
struct watch *watch_new(uint32_t bound_ms);
struct watch *watch_free(struct watch *watch);

// call is static; what it names must come back (or make progress) within the bound.
void watch_enter(struct watch *watch, const char *call);
void watch_progress(struct watch *watch);
void watch_leave(struct watch *watch);
