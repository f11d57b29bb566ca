// SPDX-License-Identifier: Apache-2.0
// How bad something is, as monitoring has it.
#pragma once

enum severity { SEVERITY_OK, SEVERITY_WARNING, SEVERITY_CRITICAL, SEVERITY_UNKNOWN };

const char *severity_name(enum severity severity); // "ok", "warning", "critical", "unknown"
// How bad, for sorting and for the whole: 0 ok, 1 warning, 2 unknown, 3 critical.
int severity_pain(enum severity severity);
