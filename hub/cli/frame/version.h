// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "hub/cli/frame/cli.h"

// Versions of the program and of the libraries that run.
int version_write(const struct cli *cli);
const char *version_text(void); // of the program
