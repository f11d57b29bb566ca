// SPDX-License-Identifier: Apache-2.0
// The text format: numbers are written as decimals from integers, never by way of floating point.
#include "hub/contract/utf8.h"
#include "hub/observe/tell/metrics_write.h"
#include <inttypes.h>
#include <string.h>

void metrics_family(struct metrics_writer *writer, const char *name, const char *type, const char *help)
{
    fprintf(writer->out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metrics_begin(struct metrics_writer *writer, const char *suffix)
{
    writer->labels = 0;
    fprintf(writer->out, "%s%s", writer->name, suffix);
}

static void begin_label(struct metrics_writer *writer)
{
    fputc(writer->labels++ ? ',' : '{', writer->out);
}

// The length of the character that stands here; 0 if it is not one that may stand in text.
static size_t character(const char *at)
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

static void put_escaped(FILE *out, const char *text)
{
    for (;;) {
        size_t plain = 0;
        while (is_plain(text[plain]))
            plain++;
        fwrite(text, 1, plain, out);
        text += plain;
        if (!*text)
            return;
        size_t len = character(text);
        if (len == 0 || *text == '%')
            fprintf(out, "%%%02X", (unsigned char)*text);
        else if (*text == '\n')
            fputs("\\n", out);
        else if (*text == '"' || *text == '\\')
            fprintf(out, "\\%c", *text);
        else
            fwrite(text, 1, len, out);
        text += len ? len : 1;
    }
}

void metrics_label(struct metrics_writer *writer, const char *key, const char *prefix, const char *value)
{
    begin_label(writer);
    fprintf(writer->out, "%s=\"", key);
    put_escaped(writer->out, prefix ? prefix : "");
    put_escaped(writer->out, value ? value : "");
    fputc('"', writer->out);
}

void metrics_label_number(struct metrics_writer *writer, const char *key, int64_t value)
{
    begin_label(writer);
    fprintf(writer->out, "%s=\"%" PRId64 "\"", key, value);
}

static void put_number(FILE *out, struct sample sample)
{
    uint64_t scale = 1, value = sample.value < 0 ? -(uint64_t)sample.value : (uint64_t)sample.value;
    for (int i = 0; i < sample.decimals; i++)
        scale *= 10;
    fprintf(out, "%s%" PRIu64, sample.value < 0 ? "-" : "", value / scale);
    if (value % scale > 0)
        fprintf(out, ".%0*" PRIu64, sample.decimals, value % scale);
}

void metrics_end(struct metrics_writer *writer, struct sample sample)
{
    if (*writer->more) {
        begin_label(writer);
        fputs(writer->more, writer->out);
    }
    fputs(writer->labels ? "} " : " ", writer->out);
    put_number(writer->out, sample);
    fputc('\n', writer->out);
}
