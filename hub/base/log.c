// SPDX-License-Identifier: Apache-2.0
// One event, one line, one write: lines of different threads never mix. The caller's text is key=value pairs; a value
// that holds spaces, quotes or control characters is quoted here, so that callers need not think of it and no text,
// whoever it comes from, can start a line of its own.
#include "hub/base/log.h"
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOG_TEXT_BYTES 2048
#define LOG_LINE_BYTES (LOG_TEXT_BYTES * 4 + 256)

struct line {
    char text[LOG_LINE_BYTES];
    size_t len;
};

static atomic_int threshold = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&threshold, (int)level);
}

static void put_bytes(struct line *line, const char *text, size_t len)
{
    size_t room = sizeof line->text - 1 - line->len; // the last byte is the line feed's
    if (len > room)
        len = room;
    memcpy(line->text + line->len, text, len);
    line->len += len;
}

static void put_text(struct line *line, const char *text)
{
    put_bytes(line, text, strlen(text));
}

static bool is_key_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

// The length of the "key=" that text begins with, or 0.
static size_t key_len(const char *text)
{
    size_t n = 0;
    while (is_key_char(text[n]))
        n++;
    return n && text[n] == '=' ? n + 1 : 0;
}

// The length of the quoted text that value begins with, if nothing but the next pair follows it; or 0.
static size_t quoted_len(const char *value)
{
    size_t n = 1;
    if (value[0] != '"')
        return 0;
    while (value[n] && value[n] != '"')
        n += value[n] == '\\' && value[n + 1] ? 2 : 1;
    return value[n] == '"' && (value[n + 1] == ' ' || !value[n + 1]) ? n + 1 : 0;
}

// A value that the caller has quoted ends with its quote, any other where " key=" begins.
static size_t value_len(const char *value)
{
    size_t n = quoted_len(value);
    if (n)
        return n;
    while (value[n] && !(value[n] == ' ' && key_len(value + n + 1)))
        n++;
    return n;
}

static bool is_plain(const char *value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)value[i] <= ' ' || value[i] == '"' || value[i] == '\\' || value[i] == 0x7f)
            return false;
    return len > 0;
}

static void put_escaped(struct line *line, char c)
{
    char escape[8];
    if (c == '"' || c == '\\')
        snprintf(escape, sizeof escape, "\\%c", c);
    else if (c == '\n' || c == '\t' || c == '\r')
        snprintf(escape, sizeof escape, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
    else if ((unsigned char)c < ' ' || c == 0x7f)
        snprintf(escape, sizeof escape, "\\x%02x", (unsigned)(unsigned char)c);
    else
        snprintf(escape, sizeof escape, "%c", c);
    put_text(line, escape);
}

static bool has_control(const char *value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)value[i] < ' ' || value[i] == 0x7f)
            return true;
    return false;
}

static void put_value(struct line *line, const char *value, size_t len)
{
    bool quoted = quoted_len(value) == len && !has_control(value, len);
    if ((len && quoted) || is_plain(value, len)) {
        put_bytes(line, value, len);
        return;
    }
    put_text(line, "\"");
    for (size_t i = 0; i < len; i++)
        put_escaped(line, value[i]);
    put_text(line, "\"");
}

static void put_pairs(struct line *line, const char *text)
{
    while (*text) {
        size_t key = key_len(text);
        put_text(line, " ");
        if (key)
            put_bytes(line, text, key);
        else
            put_text(line, "message=");
        size_t value = value_len(text + key);
        put_value(line, text + key, value);
        text += key + value;
        text += *text == ' ';
    }
}

// Whether standard error is the stream that the journal reads: then lines begin with the level as it wants it.
static bool is_journal(void)
{
    static atomic_int known = -1;
    int is = atomic_load_explicit(&known, memory_order_relaxed);
    if (is >= 0)
        return is;
    struct stat file;
    char stream[64];
    const char *journal = getenv("JOURNAL_STREAM");
    bool can = journal && fstat(STDERR_FILENO, &file) == 0;
    if (can)
        snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)file.st_dev, (unsigned long long)file.st_ino);
    is = can && strcmp(stream, journal) == 0;
    atomic_store_explicit(&known, is, memory_order_relaxed);
    return is;
}

static void put_head(struct line *line, enum log_level level, const char *id)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    static const char *const priorities[] = {"<3>", "<4>", "<6>", "<7>"};
    struct timespec now;
    struct tm utc;
    char head[160];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    if (is_journal())
        put_text(line, priorities[level]);
    size_t n = strftime(head, sizeof head, "time=%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(head + n, sizeof head - n, ".%03ldZ level=%s event=%s", now.tv_nsec / 1000000, names[level], id);
    put_text(line, head);
}

void log_event(enum log_level level, const char *id, const char *format, ...)
{
    if ((int)level > atomic_load_explicit(&threshold, memory_order_relaxed))
        return;
    char text[LOG_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct line line;
    line.len = 0;
    put_head(&line, level, id);
    put_pairs(&line, len < 0 ? "" : text);
    if (len >= (int)sizeof text)
        put_text(&line, " truncated=true");
    line.text[line.len++] = '\n';
    ssize_t written = write(STDERR_FILENO, line.text, line.len);
    (void)written; // who cannot write to standard error has nowhere left to say so
}
