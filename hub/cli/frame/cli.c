// SPDX-License-Identifier: Apache-2.0
// Talking to a person: lines and questions on standard error, so that results on standard output stay clean.
#include "hub/cli/frame/cli.h"
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

const char *cli_argument(const struct cli *cli, size_t place)
{
    return place < cli->n_arguments ? cli->arguments[place] : NULL;
}

void cli_say(const struct cli *cli, const char *format, ...)
{
    if (cli->quiet)
        return;
    va_list list;
    va_start(list, format);
    vfprintf(cli->err, format, list);
    va_end(list);
    fputc('\n', cli->err);
}

int cli_fail(const struct cli *cli, enum command_status status, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("signalbox: ", cli->err);
    vfprintf(cli->err, format, list);
    fputc('\n', cli->err);
    va_end(list);
    return (int)status;
}

bool cli_is_terminal(const struct cli *cli)
{
    const char *term = getenv("TERM");
    return !cli->quiet && isatty(fileno(cli->err)) && !(term && strcmp(term, "dumb") == 0);
}

bool cli_confirm(const struct cli *cli, const char *question)
{
    if (option_flag(cli, OPTION_YES))
        return true;
    if (!isatty(STDIN_FILENO) || !isatty(fileno(cli->err))) {
        cli_fail(cli, COMMAND_USAGE,
            "%s There is no terminal to ask on: give --yes to go on, or --dry-run to look only.", question);
        return false;
    }
    fprintf(cli->err, "%s [y/N] ", question);
    fflush(cli->err);
    char answer[16];
    if (!fgets(answer, sizeof answer, stdin))
        return false;
    return answer[0] == 'y' || answer[0] == 'Y';
}

enum command_status cli_kafka_status(enum cause cause)
{
    static const enum command_status statuses[] = {
        [CAUSE_OTHER] = COMMAND_FAILED,
        [CAUSE_UNREACHABLE] = COMMAND_UNREACHABLE,
        [CAUSE_NOT_PERMITTED] = COMMAND_NOT_PERMITTED,
        [CAUSE_MISSING] = COMMAND_FAILED, // a topic that the hub should have, not a thing that was asked for
        [CAUSE_NO_MEMORY] = COMMAND_FAILED,
    };
    return statuses[cause];
}

int cli_fail_kafka(const struct cli *cli, const struct error *error)
{
    return cli_fail(cli, cli_kafka_status(error->cause), "%s", error->text);
}
