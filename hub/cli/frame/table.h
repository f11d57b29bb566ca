// SPDX-License-Identifier: Apache-2.0
// The rows of commands.def, options.def and exits.def, as the frame reads them: parsing, help, manual page and
// completion all come from here.
#pragma once
#include "hub/cli/frame/command.h"

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

#define OPTION_LAST_COMMON OPTION_VERSION
#define OPTION_LAST_KAFKA  OPTION_PROPERTIES // of the common ones: what only commands that ask Kafka make use of

const struct option_row *option_row(enum option option);
enum option option_by_name(const char *name, size_t len); // OPTION_COUNT if there is none
enum option option_by_letter(char letter);
// The name of its environment variable; false if it has none (flags, lists, and what is not a setting).
bool option_environment(enum option option, char *name, size_t size);

struct command {
    const char *noun, *verb; // verb is NULL if the noun stands alone
    int (*run)(struct cli *cli);
    const char *arguments, *summary, *details;
    const enum option *options; // ends with OPTION_COUNT
};

size_t command_rows(const struct command **rows);
const struct command *command_find(const char *noun, const char *verb); // NULL if there is none; verb may be NULL
bool command_has_noun(const char *noun);
bool command_takes(const struct command *command, enum option option);
// "topics apply", or "hub".
void command_name(const struct command *command, char *name, size_t size);
// How many arguments the row's text allows.
void command_arity(const struct command *command, size_t *least, size_t *most);

// The nearest noun, or verb of noun if that is not NULL, or option; NULL if nothing is near.
const char *suggest_word(const char *noun, const char *word);
const char *suggest_option(const char *name, size_t len);
// How many letters to change, add, drop or swap; SIZE_MAX if one is too long to be meant.
size_t suggest_distance(const char *word, const char *candidate);

struct exit_row {
    const char *name;
    int number;
    const char *text;
};
// What a command may end with; NULL for commands in general.
size_t exit_rows(const struct command *command, const struct exit_row **rows);
// Whether it ends as monitoring plug-ins do (exits_health.def) rather than as all others do (exits.def).
bool command_is_plugin(const struct command *command); // takes NULL
