// SPDX-License-Identifier: Apache-2.0
// Lines of styled text that fit a width: what status prints and top draws. All text is made safe for a terminal on its
// way in.
#pragma once
#include "hub/base/arena.h"
#include "hub/observe/verdict.h"
#include <stdio.h>

// Styles only repeat what words and shapes say already.
enum styled_text_style {
    STYLED_TEXT_PLAIN,
    STYLED_TEXT_BOLD,
    STYLED_TEXT_DIM,
    STYLED_TEXT_OK,
    STYLED_TEXT_WARNING,
    STYLED_TEXT_CRITICAL,
    STYLED_TEXT_UNKNOWN,
    STYLED_TEXT_BAR,
    STYLED_TEXT_STYLES
};

#define STYLED_TEXT_RUNS      16
#define STYLED_TEXT_NARROWEST 20

struct styled_text_run {
    const char *text;
    enum styled_text_style style;
};

struct styled_text_line {
    struct styled_text_run runs[STYLED_TEXT_RUNS];
    size_t n_runs, columns;
    bool selected;
};

struct styled_text {
    struct arena arena;
    size_t width; // no line takes more columns
    bool ascii;   // nothing beyond ASCII goes out
    struct styled_text_line *lines;
    size_t n, room;
};

void styled_text_init(struct styled_text *styled, size_t width, bool ascii);
void styled_text_deinit(struct styled_text *styled);

// Begins a line; what is put goes there.
void styled_text_line(struct styled_text *styled);
// Appends, cut to what fits with a mark that it was cut.
void styled_text_put(struct styled_text *styled, enum styled_text_style style, const char *text);
void styled_text_print(struct styled_text *styled, enum styled_text_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// Appends a cell of so many columns, filled with blanks; cut at its own width.
void styled_text_cell(
    struct styled_text *styled, enum styled_text_style style, const char *text, size_t width, bool right);
// One or more lines, broken at blanks, all but the first begun with indent blanks; the first continues the current
// line.
void styled_text_wrap(struct styled_text *styled, enum styled_text_style style, const char *text, size_t indent);

// "■", "▲", "?", "●", or one letter of ASCII each.
const char *styled_text_shape(const struct styled_text *styled, enum severity severity);
enum styled_text_style styled_text_style_of(enum severity severity);

// Lines from first on, at most most of them. With colours, as a terminal takes them; without, plain text.
void styled_text_write(const struct styled_text *styled, size_t first, size_t most, bool colours, FILE *out);
