// SPDX-License-Identifier: Apache-2.0
// How a command ends, from exits.def.
#pragma once
#include <stddef.h>

// COMMAND_OK, COMMAND_FAILED, COMMAND_USAGE, COMMAND_PARTLY, COMMAND_NOT_FOUND, COMMAND_NOT_PERMITTED,
// COMMAND_UNREACHABLE, COMMAND_INTERRUPTED; those of status, check and top are COMMAND_HEALTH_WELL to
// COMMAND_HEALTH_UNKNOWN, and COMMAND_HEALTH_INTERRUPTED.
enum command_status {
#define EXIT_STATUS(name, number, text)   COMMAND_##name = number,
#define HEALTH_STATUS(name, number, text) COMMAND_HEALTH_##name = number,
#include "hub/cli/exits.def"
#undef EXIT_STATUS
#undef HEALTH_STATUS
};

struct exit_row {
    const char *name;
    int number;
    const char *text;
};

struct command;
// What a command may end with; NULL for commands in general.
size_t exit_rows(const struct command *command, const struct exit_row **rows);
