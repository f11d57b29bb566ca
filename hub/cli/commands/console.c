// SPDX-License-Identifier: Apache-2.0
// `signalbox console`: the same pages, metrics and JSON as the hub's, from a process that owns no lanes: for a machine
// of its own, or to look on while no hub runs.
#include "hub/cli/commands/listen_options.h"
#include "hub/cli/frame/command.h"
#include "hub/cli/frame/stop.h"

int command_console(struct cli *cli)
{
    struct error error;
    int status = listen_options_check(cli);
    if (status != COMMAND_OK)
        return status;
    if (!listen_options_any(cli))
        return cli_fail(cli, COMMAND_USAGE, "A console that listens nowhere shows nothing: give --listen HOST:PORT.");
    cli->kafka.embedded = option_flag(cli, OPTION_EMBEDDED);
    const struct health_server_settings settings = listen_options_settings(cli);
    if (!health_server_run(&settings, stop_flag(), &error))
        return cli_fail(cli, COMMAND_FAILED, "%s", error.text);
    return COMMAND_OK;
}
