// SPDX-License-Identifier: Apache-2.0
// A line is a few runs of one style each. The width is kept here, in columns, so that whoever writes lines need not
// count.
#include "hub/cli/health/sheet.h"
#include "hub/base/display.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BYTES 4096

void sheet_init(struct sheet *sheet, size_t width, bool ascii)
{
    *sheet = (struct sheet){.width = width > SHEET_NARROWEST ? width : SHEET_NARROWEST, .ascii = ascii};
    arena_init(&sheet->arena, 0);
}

void sheet_deinit(struct sheet *sheet)
{
    free(sheet->lines);
    arena_deinit(&sheet->arena);
    *sheet = (struct sheet){0};
}

void sheet_line(struct sheet *sheet)
{
    if (sheet->n == sheet->room) {
        sheet->room = sheet->room ? 2 * sheet->room : 64;
        sheet->lines = realloc(sheet->lines, sheet->room * sizeof *sheet->lines);
        if (!sheet->lines)
            abort();
    }
    sheet->lines[sheet->n++] = (struct sheet_line){0};
}

static struct sheet_line *last_line(struct sheet *sheet)
{
    if (sheet->n == 0)
        sheet_line(sheet);
    return &sheet->lines[sheet->n - 1];
}

// What of a text may be shown, in so many columns; out has LINE_BYTES. Returns the columns taken.
static size_t make_safe(const struct sheet *sheet, const char *text, size_t columns, char *out)
{
    size_t taken = 0, len, used = 0;
    for (; *text; text += len) {
        uint32_t c = display_next(text, &len);
        const char *bytes = text;
        size_t n = len;
        if (c == 0xfffd || display_is_unsafe(c) || (sheet->ascii && c > 0x7e)) {
            bytes = sheet->ascii ? "?" : "\xef\xbf\xbd";
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
static size_t make_fit(const struct sheet *sheet, const char *text, size_t columns, char *out)
{
    if (display_columns(text) <= columns || columns == 0)
        return make_safe(sheet, text, columns, out);
    size_t taken = make_safe(sheet, text, columns - 1, out);
    strncat(out, sheet->ascii ? "~" : "\xe2\x80\xa6", LINE_BYTES - strlen(out) - 1);
    return taken + 1;
}

static const char *join(struct sheet *sheet, const char *a, const char *b)
{
    char *text = arena_printf(&sheet->arena, "%s%s", a, b);
    if (!text)
        abort();
    return text;
}

// Text of the same style joins the run before; so does any when there is no room for more, since words count and styles
// do not.
static void add_run(struct sheet *sheet, enum sheet_style style, const char *text, size_t columns)
{
    struct sheet_line *line = last_line(sheet);
    struct sheet_run *last = line->n_runs ? &line->runs[line->n_runs - 1] : NULL;
    line->columns += columns;
    if (last && (last->style == style || line->n_runs == SHEET_RUNS))
        last->text = join(sheet, last->text, text);
    else if (*text)
        line->runs[line->n_runs++] = (struct sheet_run){join(sheet, text, ""), style};
}

static size_t room_left(struct sheet *sheet)
{
    size_t taken = last_line(sheet)->columns;
    return taken < sheet->width ? sheet->width - taken : 0;
}

void sheet_put(struct sheet *sheet, enum sheet_style style, const char *text)
{
    char safe[LINE_BYTES + 4];
    size_t columns = make_fit(sheet, text, room_left(sheet), safe);
    add_run(sheet, style, safe, columns);
}

void sheet_print(struct sheet *sheet, enum sheet_style style, const char *format, ...)
{
    char text[LINE_BYTES];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    sheet_put(sheet, style, text);
}

void sheet_cell(struct sheet *sheet, enum sheet_style style, const char *text, size_t width, bool right)
{
    char safe[LINE_BYTES + 4];
    size_t room = room_left(sheet);
    width = width < room ? width : room;
    size_t columns = make_fit(sheet, text, width, safe);
    char blanks[512];
    size_t pad = width - columns < sizeof blanks ? width - columns : sizeof blanks - 1;
    memset(blanks, ' ', pad);
    blanks[pad] = 0;
    if (right)
        add_run(sheet, SHEET_PLAIN, blanks, pad);
    add_run(sheet, style, safe, columns);
    if (!right)
        add_run(sheet, SHEET_PLAIN, blanks, pad);
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

void sheet_wrap(struct sheet *sheet, enum sheet_style style, const char *text, size_t indent)
{
    if (sheet->width <= indent + 8)
        indent = 0;
    bool empty = last_line(sheet)->columns <= indent;
    while (*text) {
        size_t take = break_at(text, room_left(sheet), empty);
        char part[LINE_BYTES];
        snprintf(part, sizeof part, "%.*s", (int)take, text);
        sheet_put(sheet, style, part);
        text += take;
        text += strspn(text, " ");
        if (!*text)
            return;
        sheet_line(sheet);
        sheet_cell(sheet, SHEET_PLAIN, "", indent, false);
        empty = true;
    }
}

const char *sheet_shape(const struct sheet *sheet, enum severity severity)
{
    static const char *const shapes[][2] = {
        [SEVERITY_OK] = {"\xe2\x97\x8f", "-"},
        [SEVERITY_WARNING] = {"\xe2\x96\xb2", "!"},
        [SEVERITY_CRITICAL] = {"\xe2\x96\xa0", "#"},
        [SEVERITY_UNKNOWN] = {"?", "?"},
    };
    return shapes[severity][sheet->ascii];
}

enum sheet_style sheet_style_of(enum severity severity)
{
    static const enum sheet_style styles[] = {[SEVERITY_OK] = SHEET_OK,
        [SEVERITY_WARNING] = SHEET_WARNING,
        [SEVERITY_CRITICAL] = SHEET_CRITICAL,
        [SEVERITY_UNKNOWN] = SHEET_UNKNOWN};
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

void sheet_write(const struct sheet *sheet, size_t first, size_t most, bool colours, FILE *out)
{
    static const char *const codes[SHEET_STYLES] = {
        "", "\033[1m", "\033[2m", "\033[32m", "\033[1;33m", "\033[1;31m", "\033[1;35m", "\033[7m"};
    for (size_t i = first; i < sheet->n && i < first + most; i++) {
        const struct sheet_line *line = &sheet->lines[i];
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
