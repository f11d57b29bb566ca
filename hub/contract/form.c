// SPDX-License-Identifier: Apache-2.0
// Forms of text, without a locale: the same answer on every machine.
#include "hub/contract/form.h"

#define LANGUAGE_WORD 8 // longest word of a language tag (RFC 5646, section 2.1)

static bool is_lower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_letter(uint8_t c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_code_character(uint8_t c)
{
    return is_lower(c) || is_digit(c);
}

static bool is_tag_character(uint8_t c)
{
    return is_letter(c) || is_digit(c);
}

// How many characters from at on are of a kind.
static size_t run_of(const uint8_t *at, const uint8_t *end, bool (*is_kind)(uint8_t c))
{
    size_t n = 0;
    while (at + n < end && is_kind(at[n]))
        n++;
    return n;
}

// Words of 1 to longest characters of a kind, with one hyphen between them.
static bool is_words(struct slice text, bool (*is_kind)(uint8_t c), size_t longest)
{
    const uint8_t *at = text.data, *end = text.data + text.len;
    for (;;) {
        size_t n = run_of(at, end, is_kind);
        at += n;
        if (n == 0 || n > longest)
            return false;
        if (at == end)
            return true;
        if (*at++ != '-')
            return false;
    }
}

bool form_is_code(struct slice text)
{
    return is_words(text, is_code_character, text.len);
}

bool form_is_language(struct slice text)
{
    size_t letters = run_of(text.data, text.data + text.len, is_letter);
    return letters >= 2 && (letters == text.len || text.data[letters] == '-') &&
           is_words(text, is_tag_character, LANGUAGE_WORD);
}

bool form_is_decimal(struct slice text)
{
    const uint8_t *at = text.data, *end = text.data + text.len;
    at += at < end && *at == '-';
    size_t whole = run_of(at, end, is_digit);
    at += whole;
    if (whole == 0 || at == end)
        return whole > 0;
    size_t fraction = run_of(at + 1, end, is_digit);
    return *at == '.' && fraction > 0 && at + 1 + fraction == end;
}
