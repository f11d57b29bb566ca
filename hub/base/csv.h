// SPDX-License-Identifier: Apache-2.0
// Comma-separated values (RFC 4180): quotes around a field, two quotes for one, line breaks within quotes, CRLF or LF.
#pragma once
#include "hub/base/error.h"
#include <stdbool.h>
#include <stddef.h>

#define CSV_FIELDS 64
#define CSV_ROWS   10000

struct csv_row {
    unsigned line;       // where it begins, counted from 1
    const char **fields; // terminated
    size_t n;
};

struct csv {
    struct csv_row *rows; // the first one is the heading; all have as many fields
    size_t n, room;
};

// Works in place: text is overwritten, must outlive csv and hold len bytes and a terminator. A byte order mark at the
// beginning is skipped, empty lines too. false, also without memory, with a sentence that gives line and column (of
// bytes).
bool csv_parse(struct csv *csv, char *text, size_t len, struct error *error);
void csv_deinit(struct csv *csv);

// The place of a column by its heading, or -1.
int csv_column(const struct csv *csv, const char *heading);
