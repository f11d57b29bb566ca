// SPDX-License-Identifier: Apache-2.0
// What a command sees: its arguments, its options (checked already), where to write, and how to end. A command is one
// row in commands.def and one function `int command_x(struct cli *cli)` in commands/; an option is one row in
// options.def.
#pragma once
#include "hub/kafka/kafka.h"
#include "hub/base/clock.h"
#include <jansson.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

// Exit statuses, from exits.def: COMMAND_OK, COMMAND_FAILED, COMMAND_USAGE, COMMAND_PARTLY, COMMAND_NOT_FOUND,
// COMMAND_NOT_PERMITTED, COMMAND_UNREACHABLE, COMMAND_INTERRUPTED.
enum command_status {
#define EXIT_STATUS(name, number, text) COMMAND_##name = number,
#include "hub/cli/exits.def"
#undef EXIT_STATUS
// Those of status, check and top, from exits_health.def: COMMAND_HEALTH_WELL to COMMAND_HEALTH_UNKNOWN.
#define EXIT_STATUS(name, number, text) COMMAND_HEALTH_##name = number,
#include "hub/cli/exits_health.def"
#undef EXIT_STATUS
};

enum option {
#define OPTION(id, name, letter, type, argument, initial, low, high, help) OPTION_##id,
#include "hub/cli/options.def"
#undef OPTION
    OPTION_COUNT
};

enum cli_format { CLI_TABLE, CLI_JSON, CLI_JSONL };

struct cli_values {
    const char **texts; // in the order given; the last one counts unless the option is a list
    size_t n;
};

struct cli {
    const struct command *command; // the row that was found
    const char *const *arguments;  // what is left beside noun, verb and options; as many as the row's text allows
    size_t n_arguments;
    struct kafka_settings kafka; // from --bootstrap, --prefix, --properties and -X; lives as long as the program
    enum cli_format format;      // -o
    bool quiet, verbose;
    FILE *out, *err; // results go to out, everything said to a person goes to err
    struct cli_values values[OPTION_COUNT];
};

#define COMMAND(noun, verb, function, ...) int function(struct cli *cli);
#include "hub/cli/commands.def"
#undef COMMAND

// Options. Asking for one that the command's row does not list aborts: it would do nothing.
bool option_given(const struct cli *cli, enum option option); // on the command line or in the environment
bool option_flag(const struct cli *cli, enum option option);
const char *option_text(const struct cli *cli, enum option option); // the row's initial value, or NULL, if not given
int64_t option_number(const struct cli *cli, enum option option);   // within the row's range
size_t option_list(const struct cli *cli, enum option option, const char *const **texts);

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

// Becomes true at the first SIGINT or SIGTERM; the second one ends the process at once. The first call installs the
// handlers.
const atomic_bool *cli_stop(void);

// A day as "2026-04-01", empty for 0.
json_t *cli_day(int64_t unix_ms);
// "2026-04-01T09:30:00.125Z", empty for 0.
json_t *cli_time(int64_t unix_ms);

// The whole of a file ("-" for standard input), terminated; at most max_bytes. NULL with a sentence. To be freed.
#define CLI_ERROR_BYTES 512
char *cli_read_file(const char *path, size_t max_bytes, size_t *len, char error[CLI_ERROR_BYTES]);
