// SPDX-License-Identifier: Apache-2.0
// Subscriptions of a file.
#pragma once
#include "hub/cli/commands/officer.h"
#include "hub/control/subscription_plan.h"

struct subscription_file {
    Signalbox__V1__Subscription **rows; // in the arena, in order of force and name, each once
    unsigned *lines;                    // where each stands, beside rows
    size_t n;
};

// Reads JSON lines. Every line that is wrong is said, with its number. COMMAND_OK or the status to end with.
int subscription_file_read(
    const struct cli *cli, const char *path, struct subscription_file *file, struct arena *arena);
