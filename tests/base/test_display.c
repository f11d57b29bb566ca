// SPDX-License-Identifier: Apache-2.0
// What other people wrote takes the columns that are counted, and cannot steer the terminal.
#include "hub/base/display.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static const struct {
    const char *text;
    size_t columns;
    const char *safe, *escaped; // NULL: the text itself
} texts[] = {
    {"", 0, NULL, NULL}, {"kent", 4, NULL, NULL}, {"Ynys M\xc3\xb4n \xe2\x82\xac", 10, NULL, NULL},
    {"e\xcc\x81", 1, NULL, NULL}, // a letter and a combining accent
    {"\xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80", 7, NULL, NULL},
    {"a\x1b[2Jb", 6, "a\xef\xbf\xbd[2Jb", "a\\u{1b}[2Jb"}, // would clear the screen
    {"a\tb\nc", 5,
        "a\xef\xbf\xbd"
        "b\xef\xbf\xbd"
        "c",
        "a b\n   c"},
    {"\x7f\xc2\x9b"
     "31m",
        5,
        "\xef\xbf\xbd\xef\xbf\xbd"
        "31m",
        "\\u{7f}\\u{9b}31m"},
    {"\xe2\x80\xae"
     "abc\xe2\x81\xa6",
        5,
        "\xef\xbf\xbd"
        "abc\xef\xbf\xbd",
        "\\u{202e}abc\\u{2066}"}, // would turn it around
    {"\xef\xbb\xbf", 1, "\xef\xbf\xbd", "\\u{feff}"},
    {"a\xff"
     "b",
        3,
        "a\xef\xbf\xbd"
        "b",
        "a\\x{ff}b"},
    {"a\xc3", 2, "a\xef\xbf\xbd", "a\\x{c3}"}, {"\xe2\x82", 2, "\xef\xbf\xbd\xef\xbf\xbd", "\\x{e2}\\x{82}"},
    {"\xc0\x9b", 2, "\xef\xbf\xbd\xef\xbf\xbd", "\\x{c0}\\x{9b}"},       // an escape in too many bytes
    {"\xd7\xa9\xd6\xb8\xd7\x9c", 2, NULL, NULL},                         // Hebrew with a vowel point
    {"\xd9\x83\xd9\x90\xd8\xaa\xd9\x8e", 2, NULL, NULL},                 // Arabic with vowels
    {"\xd8\x80\xd9\xa1", 2, NULL, NULL},                                 // Arabic number sign and a digit
    {"\xe0\xa4\x95\xe0\xa5\x8d\xe0\xa4\xb7\xe0\xa4\xbe", 3, NULL, NULL}, // Devanagari: kssaa
    {"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 2, NULL, NULL},             // Hangul, written apart
    {"\xef\xbc\xa1", 2, NULL, NULL},                                     // a full-width letter
    {"\xe2\x9d\xa4\xef\xb8\x8f", 1, NULL, NULL},                         // a heart, as an emoji
    {"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", 5,                  // two people joined
        "\xf0\x9f\x91\xa8\xef\xbf\xbd\xf0\x9f\x91\xa9", "\xf0\x9f\x91\xa8\\u{200d}\xf0\x9f\x91\xa9"},
    {"ke\xe2\x80\x8bnt", 5, "ke\xef\xbf\xbdnt", "ke\\u{200b}nt"}, // a space that nobody sees
    {"ke\xcd\x8fnt", 5, "ke\xef\xbf\xbdnt", "ke\\u{34f}nt"},      // a joiner that nobody sees
    {"\xe3\x85\xa4", 1, "\xef\xbf\xbd", "\\u{3164}"},             // a letter that nobody sees
    {"\xc2\xad\xd8\x9c\xe2\x80\x8f", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "\\u{ad}\\u{61c}\\u{200f}"},
    {"\xf3\xa0\x81\x81", 1, "\xef\xbf\xbd", "\\u{e0041}"},                                // a tag
    {"\xed\xa0\x80", 3, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "\\x{ed}\\x{a0}\\x{80}"}, // half a pair
};

static char *written(const char *text, bool escaped)
{
    char *shown;
    size_t len;
    FILE *out = open_memstream(&shown, &len);
    if (escaped)
        display_write_escaped(out, text, 3);
    else
        display_write(out, text);
    fclose(out);
    return shown;
}

Test(display, text_is_counted_in_columns_and_cannot_steer_the_terminal)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *safe = written(texts[i].text, false), *escaped = written(texts[i].text, true);
        cr_expect_eq(display_columns(texts[i].text), texts[i].columns, "case %zu", i);
        cr_expect_str_eq(safe, texts[i].safe ? texts[i].safe : texts[i].text, "case %zu", i);
        cr_expect_str_eq(escaped, texts[i].escaped ? texts[i].escaped : texts[i].text, "case %zu", i);
        free(safe);
        free(escaped);
    }
}

Test(display, a_text_is_cut_between_characters)
{
    static const struct {
        const char *text;
        size_t columns, bytes;
    } cuts[] = {{"kent", 4, 4}, {"kent", 3, 3}, {"kent", 0, 0}, {"M\xc3\xb4n", 2, 3},
        {"\xe6\x97\xa5\xe6\x9c\xac", 3, 3}, {"e\xcc\x81x", 1, 3}, {"", 5, 0}};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
        cr_expect_eq(display_fitting(cuts[i].text, cuts[i].columns), cuts[i].bytes, "case %zu", i);
}
