// SPDX-License-Identifier: Apache-2.0
// Commands: the rows of commands.def. A command is one row there and one function `int command_x(struct cli *cli)` in
// commands/, which returns its exit status.
#pragma once
#include "hub/cli/frame/cli.h"

struct command {
    const char *noun, *verb; // verb is NULL if the noun stands alone
    int (*run)(struct cli *cli);
    const char *arguments, *summary, *details;
    const enum option *options; // ends with OPTION_COUNT
};

#define COMMAND(noun, verb, function, ...) int function(struct cli *cli);
#include "hub/cli/commands.def"
#undef COMMAND

size_t command_rows(const struct command **rows);
const struct command *command_find(const char *noun, const char *verb); // NULL if there is none; verb may be NULL
bool command_has_noun(const char *noun);
bool command_takes(const struct command *command, enum option option);
// "topics apply", or "hub".
void command_name(const struct command *command, char *name, size_t size);
// How many arguments the row's text allows.
void command_arity(const struct command *command, size_t *least, size_t *most);
// Whether it is a service, which goes on without what it has no memory for.
bool command_is_daemon(const struct command *command);
// Whether it ends as monitoring plug-ins do (HEALTH_STATUS in exits.def) rather than as all others do.
bool command_is_plugin(const struct command *command); // takes NULL
