// SPDX-License-Identifier: Apache-2.0
// The table of verdicts, and the one order that everything is sorted by: pain.
#include "hub/observe/verdict.h"
#include <stdlib.h>

static const struct verdict_row rows[] = {
#define VERDICT(id, of, severity, word, meaning, remedy)                                                               \
    [VERDICT_##id] = {#id, THING_##of, SEVERITY_##severity, word, meaning, remedy},
#include "hub/observe/verdicts.def"
#undef VERDICT
};

const struct verdict_row *verdict_row(enum verdict verdict)
{
    if ((unsigned)verdict >= VERDICT_COUNT)
        abort();
    return &rows[verdict];
}

enum severity verdict_severity(enum verdict verdict)
{
    return verdict_row(verdict)->severity;
}

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
    int pain_a = severity_pain(verdict_severity(a)), pain_b = severity_pain(verdict_severity(b));
    if (pain_a != pain_b)
        return pain_a > pain_b ? a : b;
    return a > b ? a : b;
}
