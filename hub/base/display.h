// SPDX-License-Identifier: Apache-2.0
// Text from outside on a terminal: columns, not bytes; and nothing in it that could move the cursor, change colours or
// turn the direction of writing.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// The next character of a text that is not at its end; *len is its bytes, at least 1. A byte that begins no valid
// character is one character by itself that reads as 0xfffd.
uint32_t display_next(const char *text, size_t *len);
// Whether a terminal would obey it rather than show it: C0, DEL, C1, marks of direction, invisible ones.
bool display_is_unsafe(uint32_t character);

// Columns that display_write takes for text.
size_t display_columns(const char *text);
// How many bytes of text fit into so many columns; never a part of a character.
size_t display_fitting(const char *text, size_t columns);
// Writes text with what is unsafe or broken as U+FFFD: one place in one line, whatever it was.
void display_write(FILE *out, const char *text);
// Writes text with what is unsafe as \u{...} and a broken byte as \x{...}, so that a reader sees what it was. A line
// feed begins a new line with indent spaces; a tab becomes a space.
void display_write_escaped(FILE *out, const char *text, int indent);
