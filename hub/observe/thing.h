// SPDX-License-Identifier: Apache-2.0
// The kinds of things that health speaks of.
#pragma once

enum thing {
    THING_GROUP,
    THING_TOPIC,
    THING_SOURCE,
    THING_FORCE,
    THING_LANE,
    THING_PROCESS,
    THING_BROKER,
    THING_CONTROL,
    THING_KEY,
    THING_QUARANTINE,
    THING_CANARY,
    THING_LEDGER,
    THING_COUNT
};

const char *thing_name(enum thing thing); // "group", "topic", ...
