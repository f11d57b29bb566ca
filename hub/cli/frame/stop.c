// SPDX-License-Identifier: Apache-2.0
// Ending on request: the first signal asks for an orderly end, the second one is taken at its word.
#include "hub/cli/frame/stop.h"
#include "hub/cli/frame/exits.h"
#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

static atomic_bool asked;

static void on_signal(int number)
{
    (void)number;
    if (atomic_exchange(&asked, true))
        _exit(COMMAND_INTERRUPTED);
}

const atomic_bool *stop_flag(void)
{
    static bool installed;
    if (!installed) {
        struct sigaction action = {.sa_handler = on_signal};
        sigaction(SIGINT, &action, NULL);
        sigaction(SIGTERM, &action, NULL);
        installed = true;
    }
    return &asked;
}
