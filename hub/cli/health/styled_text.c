// SPDX-License-Identifier: Apache-2.0
// A line is a few runs of one style each. The width is kept here, in columns, so that whoever writes lines need not
// count.
#include "hub/cli/health/styled_text.h"
#include "hub/base/list.h"
#include "hub/base/display.h"
#include "hub/cli/frame/memory.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 4096

void styled_text_init(struct styled_text *styled, size_t width, bool ascii)
{
    *styled =
        (struct styled_text){.width = width > STYLED_TEXT_NARROWEST ? width : STYLED_TEXT_NARROWEST, .ascii = ascii};
    arena_init(&styled->arena, 0);
}

void styled_text_deinit(struct styled_text *styled)
{
    free(styled->lines);
    arena_deinit(&styled->arena);
    *styled = (struct styled_text){0};
}

void styled_text_line(struct styled_text *styled)
{
    if (!list_room(&styled->lines, &styled->room, styled->n + 1, sizeof *styled->lines))
        memory_end();
    styled->lines[styled->n++] = (struct styled_text_line){0};
}

static struct styled_text_line *last_line(struct styled_text *styled)
{
    if (styled->n == 0)
        styled_text_line(styled);
    return &styled->lines[styled->n - 1];
}

// What of a text may be shown, in so many columns; out has LINE_BYTES. Returns the columns taken.
static size_t make_safe(const struct styled_text *styled, const char *text, size_t columns, char *out)
{
    size_t taken = 0, len, used = 0;
    for (; *text; text += len) {
        uint32_t c = display_next(text, &len);
        const char *bytes = text;
        size_t n = len;
        if (c == 0xfffd || display_is_unsafe(c) || (styled->ascii && c > 0x7e)) {
            bytes = styled->ascii ? "?" : "\xef\xbf\xbd";
            n = strlen(bytes);
        }
        char one[8] = "";
        memcpy(one, bytes, n);
        size_t wide = display_columns(one);
        if (taken + wide > columns || used + n + 1 > LINE_BYTES)
            break;
        memcpy(out + used, bytes, n);
        used += n;
        taken += wide;
    }
    out[used] = 0;
    return taken;
}

// Cut with a mark if it does not fit. Returns the columns taken.
static size_t make_fit(const struct styled_text *styled, const char *text, size_t columns, char *out)
{
    if (display_columns(text) <= columns || columns == 0)
        return make_safe(styled, text, columns, out);
    size_t taken = make_safe(styled, text, columns - 1, out);
    strncat(out, styled->ascii ? "~" : "\xe2\x80\xa6", LINE_BYTES - strlen(out) - 1);
    return taken + 1;
}

static const char *join_texts(struct styled_text *styled, const char *a, const char *b)
{
    return memory_need(arena_printf(&styled->arena, "%s%s", a, b));
}

// Text of the same style joins the run before; so does any when there is no room for more, since words count and styles
// do not.
static void add_run(struct styled_text *styled, enum styled_text_style style, const char *text, size_t columns)
{
    struct styled_text_line *line = last_line(styled);
    struct styled_text_run *last = line->n_runs ? &line->runs[line->n_runs - 1] : NULL;
    line->columns += columns;
    if (last && (last->style == style || line->n_runs == STYLED_TEXT_RUNS))
        last->text = join_texts(styled, last->text, text);
    else if (*text)
        line->runs[line->n_runs++] = (struct styled_text_run){join_texts(styled, text, ""), style};
}

static size_t room_left(struct styled_text *styled)
{
    size_t taken = last_line(styled)->columns;
    return taken < styled->width ? styled->width - taken : 0;
}

void styled_text_put(struct styled_text *styled, enum styled_text_style style, const char *text)
{
    char safe[LINE_BYTES + 4];
    size_t columns = make_fit(styled, text, room_left(styled), safe);
    add_run(styled, style, safe, columns);
}

void styled_text_print(struct styled_text *styled, enum styled_text_style style, const char *format, ...)
{
    char text[LINE_BYTES];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    styled_text_put(styled, style, text);
}

