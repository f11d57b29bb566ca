// SPDX-License-Identifier: Apache-2.0
// What the terminal behind a stream can show.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// Whether escape codes for bold and colours may be written: a terminal that is not dumb, and NO_COLOR is not set.
bool terminal_styles(FILE *stream);
// Whether the locale's characters are UTF-8. Sets the locale of characters from the environment.
bool terminal_is_utf8(void);
// Rows and columns; 24 and otherwise if it is no terminal. Never less than 20 columns.
void terminal_size(FILE *stream, size_t otherwise, size_t *rows, size_t *columns);
