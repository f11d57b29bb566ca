// SPDX-License-Identifier: Apache-2.0
// The commands' table: finding a row, and reading how many arguments its text allows.
#include "hub/cli/frame/command.h"

static const struct command commands[] = {
#define COMMAND(noun, verb, function, arguments, summary, details, ...)                                                \
    {noun, verb, function, arguments, summary, details, (const enum option[]){__VA_ARGS__ __VA_OPT__(, ) OPTION_COUNT}},
#include "hub/cli/commands.def"
#undef COMMAND
};

#define N_COMMANDS (sizeof commands / sizeof *commands)

size_t command_rows(const struct command **rows)
{
    *rows = commands;
    return N_COMMANDS;
}

bool command_is_daemon(const struct command *command)
{
    return command->run == command_hub || command->run == command_console;
}

bool command_is_plugin(const struct command *command)
{
    return command && (command->run == command_status || command->run == command_check || command->run == command_top);
}

const struct command *command_find(const char *noun, const char *verb)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        bool verbs_agree = commands[i].verb ? verb && strcmp(commands[i].verb, verb) == 0 : verb == NULL;
        if (verbs_agree && strcmp(commands[i].noun, noun) == 0)
            return &commands[i];
    }
    return NULL;
}

bool command_has_noun(const char *noun)
{
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i].noun, noun) == 0)
            return true;
    return false;
}

bool command_takes(const struct command *command, enum option option)
{
    if (option <= OPTION_LAST_COMMON)
        return true;
    for (const enum option *o = command->options; *o != OPTION_COUNT; o++)
        if (*o == option)
            return true;
    return false;
}

void command_name(const struct command *command, char *name, size_t size)
{
    snprintf(name, size, "%s%s%s", command->noun, command->verb ? " " : "", command->verb ? command->verb : "");
}

void command_arity(const struct command *command, size_t *least, size_t *most)
{
    *least = *most = 0;
    for (const char *word = command->arguments; *word; word += strspn(word, " ")) {
        size_t len = strcspn(word, " ");
        *least += *word != '[';
        bool many = len > 3 && memmem(word, len, "...", 3) != NULL;
        *most = many || *most == SIZE_MAX ? SIZE_MAX : *most + 1;
        word += len;
    }
}
