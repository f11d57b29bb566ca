// SPDX-License-Identifier: Apache-2.0
#include "hub/cli/frame/exits.h"
#include "hub/cli/frame/command.h"

static const struct exit_row exits[] = {
#define EXIT_STATUS(name, number, text) {#name, number, text},
#define HEALTH_STATUS(name, number, text)
#include "hub/cli/exits.def"
#undef EXIT_STATUS
#undef HEALTH_STATUS
};

static const struct exit_row plugin_exits[] = {
#define EXIT_STATUS(name, number, text)
#define HEALTH_STATUS(name, number, text) {#name, number, text},
#include "hub/cli/exits.def"
#undef EXIT_STATUS
#undef HEALTH_STATUS
};

size_t exit_rows(const struct command *command, const struct exit_row **rows)
{
    *rows = command_is_plugin(command) ? plugin_exits : exits;
    return command_is_plugin(command) ? sizeof plugin_exits / sizeof *plugin_exits : sizeof exits / sizeof *exits;
}
