// SPDX-License-Identifier: Apache-2.0
// Columns are counted by character: combining marks take none, East Asian wide characters and emoji two. What could
// change the terminal is not passed on, since names and notes come from other people's documents.
#include "hub/cli/text.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define REPLACEMENT 0xfffd

struct range {
    uint32_t first, last;
};

static const struct range narrow[] = {
    {0x300, 0x36f}, {0x1ab0, 0x1aff}, {0x200b, 0x200d}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}};
static const struct range wide[] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
    {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
static const struct range unsafe[] = {{0, 0x1f}, {0x7f, 0x9f}, {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069}};

static bool within(uint32_t c, const struct range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

#define WITHIN(c, ranges) within(c, ranges, sizeof(ranges) / sizeof *(ranges))

// The next character; *len is its bytes. A broken sequence is one byte that reads as REPLACEMENT.
static uint32_t next_character(const char *text, size_t *len)
{
    const uint8_t *b = (const uint8_t *)text;
    size_t n = b[0] < 0x80 ? 1 : b[0] >> 5 == 6 ? 2 : b[0] >> 4 == 14 ? 3 : b[0] >> 3 == 30 ? 4 : 0;
    uint32_t c = n == 1 ? b[0] : n ? b[0] & (0xffu >> (n + 1)) : REPLACEMENT;
    *len = 1;
    for (size_t i = 1; i < n; i++) {
        if (b[i] >> 6 != 2)
            return REPLACEMENT;
        c = c << 6 | (b[i] & 0x3f);
    }
    if (n)
        *len = n;
    return c;
}

static size_t columns_of(uint32_t c)
{
    return WITHIN(c, narrow) ? 0 : WITHIN(c, wide) ? 2 : 1;
}

size_t text_columns(const char *text)
{
    size_t columns = 0, len;
    for (; *text; text += len) {
        uint32_t c = next_character(text, &len);
        columns += WITHIN(c, unsafe) ? 1 : columns_of(c);
    }
    return columns;
}

void text_write_safely(FILE *out, const char *text)
{
    for (size_t len; *text; text += len) {
        uint32_t c = next_character(text, &len);
        if (c == REPLACEMENT || WITHIN(c, unsafe))
            fputs("\xef\xbf\xbd", out);
        else
            fwrite(text, 1, len, out);
    }
}

static void write_line(FILE *out, const char *line, size_t len, size_t indent)
{
    fprintf(out, "%*s%.*s\n", len ? (int)indent : 0, "", (int)len, line);
}

// How much of a line stands before the break.
static size_t fitting(const char *line, size_t len, size_t room)
{
    if (len <= room || memcmp(line, "  ", 2) == 0)
        return len;
    for (size_t at = room; at > 0; at--)
        if (line[at] == ' ')
            return at;
    size_t word = 0;
    while (word < len && line[word] != ' ')
        word++;
    return word;
}

void text_wrap(FILE *out, const char *text, size_t indent, size_t width)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        size_t take = fitting(text, len, width - indent);
        write_line(out, text, take, indent);
        text += take;
        text += *text == '\n' || *text == ' ';
    }
}
