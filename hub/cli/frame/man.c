// SPDX-License-Identifier: Apache-2.0
// The manual page in roff's man macros, from the tables.
#include "hub/cli/frame/man.h"
#include "hub/cli/frame/help.h"

// Text with what roff would take for itself written so that it prints.
static void put_text(FILE *out, const char *text)
{
    bool line_begins = true;
    for (; *text; text++) {
        if (line_begins && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        line_begins = *text == '\n';
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
    }
}

// Paragraphs; lines that begin with two blanks are examples and stand as they are.
static void put_details(FILE *out, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        char line[512];
        snprintf(line, sizeof line, "%.*s", (int)len, text);
        bool example = strncmp(line, "  ", 2) == 0;
        if (example)
            fputs(".RS\n.nf\n", out);
        else if (!*line)
            fputs(".PP", out);
        put_text(out, example ? line + 2 : line);
        fputs(example ? "\n.fi\n.RE\n" : "\n", out);
        text += len + (text[len] == '\n');
    }
}

static void put_option(FILE *out, enum option option)
{
    const struct option_row *row = option_row(option);
    char range[96];
    fputs(".TP\n", out);
    if (row->letter)
        fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
    fputs("\\fB\\-\\-", out);
    put_text(out, row->name);
    fputs("\\fR", out);
    if (row->argument)
        fprintf(out, " \\fI%s\\fR", row->argument);
    fputc('\n', out);
    put_text(out, row->help);
    help_range(row, range, sizeof range);
    if (*range) {
        fputs(" (", out);
        put_text(out, range);
        fputc(')', out);
    }
    fputc('\n', out);
}

static void put_command(FILE *out, const struct command *row)
{
    char name[64];
    command_name(row, name, sizeof name);
    fputs(".SS ", out);
    put_text(out, name);
    fputc(' ', out);
    put_text(out, row->arguments);
    fputc('\n', out);
    put_text(out, row->summary);
    fputs("\n.PP\n", out);
    put_details(out, row->details);
    for (const enum option *option = row->options; *option != OPTION_COUNT; option++)
        put_option(out, *option);
}

static void put_exits(FILE *out, const struct command *command)
{
    const struct exit_row *rows;
    size_t n = exit_rows(command, &rows);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, ".TP\n%d\n", rows[i].number);
        put_text(out, rows[i].text);
        fputc('\n', out);
    }
}

void man_write(FILE *out)
{
    const struct command *rows;
    size_t n = command_rows(&rows);
    fprintf(out, ".TH SIGNALBOX 1 \"\" \"signalbox %s\" \"User Commands\"\n", SIGNALBOX_VERSION);
    fputs(".SH NAME\nsignalbox \\- intelligence dissemination hub on Kafka\n"
          ".SH SYNOPSIS\n.B signalbox\n\\fINOUN\\fR [\\fIVERB\\fR] [\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n"
          ".SH DESCRIPTION\nAgencies publish signed items, the hub decides, and every force receives exactly what it "
          "may and "
          "wants to see, once and in order. Every task is a noun and a verb.\n.SH COMMANDS\n",
        out);
    for (size_t i = 0; i < n; i++)
        put_command(out, &rows[i]);
    fputs(".SH COMMON OPTIONS\n", out);
    for (enum option option = 0; option <= OPTION_LAST_COMMON; option++)
        put_option(out, option);
    fputs(".SH EXIT STATUS\n", out);
    put_exits(out, NULL);
    fputs(".PP\n\\fBstatus\\fR, \\fBcheck\\fR and \\fBtop\\fR end as monitoring plug\\-ins do:\n", out);
    put_exits(out, command_find("check", NULL));
    fputs(".SH ENVIRONMENT\nA setting that takes a value is also read from the environment, if it is not on the "
          "command line: "
          "\\fBSIGNALBOX_\\fR and its name in capitals, with _ for \\-. \\fBNO_COLOR\\fR turns colours off.\n",
        out);
}
