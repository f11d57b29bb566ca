// SPDX-License-Identifier: Apache-2.0
// The options' table, and what a command asks of it. Values have been checked before a command runs, so nothing here
// can fail; asking for an option that the command does not list is a programmer's mistake and ends the process.
#include "hub/cli/frame/command.h"
#include <ctype.h>
#include <stdlib.h>

static const struct option_row options[] = {
#define OPTION(id, name, letter, type, argument, initial, low, high, help)                                             \
    [OPTION_##id] = {name, letter, OPTION_TYPE_##type, argument, initial, low, high, help},
#include "hub/cli/options.def"
#undef OPTION
};

const struct option_row *option_row(enum option option)
{
    return &options[option];
}

enum option option_by_name(const char *name, size_t len)
{
    for (enum option option = 0; option < OPTION_COUNT; option++)
        if (strlen(options[option].name) == len && memcmp(options[option].name, name, len) == 0)
            return option;
    return OPTION_COUNT;
}

enum option option_by_letter(char letter)
{
    for (enum option option = 0; option < OPTION_COUNT; option++)
        if (letter && options[option].letter == letter)
            return option;
    return OPTION_COUNT;
}

bool option_environment(enum option option, char *name, size_t size)
{
    const struct option_row *row = &options[option];
    if (row->type == OPTION_TYPE_FLAG || row->type == OPTION_TYPE_LIST)
        return false;
    snprintf(name, size, "SIGNALBOX_%s", row->name);
    for (char *c = name; *c; c++)
        *c = (char)(*c == '-' ? '_' : toupper((unsigned char)*c));
    return true;
}

static const struct cli_values *values_of(const struct cli *cli, enum option option)
{
    if (!command_takes(cli->command, option))
        abort();
    return &cli->values[option];
}

bool option_given(const struct cli *cli, enum option option)
{
    return values_of(cli, option)->n > 0;
}

bool option_flag(const struct cli *cli, enum option option)
{
    return option_given(cli, option);
}

const char *option_text(const struct cli *cli, enum option option)
{
    const struct cli_values *values = values_of(cli, option);
    return values->n ? values->texts[values->n - 1] : options[option].initial;
}

int64_t option_number(const struct cli *cli, enum option option)
{
    const char *text = option_text(cli, option);
    return text ? strtoll(text, NULL, 10) : options[option].low;
}

size_t option_list(const struct cli *cli, enum option option, const char *const **texts)
{
    const struct cli_values *values = values_of(cli, option);
    *texts = values->texts;
    return values->n;
}
