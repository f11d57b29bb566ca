// SPDX-License-Identifier: Apache-2.0
// Columns are counted by character: combining marks take none, East Asian wide characters and emoji two. What could
// change the terminal is not passed on, since names, notes and content come from other people's documents. Marks of
// direction are among it: with them a reader can be shown another order of words than the one that was signed.
#include "hub/base/display.h"

#define REPLACEMENT 0xfffd

struct range {
    uint32_t first, last;
};

static const struct range narrow[] = {{0x300, 0x36f}, {0x1ab0, 0x1aff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}};
static const struct range wide[] = {{0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3}, {0xf900, 0xfaff},
    {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
static const struct range unsafe[] = {{0, 0x1f}, {0x7f, 0x9f}, {0x61c, 0x61c}, {0x200b, 0x200f}, {0x2028, 0x202e},
    {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f}};

static bool is_in_ranges(uint32_t c, const struct range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

#define WITHIN(c, ranges) is_in_ranges(c, ranges, sizeof(ranges) / sizeof *(ranges))

bool display_is_unsafe(uint32_t character)
{
    return WITHIN(character, unsafe);
}

// Overlong forms are another way to write a control character, surrogates and what lies beyond Unicode no character at
// all.
static bool is_proper(uint32_t c, size_t len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return c >= least[len] && c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff);
}

uint32_t display_next(const char *text, size_t *len)
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
    if (n == 0 || !is_proper(c, n))
        return REPLACEMENT;
    *len = n;
    return c;
}

static size_t columns_of(uint32_t c)
{
    if (display_is_unsafe(c))
        return 1;
    return WITHIN(c, narrow) ? 0 : WITHIN(c, wide) ? 2 : 1;
}

size_t display_columns(const char *text)
{
    size_t columns = 0;
    for (size_t len; *text; text += len)
        columns += columns_of(display_next(text, &len));
    return columns;
}

size_t display_fitting(const char *text, size_t columns)
{
    size_t bytes = 0, taken = 0;
    for (size_t len; text[bytes]; bytes += len) {
        taken += columns_of(display_next(text + bytes, &len));
        if (taken > columns)
            break;
    }
    return bytes;
}

void display_write(FILE *out, const char *text)
{
    for (size_t len; *text; text += len) {
        uint32_t c = display_next(text, &len);
        if (c == REPLACEMENT || display_is_unsafe(c))
            fputs("\xef\xbf\xbd", out);
        else
            fwrite(text, 1, len, out);
    }
}

void display_write_escaped(FILE *out, const char *text, int indent)
{
    for (size_t len; *text; text += len) {
        uint32_t c = display_next(text, &len);
        if (c == '\n')
            fprintf(out, "\n%*s", indent, "");
        else if (c == '\t')
            fputc(' ', out);
        else if (c == REPLACEMENT && len == 1)
            fprintf(out, "\\x{%x}", (unsigned)(uint8_t)*text);
        else if (display_is_unsafe(c))
            fprintf(out, "\\u{%x}", (unsigned)c);
        else
            fwrite(text, 1, len, out);
    }
}
