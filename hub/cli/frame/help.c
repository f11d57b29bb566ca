// SPDX-License-Identifier: Apache-2.0
// Help pages, wrapped for a terminal of 100 columns, from the same rows that parse the command line.
#include "hub/cli/frame/help.h"
#include "hub/cli/frame/text.h"
#include <stdlib.h>

#define WIDTH         100
#define OPTION_COLUMN 30

void help_range(const struct option_row *row, char *text, size_t size)
{
    size_t len = 0;
    text[0] = 0;
    if (row->initial && *row->initial)
        len = (size_t)snprintf(text, size, "default %s", row->initial);
    if (row->type == OPTION_TYPE_NUMBER)
        snprintf(text + len, size - len, "%s%lld to %lld", len ? ", " : "", (long long)row->low, (long long)row->high);
}

// Wrapped behind what stands on the line already, which takes indent columns.
static void write_hanging(FILE *out, const char *text, size_t indent)
{
    char *wrapped = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&wrapped, &size);
    if (!memory)
        return;
    text_wrap(memory, text, indent, WIDTH);
    fclose(memory);
    fputs(size > indent ? wrapped + indent : "\n", out);
    free(wrapped);
}

static void write_option(FILE *out, enum option option)
{
    const struct option_row *row = option_row(option);
    char name[96], range[96], help[512];
    char letter[8] = "    ";
    if (row->letter)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    int len = snprintf(name, sizeof name, "  %s--%s%s%s", letter, row->name, row->argument ? " " : "",
        row->argument ? row->argument : "");
    help_range(row, range, sizeof range);
    snprintf(help, sizeof help, "%s%s%s%s", row->help, *range ? " (" : "", range, *range ? ")" : "");
    if (len >= OPTION_COLUMN)
        fprintf(out, "%s\n%*s", name, OPTION_COLUMN, "");
    else
        fprintf(out, "%-*s", OPTION_COLUMN, name);
    write_hanging(out, help, OPTION_COLUMN);
}

// command is NULL for the overview. What asks a hub, and never Kafka, takes Kafka's options and has no use for them.
static void write_common(FILE *out, const struct command *command)
{
    fputs("\nCommon options:\n", out);
    for (enum option option = 0; option <= OPTION_LAST_COMMON; option++)
        if (option > OPTION_LAST_KAFKA || !command_is_plugin(command))
            write_option(out, option);
}

static void write_row(FILE *out, const struct command *row)
{
    char name[64], usage[160];
    command_name(row, name, sizeof name);
    snprintf(usage, sizeof usage, "%s %s", name, row->arguments);
    fprintf(out, "  %-*s  ", OPTION_COLUMN + 2, usage);
    fprintf(out, "%s\n", row->summary);
}

// command is NULL for the overview.
static void write_exits(FILE *out, const char *heading, const struct command *command)
{
    const struct exit_row *rows;
    size_t n = exit_rows(command, &rows);
    fprintf(out, "\n%s:\n", heading);
    for (size_t i = 0; i < n; i++) {
        char number[16];
        snprintf(number, sizeof number, "  %3d  ", rows[i].number);
        fputs(number, out);
        write_hanging(out, rows[i].text, strlen(number));
    }
}

void help_overview(FILE *out)
{
    const struct command *rows;
    size_t n = command_rows(&rows);
    fputs("signalbox: the intelligence dissemination hub of a county lines co-ordination centre, on Kafka.\n\n"
          "Usage: signalbox NOUN [VERB] [ARGUMENTS] [OPTIONS]\n\nCommands:\n",
        out);
    for (size_t i = 0; i < n; i++)
        write_row(out, &rows[i]);
    write_common(out, NULL);
    fputs("\nSettings that take a value also come from the environment: --bootstrap from SIGNALBOX_BOOTSTRAP.\n", out);
    write_exits(out, "Exit status", NULL);
    write_exits(out, "Exit status of status, check and top", command_find("check", NULL));
    fputs("\n\"signalbox help NOUN VERB\" says more about a command.\n", out);
}

void help_noun(FILE *out, const char *noun)
{
    const struct command *rows;
    size_t n = command_rows(&rows);
    fprintf(out, "Commands of \"%s\":\n", noun);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].noun, noun) == 0)
            write_row(out, &rows[i]);
}

void help_command(FILE *out, const struct command *command)
{
    char name[64];
    command_name(command, name, sizeof name);
    fprintf(out, "signalbox %s: %s\n\nUsage: signalbox %s%s%s [OPTIONS]\n", name, command->summary, name,
        *command->arguments ? " " : "", command->arguments);
    if (*command->details) {
        fputc('\n', out);
        text_wrap(out, command->details, 0, WIDTH);
    }
    if (*command->options != OPTION_COUNT)
        fputs("\nOptions:\n", out);
    for (const enum option *option = command->options; *option != OPTION_COUNT; option++)
        write_option(out, *option);
    write_common(out, command);
    write_exits(out, "Exit status", command);
}
