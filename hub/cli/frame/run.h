// SPDX-License-Identifier: Apache-2.0
// The whole program in one call.
#pragma once
#include <stdio.h>

// Runs a command line; returns its exit status.
int run_command_line(int argc, char **argv, FILE *out, FILE *err);
