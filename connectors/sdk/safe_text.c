// SPDX-License-Identifier: Apache-2.0
// Escapes what a terminal would obey. Direction marks are among it: with them a reader can be shown another order of
// words than the one that was signed.
#include "connectors/sdk/safe_text.h"

#include <stdint.h>

struct range {
    uint32_t first, last;
};

static const struct range unsafe[] = {
    {0x00, 0x1f},
    {0x7f, 0x9f},
    {0x061c, 0x061c},
    {0x200b, 0x200f},
    {0x2028, 0x202e},
    {0x2060, 0x206f},
    {0xfeff, 0xfeff},
    {0xfff9, 0xfffb},
    {0xe0000, 0xe007f},
};

static bool is_unsafe(uint32_t point)
{
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
        if (point >= unsafe[i].first && point <= unsafe[i].last)
            return true;
    return false;
}

// Length of the character at text and its code point; a stray byte stands for itself as a C1 control, which is escaped.
static size_t decode(const char *text, uint32_t *point)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t len = *at < 0x80 ? 1 : *at >= 0xf0 ? 4 : *at >= 0xe0 ? 3 : *at >= 0xc0 ? 2 : 0;
    *point = len <= 1 ? *at : *at & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            len = 0;
        else
            *point = *point << 6 | (at[i] & 0x3f);
    }
    if (len > 0)
        return len;
    *point = 0x80;
    return 1;
}

void safe_text_write(FILE *out, const char *text, int indent)
{
    while (*text) {
        uint32_t point;
        size_t len = decode(text, &point);
        if (point == '\n')
            fprintf(out, "\n%*s", indent, "");
        else if (point == '\t')
            fputc(' ', out);
        else if (is_unsafe(point))
            fprintf(out, "\\u{%x}", point);
        else
            fwrite(text, 1, len, out);
        text += len;
    }
}
