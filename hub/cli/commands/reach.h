// SPDX-License-Identifier: Apache-2.0
// Is there a broker at all? Asked first, so that a wrong address is said in seconds and not after every other wait.
#pragma once
#include "hub/cli/frame/command.h"

// false with a sentence that names the address and the likely cause.
bool reach_broker(const struct cli *cli, int timeout_ms, struct error *error);
