// SPDX-License-Identifier: Apache-2.0
// What the tables say, for people: help, the manual page, completion.
#pragma once
#include "hub/cli/frame/table.h"

void help_overview(FILE *out);
void help_noun(FILE *out, const char *noun);
void help_command(FILE *out, const struct command *command);
// "default 8, 1 to 1024", or empty.
void help_range(const struct option_row *row, char *text, size_t size);

void man_write(FILE *out);
void completion_write(FILE *out, const char *shell); // bash, zsh or fish

// Versions of the program and of the libraries that run.
int version_write(const struct cli *cli);
const char *version_text(void); // of the program
