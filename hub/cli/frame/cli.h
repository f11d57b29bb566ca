// SPDX-License-Identifier: Apache-2.0
// What a command sees: its arguments, its options (checked already), where to write, and how to end.
#pragma once
#include "hub/cli/frame/exits.h"
#include "hub/cli/frame/option.h"
#include "hub/kafka/kafka.h"
#include <jansson.h>
#include <stdio.h>

enum cli_format { CLI_TABLE, CLI_JSON, CLI_JSONL };

struct cli_values {
    const char **texts; // in the order given; the last one counts unless the option is a list
    size_t n, room;
};

struct cli {
    const struct command *command; // the row that was found
    const char *const *arguments;  // what is left beside noun, verb and options; as many as the row's text allows
    size_t n_arguments;
    struct kafka_settings kafka; // from --bootstrap, --prefix, --properties and -X; lives as long as the program
    size_t properties_room;      // of the list in kafka
    enum cli_format format;      // -o
    bool quiet, verbose;
    FILE *out, *err; // results go to out, everything said to a person goes to err
    struct cli_values values[OPTION_COUNT];
};

// The argument at a place, or NULL if it was left out.
const char *cli_argument(const struct cli *cli, size_t place);

// A line for a person, on err; silent under --quiet. The line feed is added.
void cli_say(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
// "signalbox: <sentence>" on err, quiet or not. Returns status, so that a command ends with `return cli_fail(...)`.
int cli_fail(const struct cli *cli, enum command_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// The same with the error's sentence, and the status of its cause.
int cli_fail_kafka(const struct cli *cli, const struct error *error);
enum command_status cli_kafka_status(enum cause cause);

// Asks "<question> [y/N]" on a terminal. With --yes always true; without a terminal false, and says that --yes is
// needed. The command's row must list OPTION_YES.
bool cli_confirm(const struct cli *cli, const char *question);

// True when err is a terminal that a person looks at: progress may be drawn. Never under --quiet.
bool cli_is_terminal(const struct cli *cli);
