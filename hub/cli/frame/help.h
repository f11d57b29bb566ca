// SPDX-License-Identifier: Apache-2.0
// What the tables say, for people.
#pragma once
#include "hub/cli/frame/command.h"

void help_overview(FILE *out);
void help_noun(FILE *out, const char *noun);
void help_command(FILE *out, const struct command *command);
// "default 8, 1 to 1024", or empty.
void help_range(const struct option_row *row, char *text, size_t size);
