// SPDX-License-Identifier: Apache-2.0
// --listen, and the other options about serving health that `hub` and `console` share.
#pragma once
#include "hub/cli/frame/cli.h"
#include "hub/daemon/health_server.h"

// Checks the options by themselves: pairs that belong together, roles that exist. COMMAND_OK, or a status with its
// sentence said.
int listen_options_check(const struct cli *cli);
// Whether anything is to be served.
bool listen_options_any(const struct cli *cli);
// Of options that were checked. The settings point into cli.
struct health_server_settings listen_options_settings(const struct cli *cli);
