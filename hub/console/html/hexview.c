// SPDX-License-Identifier: Apache-2.0
// Sixteen bytes a row. The marked one is told by its place in the caption, by an arrow before its row and by a frame,
// so that nobody depends on colour.
#include "hub/console/html/hexview.h"
#include <stdio.h>
#include <string.h>

#define ROW    16
#define BEFORE (16 * ROW) // shown before the marked byte, where there is so much

size_t hexview_from(size_t len, int64_t at, int64_t asked)
{
    if (asked >= 0 && (uint64_t)asked < len)
        return (size_t)asked / ROW * ROW;
    if (at < 0 || (uint64_t)at >= len || at < HEXVIEW_BYTES - BEFORE)
        return 0;
    return ((size_t)at - BEFORE) / ROW * ROW;
}

// A way to write bytes: each takes width characters, of which shown are its own.
struct column {
    size_t width, shown;
    void (*text)(const uint8_t *bytes, size_t n, char *out);
};

static void hex_text(const uint8_t *bytes, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
        *out++ = ' ';
    }
    *out = 0;
}

static void ascii_text(const uint8_t *bytes, size_t n, char *out)
{
    for (size_t i = 0; i < n; i++)
        *out++ = bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char)bytes[i] : '.';
    *out = 0;
}

static const struct column hexadecimal = {3, 2, hex_text}, ascii = {1, 1, ascii_text};

static void put_piece(struct html *html, const char *text, size_t len)
{
    char piece[3 * ROW + 1];
    memcpy(piece, text, len);
    piece[len] = 0;
    html_put(html, "%s", piece);
}

// A cell whose byte number mark is marked; n: none is.
static void put_cell(struct html *html, const struct column *column, const uint8_t *bytes, size_t n, size_t mark)
{
    char text[3 * ROW + 1];
    column->text(bytes, n, text);
    html_put(html, "<td><code>");
    put_piece(html, text, mark * column->width);
    if (mark < n) {
        const char *at = text + mark * column->width;
        html_put(html, "<mark>");
        put_piece(html, at, column->shown);
        html_put(html, "</mark>%s", at + column->shown);
    }
    html_put(html, "</code></td>");
}

static void put_row(struct html *html, struct slice bytes, size_t at, uint64_t mark)
{
    size_t n = bytes.len - at < ROW ? bytes.len - at : ROW;
    bool holds = mark >= at && mark < at + n;
    size_t place = holds ? (size_t)mark - at : n;
    char offset[24];
    snprintf(offset, sizeof offset, "%06zx", at);
    html_put(html,
        holds ? "<tr class=\"marked\" id=\"marked\"><th scope=\"row\"><code>▶ %s</code></th>"
              : "<tr><th scope=\"row\"><code>%s</code></th>",
        offset);
    put_cell(html, &hexadecimal, bytes.data + at, n, place);
    put_cell(html, &ascii, bytes.data + at, n, place);
    html_put(html, "</tr>");
}

static void put_caption(struct html *html, size_t len, size_t from, size_t end, int64_t at)
{
    html_put(html, "<caption>Bytes %zu to %zu of %zu", from, end - 1, len);
    if (at >= 0 && (uint64_t)at < len)
        html_put(html, "; the field that was refused begins at byte %lld, which is marked", (long long)at);
    html_put(html, "</caption>");
}

void hexview_put(struct html *html, struct slice bytes, size_t from, int64_t at)
{
    size_t end = bytes.len - from > HEXVIEW_BYTES ? from + HEXVIEW_BYTES : bytes.len;
    if (from >= bytes.len)
        return;
    html_put(html, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Bytes\"><table class=\"hex\">");
    put_caption(html, bytes.len, from, end, at);
    html_put(html, "<thead><tr><th scope=\"col\">Offset</th><th scope=\"col\">Hexadecimal</th><th "
                   "scope=\"col\">Text</th></tr></thead><tbody>");
    for (size_t i = from; i < end; i += ROW)
        put_row(html, slice_of(bytes.data, end), i, at < 0 ? UINT64_MAX : (uint64_t)at);
    html_put(html, "</tbody></table></div>");
}
