// SPDX-License-Identifier: Apache-2.0
// Bytes that nobody may take for markup, as a table: offset, hexadecimal, ASCII; 4 KiB at once.
#pragma once
#include "hub/base/slice.h"
#include "hub/console/html/html.h"

#define HEXVIEW_BYTES 4096

// Where the part begins that is shown: asked if it lies within len, or else so that the byte at (-1: none) can be seen.
size_t hexview_from(size_t len, int64_t at, int64_t asked);
// The part from there on; the byte at is marked, has the id "marked", and is named in the caption.
void hexview_put(struct html *html, struct slice bytes, size_t from, int64_t at);
