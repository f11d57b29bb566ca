// SPDX-License-Identifier: Apache-2.0
// Percent-decoding in one pass into a buffer of the input's length, then one check of the result as a text. Only
// printable ASCII may stand undecoded, as RFC 3986 has it: anything else is a sign of a program that does not know what
// it sends.
#include "hub/console/server/decode.h"
#include "hub/contract/outcome.h"
#include "hub/contract/utf8.h"

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Decodes into out, which has room for raw.len bytes. -1 if raw is malformed.
static long unescape_bytes(struct slice raw, bool plus, uint8_t *out)
{
    long n = 0;
    for (size_t i = 0; i < raw.len; i++) {
        uint8_t c = raw.data[i];
        if (c <= 0x20 || c >= 0x7f)
            return -1;
        if (c == '%') {
            int high = raw.len - i > 2 ? hex_digit(raw.data[i + 1]) : -1,
                low = high < 0 ? -1 : hex_digit(raw.data[i + 2]);
            if (low < 0)
                return -1;
            c = (uint8_t)(high << 4 | low);
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        out[n++] = c;
    }
    return n;
}

static bool is_control(const uint8_t *bytes, size_t i)
{
    bool second = bytes[i] >= 0x80 && bytes[i] < 0xa0 && i > 0 && bytes[i - 1] == 0xc2; // U+0080 to U+009F
    return bytes[i] < 0x20 || bytes[i] == 0x7f || second;
}

// Valid UTF-8 without control characters; lines: but for line feeds.
static bool is_text(struct slice text, bool lines)
{
    if (utf8_check(text) != OUTCOME_ACCEPTED)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (is_control(text.data, i) && !(lines && text.data[i] == '\n'))
            return false;
    return true;
}

// What browsers send for the end of a line, and tabulators in what people paste.
static size_t tidy_lines(uint8_t *bytes, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '\r' && i + 1 < len && bytes[i + 1] == '\n')
            continue;
        bytes[n++] = bytes[i] == '\t' ? ' ' : bytes[i];
    }
    return n;
}

static char *decode_text(struct slice raw, bool form, struct arena *arena)
{
    uint8_t *out = arena_alloc(arena, raw.len + 1);
    long n = out ? unescape_bytes(raw, form, out) : -1;
    if (n < 0)
        return NULL;
    size_t len = form ? tidy_lines(out, (size_t)n) : (size_t)n;
    out[len] = 0;
    return is_text(slice_of(out, len), form) ? (char *)out : NULL;
}

static size_t place_of(struct slice text, char c)
{
    const uint8_t *at = text.len ? memchr(text.data, c, text.len) : NULL;
    return at ? (size_t)(at - text.data) : text.len;
}

const char *decode_path(struct slice uri, struct arena *arena)
{
    struct slice path = slice_of(uri.data, place_of(uri, '?'));
    if (path.len == 0 || path.data[0] != '/' || place_of(path, '#') != path.len)
        return NULL;
    return decode_text(path, false, arena);
}

struct slice decode_query(struct slice uri)
{
    size_t at = place_of(uri, '?');
    return at < uri.len ? slice_of(uri.data + at + 1, uri.len - at - 1) : slice_of(uri.data, 0);
}

static bool add_pair(struct slice text, struct arena *arena, struct pairs *pairs)
{
    size_t equals = place_of(text, '='), value_at = equals < text.len ? equals + 1 : equals;
    if (equals == 0 || pairs->n == PAIRS_MOST)
        return false;
    const char *name = decode_text(slice_of(text.data, equals), true, arena);
    const char *value = decode_text(slice_of(text.data + value_at, text.len - value_at), true, arena);
    if (!name || !value || pairs_find(pairs, name))
        return false;
    pairs->items[pairs->n++] = (struct pair){name, value};
    return true;
}

bool decode_pairs(struct slice text, struct arena *arena, struct pairs *pairs)
{
    pairs->n = 0;
    while (text.len) {
        size_t end = place_of(text, '&');
        if (!add_pair(slice_of(text.data, end), arena, pairs))
            return false;
        size_t next = end < text.len ? end + 1 : end;
        text = slice_of(text.data + next, text.len - next);
    }
    return true;
}
