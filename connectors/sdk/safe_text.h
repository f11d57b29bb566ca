// SPDX-License-Identifier: Apache-2.0
// Text from outside on a terminal: nothing in it may move the cursor, change colours or turn the direction of writing.
#pragma once
#include "hub/base/slice.h"
#include <stdio.h>

// Writes valid UTF-8 with control characters (C0, DEL, C1) and direction marks as \u{...}. A line feed begins a new
// line with indent spaces; a tab becomes a space.
void safe_text_write(FILE *out, const char *text, int indent);
