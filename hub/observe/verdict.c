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

static const char *const things[THING_COUNT] = {
    [THING_GROUP] = "group",
    [THING_TOPIC] = "topic",
    [THING_SOURCE] = "source",
    [THING_FORCE] = "force",
    [THING_LANE] = "lane",
    [THING_PROCESS] = "process",
    [THING_BROKER] = "broker",
    [THING_CONTROL] = "control",
    [THING_KEY] = "key",
    [THING_QUARANTINE] = "quarantine",
    [THING_CANARY] = "canary",
    [THING_LEDGER] = "ledger",
};

static const char *const severities[] = {"ok", "warning", "critical", "unknown"};
static const int pains[] = {[SEVERITY_OK] = 0, [SEVERITY_WARNING] = 1, [SEVERITY_UNKNOWN] = 2, [SEVERITY_CRITICAL] = 3};

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

const char *severity_name(enum severity severity)
{
    if ((unsigned)severity > SEVERITY_UNKNOWN)
        abort();
    return severities[severity];
}

const char *thing_name(enum thing thing)
{
    if ((unsigned)thing >= THING_COUNT)
        abort();
    return things[thing];
}

int severity_pain(enum severity severity)
{
    if ((unsigned)severity > SEVERITY_UNKNOWN)
        abort();
    return pains[severity];
}

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
    int pain_a = severity_pain(verdict_severity(a)), pain_b = severity_pain(verdict_severity(b));
    if (pain_a != pain_b)
        return pain_a > pain_b ? a : b;
    return a > b ? a : b;
}
