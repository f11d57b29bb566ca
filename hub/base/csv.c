// SPDX-License-Identifier: Apache-2.0
// One pass over the text. A field is at most as long once its quotes are gone, so it is written back where it stood.
#include "hub/base/csv.h"
#include "hub/base/list.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct scan {
    char *at, *end, *write;
    char *line_begin;
    unsigned line;
    struct error *error;
    const char *fields[CSV_FIELDS];
    size_t n_fields;
};

static bool fail_scan(struct scan *scan, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail_scan(struct scan *scan, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    error_say_list(scan->error, CAUSE_OTHER, format, list);
    va_end(list);
    return error_say(scan->error, CAUSE_OTHER, "line %u, column %zu: %s", scan->line,
        (size_t)(scan->at - scan->line_begin) + 1, scan->error->text);
}

static void next_line(struct scan *scan)
{
    scan->line++;
    scan->line_begin = scan->at;
}

static bool at_break(const struct scan *scan)
{
    return scan->at == scan->end || *scan->at == '\n' ||
           (*scan->at == '\r' && scan->at + 1 < scan->end && scan->at[1] == '\n');
}

// The bytes between quotes; the first quote has been read.
static bool scan_quoted(struct scan *scan)
{
    unsigned begin = scan->line;
    for (;;) {
        if (scan->at == scan->end)
            return fail_scan(scan, "the quote that was opened on line %u is never closed.", begin);
        char c = *scan->at++;
        if (c == '"') {
            if (scan->at == scan->end || *scan->at != '"')
                break;
            scan->at++;
        }
        *scan->write++ = c;
        if (c == '\n')
            next_line(scan);
    }
    if (!at_break(scan) && *scan->at != ',')
        return fail_scan(scan,
            "after a closing quote only a comma or the end of the line may come; write a quote within a field twice.");
    return true;
}

static bool scan_plain(struct scan *scan)
{
    while (!at_break(scan) && *scan->at != ',') {
        if (*scan->at == '"')
            return fail_scan(
                scan, "a quote within a field without quotes; put the field in quotes and write the quote twice.");
        if (*scan->at == '\r')
            return fail_scan(scan, "a carriage return without a line feed.");
        *scan->write++ = *scan->at++;
    }
    return true;
}

static bool scan_field(struct scan *scan)
{
    if (scan->n_fields == CSV_FIELDS)
        return fail_scan(scan, "more than %d fields.", CSV_FIELDS);
    char *begin = scan->write;
    bool is_quoted = scan->at < scan->end && *scan->at == '"';
    scan->at += is_quoted;
    if (is_quoted ? !scan_quoted(scan) : !scan_plain(scan))
        return false;
    scan->fields[scan->n_fields++] = begin;
    return true;
}

static void skip_break(struct scan *scan)
{
    if (scan->at < scan->end && *scan->at == '\r')
        scan->at++;
    if (scan->at < scan->end)
        scan->at++;
    next_line(scan);
}

// One line into scan->fields. The terminators are written where commas and breaks were, after they have been read.
static bool scan_line(struct scan *scan)
{
    scan->n_fields = 0;
    for (;;) {
        if (!scan_field(scan))
            return false;
        bool more = scan->at < scan->end && *scan->at == ',';
        if (more)
            scan->at++;
        else
            skip_break(scan);
        *scan->write++ = 0;
        if (!more)
            return true;
    }
}

static bool add_row(struct csv *csv, struct scan *scan, unsigned begin)
{
    if (csv->n == CSV_ROWS)
        return fail_scan(scan, "more than %d lines.", CSV_ROWS);
    if (csv->n && scan->n_fields != csv->rows[0].n)
        return error_say(scan->error, CAUSE_OTHER,
            "line %u: it has %zu fields, the heading has %zu; put fields that hold commas in quotes.", begin,
            scan->n_fields, csv->rows[0].n);
    const char **fields = malloc(scan->n_fields * sizeof *fields);
    if (!fields || !list_room(&csv->rows, &csv->room, csv->n + 1, sizeof *csv->rows)) {
        free(fields);
        return error_no_memory(scan->error, "the lines of the file");
    }
    memcpy(fields, scan->fields, scan->n_fields * sizeof *fields);
    csv->rows[csv->n++] = (struct csv_row){begin, fields, scan->n_fields};
    return true;
}

bool csv_parse(struct csv *csv, char *text, size_t len, struct error *error)
{
    *csv = (struct csv){0};
    struct scan scan = {.at = text, .end = text + len, .write = text, .line_begin = text, .line = 1, .error = error};
    char *nul = memchr(text, 0, len);
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        scan.at += 3;
    if (nul)
        return error_say(
            error, CAUSE_OTHER, "a NUL byte at byte %zu: this is not a text file.", (size_t)(nul - text) + 1);
    while (scan.at < scan.end) {
        unsigned begin = scan.line;
        bool empty = at_break(&scan);
        if (empty) {
            skip_break(&scan);
            continue;
        }
        if (!scan_line(&scan) || !add_row(csv, &scan, begin))
            return false;
    }
    return csv->n > 0 || error_say(error, CAUSE_OTHER, "the file is empty; its first line names the columns.");
}

void csv_deinit(struct csv *csv)
{
    for (size_t i = 0; i < csv->n; i++)
        free(csv->rows[i].fields);
    free(csv->rows);
    *csv = (struct csv){0};
}

int csv_column(const struct csv *csv, const char *heading)
{
    for (size_t i = 0; i < csv->rows[0].n; i++)
        if (strcmp(csv->rows[0].fields[i], heading) == 0)
            return (int)i;
    return -1;
}
