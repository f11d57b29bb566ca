// SPDX-License-Identifier: Apache-2.0
// One line for a monitoring plug-in, with performance data, and the status that it ends with. Pure.
#pragma once
#include "hub/cli/health/report.h"

struct check_limits {
    int64_t warn_ms, crit_ms; // 0: not given
};

// "90", "90s", "5m", "2h", "1d" in milliseconds; -1 if it is none of these.
int64_t check_duration(const char *text);

// name is a thing ("force/kent"), a plural ("groups") or "all". What there is no knowing of is SEVERITY_UNKNOWN, and
// the line says why. Further lines, if there are, name what is wrong.
enum severity check_write(const struct report *report, const char *name, const struct check_limits *limits, FILE *out);
// The same line without any data: "SIGNALBOX UNKNOWN - ...".
void check_write_unknown(const char *why, FILE *out);
