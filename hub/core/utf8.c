// SPDX-License-Identifier: Apache-2.0
// Most text here is ASCII, so eight bytes at a time are looked at for anything else. For the rest, the first byte of a
// character tells its length and the range of its second byte, which is where overlong forms, surrogates and what lies
// above U+10FFFF show.
#include "hub/core/utf8.h"

struct lead {
    uint8_t first, last;         // lead bytes
    uint8_t len;                 // of the character, in bytes
    uint8_t second_from, second_to;
};

static const struct lead leads[] = {
    {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f},
    {0xee, 0xef, 3, 0x80, 0xbf}, {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

static bool is_plain(uint8_t byte)
{
    return byte != 0 && byte < 0x80;
}

// Moves past what is ASCII and not NUL.
static const uint8_t *plain_end(const uint8_t *at, const uint8_t *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        if ((word | (word - ONES)) & HIGHS)
            break;
    }
    while (at < end && is_plain(*at))
        at++;
    return at;
}

static const struct lead *lead_of(uint8_t byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    return NULL;
}

// The length of the character of more than one byte that stands here, or 0 if there is none.
static size_t character(const uint8_t *at, const uint8_t *end)
{
    const struct lead *lead = lead_of(at[0]);
    if (!lead || end - at < lead->len || at[1] < lead->second_from || at[1] > lead->second_to)
        return 0;
    for (size_t i = 2; i < lead->len; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return lead->len;
}

enum outcome utf8_check(struct slice text)
{
    const uint8_t *at = text.data, *end = text.data + text.len;
    while ((at = plain_end(at, end)) < end) {
        size_t len = character(at, end);
        if (len == 0)
            return *at == 0 ? OUTCOME_TEXT_NUL : OUTCOME_UTF8_BROKEN;
        at += len;
    }
    return OUTCOME_ACCEPTED;
}
