// SPDX-License-Identifier: Apache-2.0
// Texts of our own for a terminal of a given width.
#pragma once
#include <stddef.h>
#include <stdio.h>

// Writes text indented, broken at blanks before width. Lines that begin with two blanks are kept as they are.
void text_wrap(FILE *out, const char *text, size_t indent, size_t width);
