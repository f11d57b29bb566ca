// SPDX-License-Identifier: Apache-2.0
// Columns are counted by character, as terminals do that know nothing of sequences: so a joined emoji, whose joiners
// are shown as what they are, takes the same columns in every terminal. What could change the terminal is not passed
// on, since names, notes and content come from other people's documents. Marks of direction are among it: with them a
// reader can be shown another order of words than the one that was signed. So are characters that nobody sees: with
// them two names look the same. What kind a character is, and how wide, is Unicode's to say, through utf8proc.
#include "hub/base/display.h"
#include <utf8proc.h>

#define REPLACEMENT 0xfffd

// They choose among the forms of the character before them, and take no column.
static bool selects_form(uint32_t c)
{
    return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

// Signs of format that are seen: they enclose the digits that follow, as the Arabic number sign does.
static bool encloses_digits(uint32_t c)
{
    return utf8proc_get_property((utf8proc_int32_t)c)->boundclass == UTF8PROC_BOUNDCLASS_PREPEND;
}

bool display_is_unsafe(uint32_t character)
{
    switch (utf8proc_category((utf8proc_int32_t)character)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    case UTF8PROC_CATEGORY_CF:
        return !encloses_digits(character);
    case UTF8PROC_CATEGORY_CN: // of these some are kept for marks of direction and tags to come
        return (character >= 0x2060 && character <= 0x206f) || (character >= 0xe0000 && character <= 0xe0fff);
    default:
        return utf8proc_get_property((utf8proc_int32_t)character)->ignorable && !selects_form(character);
    }
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

// Marks that take space (vowel signs of Devanagari and its like) have a column of their own in a terminal; vowels and
// finals of Hangul that are written apart join the syllable before them.
static size_t columns_of(uint32_t c)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    int join = utf8proc_get_property((utf8proc_int32_t)c)->boundclass;
    if (display_is_unsafe(c) || category == UTF8PROC_CATEGORY_MC || category == UTF8PROC_CATEGORY_CF)
        return 1;
    if (join == UTF8PROC_BOUNDCLASS_V || join == UTF8PROC_BOUNDCLASS_T)
        return 0;
    return (size_t)utf8proc_charwidth((utf8proc_int32_t)c);
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
