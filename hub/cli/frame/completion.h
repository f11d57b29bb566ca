// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdio.h>

void completion_write(FILE *out, const char *shell); // bash, zsh or fish
