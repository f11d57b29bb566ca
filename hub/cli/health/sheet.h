// SPDX-License-Identifier: Apache-2.0
// Lines of styled text that fit a width: what status prints and top draws. All text is made safe for a terminal on its
// way in.
#pragma once
#include "hub/base/arena.h"
#include "hub/observe/verdict.h"
#include <stdio.h>

// Styles only repeat what words and shapes say already.
enum sheet_style {
    SHEET_PLAIN,
    SHEET_BOLD,
    SHEET_DIM,
    SHEET_OK,
    SHEET_WARNING,
    SHEET_CRITICAL,
    SHEET_UNKNOWN,
    SHEET_BAR,
    SHEET_STYLES
};

#define SHEET_RUNS      16
#define SHEET_NARROWEST 20

struct sheet_run {
    const char *text;
    enum sheet_style style;
};

struct sheet_line {
    struct sheet_run runs[SHEET_RUNS];
    size_t n_runs, columns;
    bool selected;
};

struct sheet {
    struct arena arena;
    size_t width; // no line takes more columns
    bool ascii;   // nothing beyond ASCII goes out
    struct sheet_line *lines;
    size_t n, room;
};

void sheet_init(struct sheet *sheet, size_t width, bool ascii);
void sheet_deinit(struct sheet *sheet);

// Begins a line; what is put goes there.
void sheet_line(struct sheet *sheet);
// Appends, cut to what fits with a mark that it was cut.
void sheet_put(struct sheet *sheet, enum sheet_style style, const char *text);
void sheet_print(struct sheet *sheet, enum sheet_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// Appends a cell of so many columns, filled with blanks; cut at its own width.
void sheet_cell(struct sheet *sheet, enum sheet_style style, const char *text, size_t width, bool right);
// One or more lines, broken at blanks, all but the first begun with indent blanks; the first continues the current
// line.
void sheet_wrap(struct sheet *sheet, enum sheet_style style, const char *text, size_t indent);

// "■", "▲", "?", "●", or one letter of ASCII each.
const char *sheet_shape(const struct sheet *sheet, enum severity severity);
enum sheet_style sheet_style_of(enum severity severity);

// Lines from first on, at most most of them. With colours, as a terminal takes them; without, plain text.
void sheet_write(const struct sheet *sheet, size_t first, size_t most, bool colours, FILE *out);
