// SPDX-License-Identifier: Apache-2.0
// What changed from one snapshot to the next, as the event that pages listen to.
#pragma once
#include "hub/observe/health.h"

// {"number", "at_ms", "severity", "troubles": {"critical", "warning", "unknown"}, "changed": [...]} in one line:
// changed has the names of the things whose verdict is another than in before, or that came or went; it is null if
// before is NULL, which means that everything may have changed. To be freed; NULL without memory.
char *health_changes_text(const struct health *before, const struct health *now);
