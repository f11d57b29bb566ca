// SPDX-License-Identifier: Apache-2.0
// The snapshot as Prometheus text (version 0.0.4).
#pragma once
#include "hub/observe/health.h"

struct metrics_settings {
    bool kafka_compatible; // also the families that kafka_exporter and the lag exporters have: off where one of them
                           // runs already
};

// The text, terminated, which is the caller's to free; *len is its length. NULL without memory.
char *metrics_text(const struct health *health, const struct metrics_settings *settings, size_t *len);
