// SPDX-License-Identifier: Apache-2.0
// One buffer, as large as the longest line allowed and one read more. A line that does not fit is thrown away up to its
// end; the next one counts on.
#include "connectors/sdk/lines.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#define READ_BYTES 65536u

struct lines {
    int file;
    size_t max_bytes;
    uint64_t number;
    uint8_t *buffer;
    size_t start, end; // what was read and not yet handed out
    bool at_end;       // of the file
    bool skipping;     // within a line that is too long
};

struct lines *lines_new(int file, size_t max_bytes)
{
    struct lines *lines = calloc(1, sizeof *lines);
    if (lines && !(lines->buffer = malloc(max_bytes + 2 + READ_BYTES))) {
        free(lines);
        return NULL;
    }
    if (lines) {
        lines->file = file;
        lines->max_bytes = max_bytes;
    }
    return lines;
}

struct lines *lines_free(struct lines *lines)
{
    if (lines)
        free(lines->buffer);
    free(lines);
    return NULL;
}

uint64_t lines_number(const struct lines *lines)
{
    return lines->number;
}

// The next line in the buffer, or what is left at the end of the file. false if it is not whole yet.
static bool take_line(struct lines *lines, struct slice *line)
{
    const uint8_t *start = lines->buffer + lines->start;
    size_t len = lines->end - lines->start;
    const uint8_t *feed = len ? memchr(start, '\n', len) : NULL;
    if (!feed && !(lines->at_end && len > 0))
        return false;
    *line = slice_of(start, feed ? (size_t)(feed - start) : len);
    lines->start += line->len + (feed ? 1 : 0);
    lines->number++;
    if (line->len > 0 && line->data[line->len - 1] == '\r')
        line->len--;
    return true;
}

// Some editors put it at the beginning of a file; it is no part of the first line.
static struct slice without_byte_order_mark(const struct lines *lines, struct slice line)
{
    bool marked = lines->number == 1 && line.len >= 3 && memcmp(line.data, "\xef\xbb\xbf", 3) == 0;
    return marked ? slice_of(line.data + 3, line.len - 3) : line;
}

static bool is_blank(struct slice line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.data[i] != ' ' && line.data[i] != '\t')
            return false;
    return true;
}

// Makes room for one read; a line that has outgrown its limit is let go.
static void make_room(struct lines *lines)
{
    if (lines->end - lines->start > lines->max_bytes) {
        lines->start = lines->end;
        lines->skipping = true;
    }
    memmove(lines->buffer, lines->buffer + lines->start, lines->end - lines->start);
    lines->end -= lines->start;
    lines->start = 0;
}

// LINES_LINE if something was read or the end was seen.
static enum lines_status read_more(struct lines *lines, int timeout_ms)
{
    struct pollfd ready = {.fd = lines->file, .events = POLLIN};
    int n_ready = poll(&ready, 1, timeout_ms);
    if (n_ready == 0 || (n_ready < 0 && errno == EINTR))
        return LINES_NOTHING;
    make_room(lines);
    ssize_t n = n_ready < 0 ? -1 : read(lines->file, lines->buffer + lines->end, READ_BYTES);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? LINES_NOTHING : LINES_FAILED;
    lines->end += (size_t)n;
    lines->at_end = n == 0;
    return LINES_LINE;
}

// What there is to say of a line that is whole.
static enum lines_status judge_line(struct lines *lines, struct slice *line)
{
    bool too_long = lines->skipping || line->len > lines->max_bytes;
    lines->skipping = false;
    *line = without_byte_order_mark(lines, *line);
    return too_long ? LINES_TOO_LONG : LINES_LINE;
}

enum lines_status lines_next(struct lines *lines, int timeout_ms, struct slice *line)
{
    for (;;) {
        while (take_line(lines, line)) {
            enum lines_status status = judge_line(lines, line);
            if (status == LINES_TOO_LONG || !is_blank(*line))
                return status;
        }
        if (lines->at_end && lines->skipping) {
            lines->skipping = false;
            lines->number++;
            return LINES_TOO_LONG;
        }
        if (lines->at_end)
            return LINES_END;
        enum lines_status status = read_more(lines, timeout_ms);
        if (status != LINES_LINE)
            return status;
    }
}
