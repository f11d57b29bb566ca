// SPDX-License-Identifier: Apache-2.0
// Options: the rows of options.def, and what was given of them. Parsing, help, manual page and completion read the
// rows; a command asks for values, which have been checked before it runs.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option {
#define OPTION(id, name, letter, type, argument, initial, low, high, help) OPTION_##id,
#include "hub/cli/options.def"
#undef OPTION
    OPTION_COUNT
};

#define OPTION_LAST_COMMON OPTION_VERSION
#define OPTION_LAST_KAFKA  OPTION_PROPERTIES // of the common ones: what only commands that ask Kafka make use of

enum option_type { OPTION_TYPE_FLAG, OPTION_TYPE_TEXT, OPTION_TYPE_NUMBER, OPTION_TYPE_CHOICE, OPTION_TYPE_LIST };

struct option_row {
    const char *name;
    char letter; // 0 if none
    enum option_type type;
    const char *argument; // NULL for a flag; the words split at | for a choice
    const char *initial;  // NULL if none
    int64_t low, high;
    const char *help;
};

const struct option_row *option_row(enum option option);
enum option option_by_name(const char *name, size_t len); // OPTION_COUNT if there is none
enum option option_by_letter(char letter);
// The name of its environment variable; false if it has none (flags, lists, and what is not a setting).
bool option_environment(enum option option, char *name, size_t size);

// What was given. Asking for an option that the command's row does not list aborts: it would do nothing.
struct cli;
bool option_given(const struct cli *cli, enum option option); // on the command line or in the environment
bool option_flag(const struct cli *cli, enum option option);
const char *option_text(const struct cli *cli, enum option option); // the row's initial value, or NULL, if not given
int64_t option_number(const struct cli *cli, enum option option);   // within the row's range
size_t option_list(const struct cli *cli, enum option option, const char *const **texts);
