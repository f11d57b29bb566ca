// SPDX-License-Identifier: Apache-2.0
// `signalbox console`: the same pages, metrics and JSON as the hub's, from a process that owns no lanes: for a machine
// of its own, or to look on while no hub runs.
#include "hub/daemon/notify.h"
#include "hub/base/clock.h"
#include "hub/cli/health_server.h"
#include <time.h>

#define TURN_MS 200

// The pages come from threads of their own; what is left is to wait, and to say that the process lives.
static void wait_for_stop(void)
{
    int64_t watchdog_ms = notify_watchdog_ms(), notify_ms = 0;
    while (!atomic_load(cli_stop())) {
        nanosleep(&(struct timespec){.tv_nsec = TURN_MS * 1000000}, NULL);
        if (!watchdog_ms || clock_wall_ms() < notify_ms)
            continue;
        notify_watchdog();
        notify_ms = clock_wall_ms() + watchdog_ms / 4;
    }
}

int command_console(struct cli *cli)
{
    char error[CONSOLE_ERROR_BYTES];
    int status = health_server_check(cli);
    if (status != COMMAND_OK)
        return status;
    if (strcmp(option_text(cli, OPTION_LISTEN), "none") == 0)
        return cli_fail(cli, COMMAND_USAGE, "A console that listens nowhere shows nothing: give --listen HOST:PORT.");
    if (option_flag(cli, OPTION_EMBEDDED))
        cli->kafka.embedded = true;
    cli_stop();
    struct health_server *health_server = health_server_start(cli, NULL, NULL, error);
    if (!health_server)
        return cli_fail(cli, COMMAND_FAILED, "%s", error);
    notify_ready("Listens.");
    wait_for_stop();
    notify_stopping("Ends.");
    health_server_stop(health_server);
    return COMMAND_OK;
}
