// SPDX-License-Identifier: Apache-2.0
// Times as JSON texts that people read, too.
#pragma once
#include <jansson.h>
#include <stdint.h>

// A day as "2026-04-01", empty for 0.
json_t *json_day(int64_t unix_ms);
// "2026-04-01T09:30:00.125Z", empty for 0.
json_t *json_time(int64_t unix_ms);
