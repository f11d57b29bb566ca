// SPDX-License-Identifier: Apache-2.0
// The table in outcomes.def as rows that can be looked up by number and by code.
#include "hub/contract/outcome.h"
#include "hub/contract/refusal.h"
#include <stdlib.h>
#include <string.h>

_Static_assert(OUTCOME_COUNT <= OUTCOMES_MAX, "raise OUTCOMES_MAX in refusal.h");

static const struct outcome_row rows[OUTCOME_COUNT] = {
#define OUTCOME(code, verdict, text, remedy)                                                                           \
    [OUTCOME_##code] = {#code, SIGNALBOX__V1__VERDICT__VERDICT_##verdict, text, remedy},
#include "hub/contract/outcomes.def"
#undef OUTCOME
};

const struct outcome_row *outcome_row(enum outcome outcome)
{
    if ((unsigned)outcome >= OUTCOME_COUNT)
        abort();
    return &rows[outcome];
}

enum outcome outcome_by_code(const char *code)
{
    for (unsigned i = 0; i < OUTCOME_COUNT; i++)
        if (strcmp(rows[i].code, code) == 0)
            return (enum outcome)i;
    return OUTCOME_COUNT;
}
