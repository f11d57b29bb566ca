// SPDX-License-Identifier: Apache-2.0
// A printf of few conversions whose texts are always escaped. It walks the format itself instead of handing it to
// vsnprintf: what is not in the short list of conversions fails, so no page can find a way around the escaping.
#include "hub/console/html/html.h"
#include "hub/base/list.h"
#include "hub/base/log.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HTML_FIRST_BYTES  16384
#define HTML_NUMBER_BYTES 512 // of the longest double with the most digits that a conversion may ask for

struct conversion {
    char text[16]; // the conversion alone, for snprintf
    int longs;     // 'l' counted
    bool size;     // 'z'
    char letter;
};

void html_deinit(struct html *html)
{
    free(html->data);
    *html = (struct html){0};
}

static bool make_room(struct html *html, size_t more)
{
    size_t wanted = html->len + more + 1;
    if (wanted < HTML_FIRST_BYTES)
        wanted = HTML_FIRST_BYTES;
    html->failed = html->failed || !list_room(&html->data, &html->room, wanted, 1);
    return !html->failed;
}

static void put_bytes(struct html *html, const char *bytes, size_t n)
{
    if (!make_room(html, n))
        return;
    memcpy(html->data + html->len, bytes, n);
    html->len += n;
    html->data[html->len] = '\0';
}

#define REPLACEMENT "\xEF\xBF\xBD"

// Length of a character that turns the direction of text around (U+202A to U+202E, U+2066 to U+2069), else 0: with
// those, a name could show another one.
static size_t turn_len(const char *text)
{
    if (strncmp(text, "\xE2\x80", 2) == 0 && (unsigned char)text[2] >= 0xAA && (unsigned char)text[2] <= 0xAE)
        return 3;
    return strncmp(text, "\xE2\x81", 2) == 0 && (unsigned char)text[2] >= 0xA6 && (unsigned char)text[2] <= 0xA9 ? 3
                                                                                                                 : 0;
}

// NULL: the character may stand as it is.
static const char *escaped_char(const char *text)
{
    unsigned char byte = (unsigned char)*text;
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
        return NULL;
    default:
        return byte < 0x20 || byte == 0x7f || turn_len(text) ? REPLACEMENT : NULL; // controls have no place in a page
    }
}

static void put_escaped(struct html *html, const char *text)
{
    const char *plain = text;
    for (; *text; text++) {
        size_t turn = turn_len(text);
        const char *escaped = escaped_char(text);
        if (!escaped)
            continue;
        put_bytes(html, plain, (size_t)(text - plain));
        put_bytes(html, escaped, strlen(escaped));
        text += turn ? turn - 1 : 0;
        plain = text + 1;
    }
    put_bytes(html, plain, (size_t)(text - plain));
}

// Reads a conversion behind its '%'; returns what stands after it, NULL if it is none of ours.
static const char *read_conversion(const char *at, struct conversion *conversion)
{
    *conversion = (struct conversion){.text = "%"};
    size_t n = 1;
    for (; n < sizeof(conversion->text) - 1 && strchr("0123456789.lz", *at) && *at; at++) {
        conversion->longs += *at == 'l';
        conversion->size |= *at == 'z';
        conversion->text[n++] = *at;
    }
    conversion->letter = *at;
    conversion->text[n] = *at;
    if (!*at || n == sizeof(conversion->text) - 1 || (conversion->size && conversion->longs) || conversion->longs > 2)
        return NULL;
    return at + 1;
}

static void refuse_conversion(struct html *html, const struct conversion *conversion)
{
    html->failed = true;
    log_error("CONSOLE-MARKUP-WRONG",
        "conversion=\"%.16s\" effect=\"The answer is not given.\" next=\"This is a fault of the program: tell who "
        "keeps "
        "it.\"",
        conversion->text);
}

// n is what snprintf says: digits that do not fit fail.
static void put_number(struct html *html, const char *text, int n)
{
    if (n < 0 || n >= HTML_NUMBER_BYTES)
        html->failed = true;
    else
        put_bytes(html, text, (size_t)n);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" // the conversion was read and checked by read_conversion
static void put_signed(struct html *html, const struct conversion *conversion, va_list *arguments)
{
    char text[HTML_NUMBER_BYTES];
    int n;
    if (conversion->size)
        n = snprintf(text, sizeof(text), conversion->text, va_arg(*arguments, ssize_t));
    else if (conversion->longs == 2)
        n = snprintf(text, sizeof(text), conversion->text, va_arg(*arguments, long long));
    else if (conversion->longs == 1)
        n = snprintf(text, sizeof(text), conversion->text, va_arg(*arguments, long));
    else
        n = snprintf(text, sizeof(text), conversion->text, va_arg(*arguments, int));
    put_number(html, text, n);
}

static void put_double(struct html *html, const struct conversion *conversion, va_list *arguments)
{
    char text[HTML_NUMBER_BYTES];
    int n = snprintf(text, sizeof(text), conversion->text, va_arg(*arguments, double));
    put_number(html, text, n);
}
#pragma GCC diagnostic pop

static void put_text(struct html *html, const struct conversion *conversion, va_list *arguments)
{
    if (conversion->text[1] != conversion->letter) { // would cut a text in the middle of a character
        refuse_conversion(html, conversion);
        return;
    }
    char single[2] = {0};
    if (conversion->letter == 'c')
        single[0] = (char)va_arg(*arguments, int);
    const char *text = conversion->letter == 'c' ? single : va_arg(*arguments, const char *);
    put_escaped(html, text ? text : "");
}

static void put_converted(struct html *html, const struct conversion *conversion, va_list *arguments)
{
    switch (conversion->letter) {
    case 's':
    case 'c':
        put_text(html, conversion, arguments);
        return;
    case 'd':
    case 'u': // the same size and the same bits; snprintf reads them as the letter says
        put_signed(html, conversion, arguments);
        return;
    case 'f':
        put_double(html, conversion, arguments);
        return;
    case '%':
        put_bytes(html, "%", 1);
        return;
    default:
        refuse_conversion(html, conversion);
    }
}

void html_put(struct html *html, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    while (!html->failed && *format) {
        size_t plain = strcspn(format, "%");
        put_bytes(html, format, plain);
        format += plain;
        if (*format != '%')
            break;
        struct conversion conversion;
        format = read_conversion(format + 1, &conversion);
        if (format)
            put_converted(html, &conversion, &arguments);
        else
            refuse_conversion(html, &conversion);
    }
    va_end(arguments);
}
