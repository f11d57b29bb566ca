// SPDX-License-Identifier: Apache-2.0
// From the command line to the command's function: parse, explain if asked to, run.
#include "hub/cli/frame/run.h"
#include "hub/base/log.h"
#include "hub/cli/health/check.h"
#include "hub/cli/frame/completion.h"
#include "hub/cli/frame/help.h"
#include "hub/cli/frame/man.h"
#include "hub/cli/frame/memory.h"
#include "hub/cli/frame/parse.h"
#include "hub/cli/frame/suggest.h"
#include "hub/cli/frame/version.h"
#include "hub/cli/frame/command.h"

static int explain_command(const struct cli *cli)
{
    const char *noun = cli_argument(cli, 0), *verb = cli_argument(cli, 1);
    const struct command *command = noun ? command_find(noun, NULL) : NULL;
    if (noun && verb && !command)
        command = command_find(noun, verb);
    if (command)
        help_command(cli->out, command);
    else if (noun && command_has_noun(noun) && !verb)
        help_noun(cli->out, noun);
    else if (!noun)
        help_overview(cli->out);
    else {
        const char *near =
            suggest_word(verb && command_has_noun(noun) ? noun : NULL, verb && command_has_noun(noun) ? verb : noun);
        return cli_fail(cli, COMMAND_USAGE, "There is no command \"%s%s%s\".%s%s%s", noun, verb ? " " : "",
            verb ? verb : "", near ? " Did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
    return COMMAND_OK;
}

int command_help(struct cli *cli)
{
    if (option_flag(cli, OPTION_MAN)) {
        man_write(cli->out);
        return COMMAND_OK;
    }
    const char *shell = option_text(cli, OPTION_COMPLETION);
    if (shell) {
        completion_write(cli->out, shell);
        return COMMAND_OK;
    }
    return explain_command(cli);
}

// To a monitoring system 2 is an outage, so a plug-in's wrong command line is unknown; and it shows what stands on
// standard output.
static int refuse_line(const struct cli *cli, const char *error)
{
    if (cli->command && cli->command->run == command_check)
        check_write_unknown(error, cli->out);
    return cli_fail(cli, command_is_plugin(cli->command) ? COMMAND_HEALTH_UNKNOWN : COMMAND_USAGE, "%s", error);
}

static int run_command(struct cli *cli)
{
    struct error error;
    if (!kafka_settings_check(&cli->kafka, &error))
        return refuse_line(cli, error.text);
    log_set_level(cli->quiet ? LOG_LEVEL_WARNING : cli->verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
    if (!command_is_daemon(cli->command))
        memory_guard_json();
    if (command_is_plugin(cli->command))
        memory_set_status(COMMAND_HEALTH_UNKNOWN);
    return cli->command->run(cli);
}

int run_command_line(int argc, char **argv, FILE *out, FILE *err)
{
    struct cli cli;
    struct error error;
    enum parse_result result = parse_command_line(&cli, argc, argv, &error);
    cli.out = out;
    cli.err = err;
    int status = COMMAND_USAGE;
    if (result == PARSE_WRONG && argc < 2)
        help_overview(err);
    else if (result == PARSE_WRONG)
        status = refuse_line(&cli, error.text);
    else if (result == PARSE_HELP)
        status = explain_command(&cli);
    else if (result == PARSE_VERSION)
        status = version_write(&cli);
    else
        status = run_command(&cli);
    parse_free(&cli);
    return status;
}
