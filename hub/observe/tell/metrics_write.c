// SPDX-License-Identifier: Apache-2.0
// The text format: numbers are written as decimals from integers, never by way of floating point.
#include "hub/observe/tell/metrics_write.h"
#include "hub/contract/outcome.h"
#include "hub/base/list.h"
#include "hub/contract/utf8.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// Room for so many bytes more, and a terminator.
static bool make_room(struct metrics_writer *writer, size_t more)
{
    if (!list_room(&writer->text, &writer->room, writer->len + more + 1, 1))
        writer->failed = true;
    return !writer->failed;
}

static void put_bytes(struct metrics_writer *writer, const char *bytes, size_t len)
{
    if (!make_room(writer, len))
        return;
    memcpy(writer->text + writer->len, bytes, len);
    writer->len += len;
    writer->text[writer->len] = 0;
}

static void put_text(struct metrics_writer *writer, const char *text)
{
    put_bytes(writer, text, strlen(text));
}

__attribute__((format(printf, 2, 3))) static void put_format(struct metrics_writer *writer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    if (len >= 0 && make_room(writer, (size_t)len)) {
        vsnprintf(writer->text + writer->len, (size_t)len + 1, format, again);
        writer->len += (size_t)len;
    }
    va_end(again);
    va_end(arguments);
}

void metrics_family(struct metrics_writer *writer, const char *name, const char *type, const char *help)
{
    put_format(writer, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metrics_begin(struct metrics_writer *writer, const char *suffix)
{
    writer->labels = 0;
    put_text(writer, writer->name);
    put_text(writer, suffix);
}

static void begin_label(struct metrics_writer *writer)
{
    put_text(writer, writer->labels++ ? "," : "{");
}

// The length of the character that stands here; 0 if it is not one that may stand in text.
static size_t character_len(const char *at)
{
    size_t most = strnlen(at, 4);
    for (size_t len = 1; len <= most; len++)
        if (utf8_check(slice_of(at, len)) == OUTCOME_ACCEPTED)
            return len;
    return 0;
}

static bool is_plain(char c)
{
    return c >= ' ' && c < 0x7f && c != '%' && c != '"' && c != '\\';
}

static void put_escaped(struct metrics_writer *writer, const char *text)
{
    for (;;) {
        size_t plain = 0;
        while (is_plain(text[plain]))
            plain++;
        put_bytes(writer, text, plain);
        text += plain;
        if (!*text)
            return;
        size_t len = character_len(text);
        if (len == 0 || *text == '%')
            put_format(writer, "%%%02X", (unsigned char)*text);
        else if (*text == '\n')
            put_text(writer, "\\n");
        else if (*text == '"' || *text == '\\')
            put_format(writer, "\\%c", *text);
        else
            put_bytes(writer, text, len);
        text += len ? len : 1;
    }
}

void metrics_label(struct metrics_writer *writer, const char *key, const char *prefix, const char *value)
{
    begin_label(writer);
    put_format(writer, "%s=\"", key);
    put_escaped(writer, prefix ? prefix : "");
    put_escaped(writer, value ? value : "");
    put_text(writer, "\"");
}

void metrics_label_number(struct metrics_writer *writer, const char *key, int64_t value)
{
    begin_label(writer);
    put_format(writer, "%s=\"%" PRId64 "\"", key, value);
}

static void put_number(struct metrics_writer *writer, struct sample sample)
{
    uint64_t scale = 1, value = sample.value < 0 ? -(uint64_t)sample.value : (uint64_t)sample.value;
    for (int i = 0; i < sample.decimals; i++)
        scale *= 10;
    put_format(writer, "%s%" PRIu64, sample.value < 0 ? "-" : "", value / scale);
    if (value % scale > 0)
        put_format(writer, ".%0*" PRIu64, sample.decimals, value % scale);
}

void metrics_end(struct metrics_writer *writer, struct sample sample)
{
    if (*writer->more) {
        begin_label(writer);
        put_text(writer, writer->more);
    }
    put_text(writer, writer->labels ? "} " : " ");
    put_number(writer, sample);
    put_text(writer, "\n");
}
