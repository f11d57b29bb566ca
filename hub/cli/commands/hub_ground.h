// SPDX-License-Identifier: Apache-2.0
// What must be there before a hub may start.
#pragma once
#include "hub/cli/frame/command.h"

// Checks the topics and waits for registry and policy; *lanes is set. COMMAND_OK, COMMAND_INTERRUPTED, or a status with
// its sentences said.
int hub_ground_find(const struct cli *cli, uint32_t *lanes);
