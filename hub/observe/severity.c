// SPDX-License-Identifier: Apache-2.0
#include "hub/observe/severity.h"
#include <stdlib.h>

static const char *const severities[] = {"ok", "warning", "critical", "unknown"};
static const int pains[] = {[SEVERITY_OK] = 0, [SEVERITY_WARNING] = 1, [SEVERITY_UNKNOWN] = 2, [SEVERITY_CRITICAL] = 3};

const char *severity_name(enum severity severity)
{
    if ((unsigned)severity > SEVERITY_UNKNOWN)
        abort();
    return severities[severity];
}

int severity_pain(enum severity severity)
{
    if ((unsigned)severity > SEVERITY_UNKNOWN)
        abort();
    return pains[severity];
}
