// SPDX-License-Identifier: Apache-2.0
// Talking to a person: lines and questions on standard error, so that results on standard output stay clean.
#include "hub/cli/command.h"
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

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

enum command_status cli_kafka_status(const char *error)
{
    static const struct {
        const char *text;
        enum command_status status;
    } signs[] = {
        {"AUTHORIZATION_FAILED", COMMAND_NOT_PERMITTED},
        {"reach", COMMAND_UNREACHABLE},
        {"Connect", COMMAND_UNREACHABLE},
        {"resolve", COMMAND_UNREACHABLE},
        {"transport", COMMAND_UNREACHABLE},
        {"timed out", COMMAND_UNREACHABLE},
        {"authoriz", COMMAND_NOT_PERMITTED},
        {"permission", COMMAND_NOT_PERMITTED},
        {"Permission", COMMAND_NOT_PERMITTED},
        {"denied", COMMAND_NOT_PERMITTED},
    };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strstr(error, signs[i].text))
            return signs[i].status;
    return COMMAND_FAILED;
}
