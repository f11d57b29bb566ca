// SPDX-License-Identifier: Apache-2.0
// Text on a terminal: columns, not bytes; and nothing in it that could move the cursor or turn the reading direction.
#pragma once
#include <stddef.h>
#include <stdio.h>

// Columns that valid UTF-8 takes; a broken byte counts as one.
size_t text_columns(const char *text);
// Writes text with control characters, direction marks and broken UTF-8 shown as U+FFFD.
void text_write_safely(FILE *out, const char *text);
// Writes text indented, broken at blanks before width. Lines that begin with two blanks are kept as they are.
void text_wrap(FILE *out, const char *text, size_t indent, size_t width);
