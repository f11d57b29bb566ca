// SPDX-License-Identifier: Apache-2.0
// A figure of health.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A number that may not be known. Unknown is never shown as zero: "?" and "not permitted" in text, null in JSON, no
// sample in metrics.
enum figure_state { FIGURE_UNKNOWN, FIGURE_KNOWN, FIGURE_NOT_PERMITTED };
struct figure {
    enum figure_state state;
    int64_t value;
};
static inline struct figure figure_of(int64_t value)
{
    return (struct figure){FIGURE_KNOWN, value};
}
