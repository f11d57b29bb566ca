// SPDX-License-Identifier: Apache-2.0
// Health as this process shows it to others: the observer, and the HTTP server with metrics, JSON and console before
// it.
#pragma once
#include "hub/cli/frame/command.h"
#include "hub/console/server/console.h"

struct health_server;

// From --listen and the other options that `hub` and `console` share. ready and context as in console.h. NULL with a
// sentence; nothing is left running then.
struct health_server *health_server_start(const struct cli *cli,
    bool (*ready)(void *context, char *reason, size_t size), void *context, char error[CONSOLE_ERROR_BYTES]);
struct health_server *health_server_stop(struct health_server *health_server); // takes NULL, returns NULL
// Checks the options by themselves: pairs that belong together, roles that exist. COMMAND_OK, or a status with its
// sentence said.
int health_server_check(const struct cli *cli);
