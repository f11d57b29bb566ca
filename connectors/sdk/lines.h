// SPDX-License-Identifier: Apache-2.0
// Lines from a file, a pipe or a terminal, without waiting longer than asked: so that a publisher can send what it has
// while its source is silent. Blank lines are skipped, but counted.
#pragma once
#include "hub/base/slice.h"

struct lines;

enum lines_status {
    LINES_LINE,     // *line is set, without its line end, valid until the next call
    LINES_TOO_LONG, // a line of more than max_bytes was skipped
    LINES_NOTHING,  // no whole line within the time
    LINES_END,
    LINES_FAILED, // errno says why
};

// The descriptor stays the caller's. NULL if there is no memory.
struct lines *lines_new(int file, size_t max_bytes);
struct lines *lines_free(struct lines *lines);
enum lines_status lines_next(struct lines *lines, int timeout_ms, struct slice *line);
// Number of the line handed out last, counted from 1.
uint64_t lines_number(const struct lines *lines);
