// SPDX-License-Identifier: Apache-2.0
// From a command line to a struct cli whose every option and argument is checked.
#pragma once
#include "hub/cli/frame/cli.h"

enum parse_result {
    PARSE_COMMAND, // run cli->command
    PARSE_HELP,    // explain noun and verb of cli->arguments (none: everything)
    PARSE_VERSION,
    PARSE_WRONG, // error says what
};

// cli is overwritten; whatever comes of it, parse_free it. argv must outlive it.
enum parse_result parse_command_line(struct cli *cli, int argc, char **argv, struct error *error);
void parse_free(struct cli *cli);
