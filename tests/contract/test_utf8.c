// SPDX-License-Identifier: Apache-2.0
#include "hub/contract/utf8.h"
#include "hub/contract/outcome.h"
#include <criterion/criterion.h>

#define TEXT(text)                                                                                                     \
    {                                                                                                                  \
        (const uint8_t *)(text), sizeof(text) - 1                                                                      \
    }

static const struct row {
    const char *what;
    struct slice text;
    enum outcome outcome;
} rows[] = {
    {"nothing", TEXT(""), OUTCOME_ACCEPTED},
    {"ASCII", TEXT("The line is run from Hackney."), OUTCOME_ACCEPTED},
    {"every length of character", TEXT("a\xc2\xa3\xe2\x82\xac\xf0\x9f\x9a\x82z"), OUTCOME_ACCEPTED},
    {"the first and last of two bytes", TEXT("\xc2\x80\xdf\xbf"), OUTCOME_ACCEPTED},
    {"the first and last of three bytes", TEXT("\xe0\xa0\x80\xef\xbf\xbf"), OUTCOME_ACCEPTED},
    {"the neighbours of the surrogates", TEXT("\xed\x9f\xbf\xee\x80\x80"), OUTCOME_ACCEPTED},
    {"the first and last of four bytes", TEXT("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), OUTCOME_ACCEPTED},
    {"DEL and the other controls", TEXT("\x01\x1f\x7f"), OUTCOME_ACCEPTED},
    {"a lone continuation", TEXT("\x80"), OUTCOME_UTF8_BROKEN},
    {"a continuation too many", TEXT("\xc2\xa3\xa3"), OUTCOME_UTF8_BROKEN},
    {"an overlong slash in two bytes", TEXT("\xc0\xaf"), OUTCOME_UTF8_BROKEN},
    {"an overlong letter in two bytes", TEXT("\xc1\xbf"), OUTCOME_UTF8_BROKEN},
    {"an overlong NUL in two bytes", TEXT("\xc0\x80"), OUTCOME_UTF8_BROKEN},
    {"overlong in three bytes", TEXT("\xe0\x9f\xbf"), OUTCOME_UTF8_BROKEN},
    {"overlong in four bytes", TEXT("\xf0\x8f\xbf\xbf"), OUTCOME_UTF8_BROKEN},
    {"the first surrogate", TEXT("\xed\xa0\x80"), OUTCOME_UTF8_BROKEN},
    {"the last surrogate", TEXT("\xed\xbf\xbf"), OUTCOME_UTF8_BROKEN},
    {"above U+10FFFF", TEXT("\xf4\x90\x80\x80"), OUTCOME_UTF8_BROKEN},
    {"far above U+10FFFF", TEXT("\xf5\x80\x80\x80"), OUTCOME_UTF8_BROKEN},
    {"five bytes", TEXT("\xf8\x88\x80\x80\x80"), OUTCOME_UTF8_BROKEN},
    {"the byte FE", TEXT("\xfe"), OUTCOME_UTF8_BROKEN},
    {"the byte FF after much text", TEXT("0123456789abcdef0123456789\xff"), OUTCOME_UTF8_BROKEN},
    {"one of two bytes", TEXT("\xc2"), OUTCOME_UTF8_BROKEN},
    {"two of three bytes", TEXT("\xe2\x82"), OUTCOME_UTF8_BROKEN},
    {"three of four bytes", TEXT("\xf0\x9f\x9a"), OUTCOME_UTF8_BROKEN},
    {"a character broken by a letter",
        TEXT("\xe2\x82"
             "a"),
        OUTCOME_UTF8_BROKEN},
    {"a character broken in its fourth byte",
        TEXT("\xf0\x9f\x9a"
             "a"),
        OUTCOME_UTF8_BROKEN},
    {"a character broken by eight letters",
        TEXT("1234567\xc2"
             "abcdefgh"
             "\xa3"),
        OUTCOME_UTF8_BROKEN},
    {"NUL alone", TEXT("\0"), OUTCOME_TEXT_NUL},
    {"NUL at the end of eight", TEXT("1234567\0"), OUTCOME_TEXT_NUL},
    {"NUL after a long text", TEXT("0123456789abcdef0123456789\0z"), OUTCOME_TEXT_NUL},
    {"NUL before what is broken", TEXT("\0\xff"), OUTCOME_TEXT_NUL},
    {"what is broken before NUL", TEXT("\xff\0"), OUTCOME_UTF8_BROKEN},
};

Test(utf8, takes_well_formed_text_alone)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect(utf8_check(rows[i].text) == rows[i].outcome, "%s", rows[i].what);
}

// Every place in and around the eight bytes that are looked at together.
Test(utf8, finds_a_bad_byte_wherever_it_stands)
{
    static const uint8_t bad[] = {0x00, 0x80, 0xc0, 0xff};
    for (size_t len = 1; len <= 40; len++) {
        for (size_t at = 0; at < len; at++) {
            for (size_t b = 0; b < sizeof bad; b++) {
                uint8_t text[40];
                memset(text, 'a', sizeof text);
                cr_assert(utf8_check(slice_of(text, len)) == OUTCOME_ACCEPTED);
                text[at] = bad[b];
                enum outcome expected = bad[b] == 0 ? OUTCOME_TEXT_NUL : OUTCOME_UTF8_BROKEN;
                cr_expect(utf8_check(slice_of(text, len)) == expected, "byte %02x at %zu of %zu", bad[b], at, len);
            }
        }
    }
}

Test(utf8, does_not_look_beyond_the_end_for_the_rest_of_a_character)
{
    static const char *const characters[] = {"\xc2\xa3", "\xe2\x82\xac", "\xf0\x9f\x9a\x82"};
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        size_t whole = strlen(characters[i]);
        cr_expect(utf8_check(slice_of(characters[i], whole)) == OUTCOME_ACCEPTED);
        for (size_t len = 1; len < whole; len++)
            cr_expect(utf8_check(slice_of(characters[i], len)) == OUTCOME_UTF8_BROKEN, "%zu of %zu bytes", len, whole);
    }
}

// The definition, written a second way: decode, then ask for the shortest form.
static bool well_formed(uint32_t code, const uint8_t *text, size_t len)
{
    size_t shortest = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = 1; i < len; i++)
        if ((text[i] & 0xc0) != 0x80)
            return false;
    return len == shortest && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) && code != 0;
}

Test(utf8, agrees_with_its_definition_on_every_form_of_three_bytes)
{
    for (uint32_t code = 0; code < 0x10000; code++) {
        uint8_t text[3] = {
            (uint8_t)(0xe0 | code >> 12), (uint8_t)(0x80 | (code >> 6 & 0x3f)), (uint8_t)(0x80 | (code & 0x3f))};
        cr_assert((utf8_check(slice_of(text, 3)) == OUTCOME_ACCEPTED) == well_formed(code, text, 3), "U+%04X", code);
    }
    for (uint32_t code = 0; code < 0x200000; code += 61) {
        uint8_t text[4] = {(uint8_t)(0xf0 | code >> 18), (uint8_t)(0x80 | (code >> 12 & 0x3f)),
            (uint8_t)(0x80 | (code >> 6 & 0x3f)), (uint8_t)(0x80 | (code & 0x3f))};
        cr_assert((utf8_check(slice_of(text, 4)) == OUTCOME_ACCEPTED) == well_formed(code, text, 4), "U+%06X", code);
    }
}
