// SPDX-License-Identifier: Apache-2.0
#include "hub/observe/thing.h"
#include <stdlib.h>

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

const char *thing_name(enum thing thing)
{
    if ((unsigned)thing >= THING_COUNT)
        abort();
    return things[thing];
}
