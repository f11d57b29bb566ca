// SPDX-License-Identifier: Apache-2.0
// One result, three forms. The rows are JSON objects in all of them; a table picks columns and aligns them.
#include "hub/cli/frame/output.h"
#include "hub/base/display.h"
#include "hub/cli/frame/terminal.h"
#include <stdlib.h>

#define CELL_BYTES  1024
#define COLUMNS_MAX 32
#define GAP         2

// A cell as text: what a person reads, so no quotes around text and blanks between the members of a list.
static void cell_append(char *cell, const json_t *value)
{
    size_t len = strlen(cell);
    char *end = cell + len;
    size_t room = CELL_BYTES - len;
    if (json_is_string(value))
        snprintf(end, room, "%s", json_string_value(value));
    else if (json_is_integer(value))
        snprintf(end, room, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_boolean(value))
        snprintf(end, room, "%s", json_is_true(value) ? "yes" : "no");
    else if (value && !json_is_null(value)) {
        char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
        snprintf(end, room, "%s", text ? text : "");
        free(text);
    }
}

static void cell_of(char cell[CELL_BYTES], const json_t *value)
{
    cell[0] = 0;
    if (!json_is_array(value)) {
        cell_append(cell, value);
        return;
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        size_t len = strlen(cell);
        if (i && len + 2 < CELL_BYTES)
            memcpy(cell + len, " ", 2);
        cell_append(cell, json_array_get(value, i));
    }
}

static bool is_number(const json_t *rows, const char *key)
{
    return json_array_size(rows) > 0 && json_is_number(json_object_get(json_array_get(rows, 0), key));
}

struct column {
    char key[64], heading[64];
    size_t width;
    bool right;
};

static void column_init(struct column *column, const char *text, const json_t *rows)
{
    size_t len = strcspn(text, ":");
    snprintf(column->key, sizeof column->key, "%.*s", (int)len, text);
    snprintf(column->heading, sizeof column->heading, "%.63s", text[len] ? text + len + 1 : column->key);
    for (char *c = column->heading; !text[len] && *c; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    column->right = is_number(rows, column->key);
    column->width = display_columns(column->heading);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        char cell[CELL_BYTES];
        cell_of(cell, json_object_get(json_array_get(rows, i), column->key));
        size_t width = display_columns(cell);
        if (width > column->width)
            column->width = width;
    }
}

static void write_cell(FILE *out, const struct column *column, const char *cell, bool last)
{
    size_t pad = column->width - display_columns(cell);
    if (column->right)
        fprintf(out, "%*s", (int)pad, "");
    display_write(out, cell);
    if (!last)
        fprintf(out, "%*s", (int)(column->right ? GAP : pad + GAP), "");
}

static void write_headings(FILE *out, const struct column *columns, size_t n)
{
    bool bold = terminal_styles(out);
    fputs(bold ? "\033[1m" : "", out);
    for (size_t i = 0; i < n; i++)
        write_cell(out, &columns[i], columns[i].heading, i + 1 == n);
    fputs(bold ? "\033[0m\n" : "\n", out);
}

static void write_table(FILE *out, const char *const *texts, size_t n, const json_t *rows)
{
    struct column columns[COLUMNS_MAX];
    n = n < COLUMNS_MAX ? n : COLUMNS_MAX;
    for (size_t i = 0; i < n; i++)
        column_init(&columns[i], texts[i], rows);
    write_headings(out, columns, n);
    for (size_t row = 0; row < json_array_size(rows); row++) {
        for (size_t i = 0; i < n; i++) {
            char cell[CELL_BYTES];
            cell_of(cell, json_object_get(json_array_get(rows, row), columns[i].key));
            write_cell(out, &columns[i], cell, i + 1 == n);
        }
        fputc('\n', out);
    }
}

static int finish_output(const struct cli *cli)
{
    if (fflush(cli->out) != 0 || ferror(cli->out))
        return cli_fail(cli, COMMAND_FAILED, "The result could not be written.");
    return COMMAND_OK;
}

static void write_json(FILE *out, const json_t *value, size_t flags)
{
    json_dumpf(value, out, flags);
    fputc('\n', out);
}

int output_rows(const struct cli *cli, const char *const *columns, size_t n_columns, json_t *rows)
{
    if (cli->format == CLI_JSON && rows)
        write_json(cli->out, rows, JSON_INDENT(2));
    for (size_t i = 0; cli->format == CLI_JSONL && i < json_array_size(rows); i++)
        write_json(cli->out, json_array_get(rows, i), JSON_COMPACT);
    if (cli->format == CLI_TABLE && json_array_size(rows))
        write_table(cli->out, columns, n_columns, rows);
    json_decref(rows);
    return finish_output(cli);
}

static void write_members(FILE *out, json_t *object)
{
    size_t width = 0;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) width = display_columns(key) > width ? display_columns(key) : width;
    json_object_foreach(object, key, value)
    {
        char cell[CELL_BYTES];
        cell_of(cell, value);
        fprintf(out, "%-*s", (int)(width + GAP), key);
        display_write(out, cell);
        fputc('\n', out);
    }
}

int output_object(const struct cli *cli, json_t *object)
{
    if (cli->format == CLI_TABLE)
        write_members(cli->out, object);
    else
        write_json(cli->out, object, cli->format == CLI_JSON ? JSON_INDENT(2) : JSON_COMPACT);
    json_decref(object);
    return finish_output(cli);
}

void output_keep_newest(json_t *rows, size_t limit, size_t most)
{
    size_t n = json_array_size(rows);
    if (n <= limit)
        return;
    for (size_t i = 0; i < most; i++)
        json_array_set(rows, i, json_array_get(rows, n - most + i));
    while (json_array_size(rows) > most)
        json_array_remove(rows, json_array_size(rows) - 1);
}
