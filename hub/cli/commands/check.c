// SPDX-License-Identifier: Apache-2.0
// `signalbox check`: one question, one line, one status. Whatever goes wrong is a line on standard output, too, since a
// monitoring system reads nothing else.
#include "hub/cli/health/check.h"
#include "hub/base/clock.h"
#include "hub/cli/health/remote.h"
#include "hub/cli/frame/stop.h"
#include "hub/cli/frame/command.h"

static int say_unknown(const struct cli *cli, const char *why)
{
    check_write_unknown(why, cli->out);
    return COMMAND_HEALTH_UNKNOWN;
}

// 0 if the option is not given, -1 if it is no duration.
static int64_t limit_of(const struct cli *cli, enum option option)
{
    const char *text = option_text(cli, option);
    return text ? check_duration(text) : 0;
}

static int check_once(const struct cli *cli, struct remote *remote, const struct check_limits *limits)
{
    struct error error;
    struct health_view *view;
    if (remote_ask(remote, stop_flag(), &view, &error) != REMOTE_OK)
        return say_unknown(cli, error.text);
    struct report report = {.view = view, .now_ms = clock_wall_ms(), .at = remote_at(remote)};
    int status = (int)check_write(&report, cli_argument(cli, 0), limits, cli->out);
    health_view_free(view);
    return status;
}

int command_check(struct cli *cli)
{
    struct error error;
    struct check_limits limits = {limit_of(cli, OPTION_WARN), limit_of(cli, OPTION_CRIT)};
    if (cli->format != CLI_TABLE)
        return say_unknown(
            cli, "check prints the line of a monitoring plug-in; for JSON there is signalbox status -o json.");
    if (limits.warn_ms < 0 || limits.crit_ms < 0)
        return say_unknown(cli, "--warn and --crit take a duration: 90s, 5m, 2h, 1d.");
    struct remote *remote = remote_open(cli, &error);
    if (!remote)
        return say_unknown(cli, error.text);
    int status = check_once(cli, remote, &limits);
    remote_close(remote);
    if (fflush(cli->out) != 0 || ferror(cli->out))
        return cli_fail(cli, COMMAND_HEALTH_UNKNOWN, "The result could not be written.");
    return status;
}