void styled_text_cell(
    struct styled_text *styled, enum styled_text_style style, const char *text, size_t width, bool right)
{
    char safe[LINE_BYTES + 4];
    size_t room = room_left(styled);
    width = width < room ? width : room;
    size_t columns = make_fit(styled, text, width, safe);
    char blanks[512];
    size_t pad = width - columns < sizeof blanks ? width - columns : sizeof blanks - 1;
    memset(blanks, ' ', pad);
    blanks[pad] = 0;
    if (right)
        add_run(styled, STYLED_TEXT_PLAIN, blanks, pad);
    add_run(styled, style, safe, columns);
    if (!right)
        add_run(styled, STYLED_TEXT_PLAIN, blanks, pad);
}

// How many bytes of text go on a line of so many columns: up to a blank, or a part of a word that is longer than a
// line.
static size_t break_at(const char *text, size_t columns, bool line_is_empty)
{
    size_t fitting = display_fitting(text, columns);
    if (!text[fitting])
        return fitting;
    for (size_t at = fitting + 1; at > 0; at--)
        if (text[at - 1] == ' ')
            return at - 1;
    return line_is_empty ? fitting : 0;
}

void styled_text_wrap(struct styled_text *styled, enum styled_text_style style, const char *text, size_t indent)
{
    if (styled->width <= indent + 8)
        indent = 0;
    bool empty = last_line(styled)->columns <= indent;
    while (*text) {
        size_t take = break_at(text, room_left(styled), empty);
        char part[LINE_BYTES];
        snprintf(part, sizeof part, "%.*s", (int)take, text);
        styled_text_put(styled, style, part);
        text += take;
        text += strspn(text, " ");
        if (!*text)
            return;
        styled_text_line(styled);
        styled_text_cell(styled, STYLED_TEXT_PLAIN, "", indent, false);
        empty = true;
    }
}

const char *styled_text_shape(const struct styled_text *styled, enum severity severity)
{
    static const char *const shapes[][2] = {
        [SEVERITY_OK] = {"\xe2\x97\x8f", "-"},
        [SEVERITY_WARNING] = {"\xe2\x96\xb2", "!"},
        [SEVERITY_CRITICAL] = {"\xe2\x96\xa0", "#"},
        [SEVERITY_UNKNOWN] = {"?", "?"},
    };
    return shapes[severity][styled->ascii];
}

enum styled_text_style styled_text_style_of(enum severity severity)
{
    static const enum styled_text_style styles[] = {[SEVERITY_OK] = STYLED_TEXT_OK,
        [SEVERITY_WARNING] = STYLED_TEXT_WARNING,
        [SEVERITY_CRITICAL] = STYLED_TEXT_CRITICAL,
        [SEVERITY_UNKNOWN] = STYLED_TEXT_UNKNOWN};
    return styles[severity];
}

// Bytes of a run without the blanks that end a line.
static size_t without_blanks(const char *text)
{
    size_t len = strlen(text);
    while (len && text[len - 1] == ' ')
        len--;
    return len;
}

void styled_text_write(const struct styled_text *styled, size_t first, size_t most, bool colours, FILE *out)
{
    static const char *const codes[STYLED_TEXT_STYLES] = {
        "", "\033[1m", "\033[2m", "\033[32m", "\033[1;33m", "\033[1;31m", "\033[1;35m", "\033[7m"};
    for (size_t i = first; i < styled->n && i < first + most; i++) {
        const struct styled_text_line *line = &styled->lines[i];
        size_t n = line->n_runs;
        while (n && without_blanks(line->runs[n - 1].text) == 0)
            n--;
        for (size_t run = 0; run < n; run++) {
            const char *text = line->runs[run].text;
            size_t len = run + 1 == n ? without_blanks(text) : strlen(text);
            bool coded = colours && *codes[line->runs[run].style];
            fprintf(out, "%s%.*s%s", coded ? codes[line->runs[run].style] : "", (int)len, text, coded ? "\033[0m" : "");
        }
        fputs(colours ? "\033[K\n" : "\n", out);
    }
}
