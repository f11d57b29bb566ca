// SPDX-License-Identifier: Apache-2.0
// The things of one kind in the order in which somebody should look at them.
#pragma once
#include "hub/cli/health/report.h"

struct order_row {
    const struct health_view_thing *thing;
    int64_t pain; // what its duration adds, of equal severity
};

// Worst first: by severity, then by the duration that hurts (the one that `check` compares), then by name. To be freed.
struct order_row *order_things(const struct report *report, enum thing of, size_t *n);
