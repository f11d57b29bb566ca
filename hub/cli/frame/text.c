// SPDX-License-Identifier: Apache-2.0
// Breaking help texts into lines.
#include "hub/cli/frame/text.h"
#include <string.h>

static void write_line(FILE *out, const char *line, size_t len, size_t indent)
{
    fprintf(out, "%*s%.*s\n", len ? (int)indent : 0, "", (int)len, line);
}

// How much of a line stands before the break.
static size_t fitting_part(const char *line, size_t len, size_t room)
{
    if (len <= room || memcmp(line, "  ", 2) == 0)
        return len;
    for (size_t at = room; at > 0; at--)
        if (line[at] == ' ')
            return at;
    size_t word = 0;
    while (word < len && line[word] != ' ')
        word++;
    return word;
}

void text_wrap(FILE *out, const char *text, size_t indent, size_t width)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        size_t take = fitting_part(text, len, width - indent);
        write_line(out, text, take, indent);
        text += take;
        text += *text == '\n' || *text == ' ';
    }
}
