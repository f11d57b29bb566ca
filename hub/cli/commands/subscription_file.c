// SPDX-License-Identifier: Apache-2.0
// Subscriptions as officers write them: one JSON object a line. All lines are looked at, so that one run names every
// mistake.
#include "hub/cli/commands/subscription.h"
#include "hub/base/list.h"
#include "hub/cli/frame/memory.h"
#include "hub/json/json.h"
#include <stdlib.h>

#define LINES_MAX 100000

static Signalbox__V1__Subscription *read_line(struct slice line, struct arena *arena, struct error *error)
{
    ProtobufCMessage *message = NULL;
    json_t *value = json_from_text(line, error);
    bool good = value && json_to_message(&signalbox__v1__subscription__descriptor, value, arena, &message, error);
    json_decref(value);
    if (!good)
        return NULL;
    Signalbox__V1__Subscription *subscription = (Signalbox__V1__Subscription *)message;
    if (*subscription->force && *subscription->name)
        return subscription;
    error_say(error, CAUSE_OTHER, "force and name must be there.");
    return NULL;
}

static bool is_blank(struct slice line)
{
    size_t at = 0;
    while (at < line.len && memchr(" \t\r", line.data[at], 3))
        at++;
    return at == line.len;
}

struct entry {
    Signalbox__V1__Subscription *row;
    unsigned line;
};

static int by_key(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = subscription_compare(a->row, b->row);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

// Sorted, and each key once; returns how many lines repeat a key.
static size_t sort_entries(const struct cli *cli, const char *path, struct entry *entries, size_t n)
{
    size_t wrong = 0;
    if (n)
        qsort(entries, n, sizeof *entries, by_key);
    for (size_t i = 1; i < n; i++)
        if (subscription_compare(entries[i - 1].row, entries[i].row) == 0) {
            wrong++;
            cli_fail(cli, COMMAND_FAILED, "%s, line %u: %s/%s stands on line %u already.", path, entries[i].line,
                entries[i].row->force, entries[i].row->name, entries[i - 1].line);
        }
    return wrong;
}

static void keep_entries(struct subscription_file *file, const struct entry *entries, size_t n, struct arena *arena)
{
    file->rows = memory_need(arena_alloc(arena, (n + 1) * sizeof *file->rows));
    file->lines = memory_need(arena_alloc(arena, (n + 1) * sizeof *file->lines));
    file->n = n;
    for (size_t i = 0; i < n; i++) {
        file->rows[i] = entries[i].row;
        file->lines[i] = entries[i].line;
    }
}

static int read_text(const struct cli *cli, const char *path, const char *text, size_t len,
    struct subscription_file *file, struct arena *arena)
{
    const char *end = text + len;
    size_t n = 0, room = 0, wrong = 0;
    struct entry *entries = NULL;
    for (unsigned number = 1; text < end && number <= LINES_MAX; number++) {
        const char *line_end = memchr(text, '\n', (size_t)(end - text));
        struct slice line = slice_of(text, (size_t)((line_end ? line_end : end) - text));
        struct error error;
        text += line.len + 1;
        if (is_blank(line))
            continue;
        if (!list_room(&entries, &room, n + 1, sizeof *entries))
            memory_end();
        entries[n] = (struct entry){read_line(line, arena, &error), number};
        if (entries[n].row)
            n++;
        else if (++wrong)
            cli_fail(cli, COMMAND_FAILED, "%s, line %u: %s", path, number, error.text);
    }
    wrong += sort_entries(cli, path, entries, n);
    keep_entries(file, entries, n, arena);
    free(entries);
    if (wrong == 0 && text < end)
        return cli_fail(cli, COMMAND_FAILED, "%s has more than %d lines.", path, LINES_MAX);
    return wrong ? cli_fail(cli, COMMAND_FAILED, "Lines that are wrong: %zu. Nothing was changed.", wrong) : COMMAND_OK;
}

int subscription_file_read(const struct cli *cli, const char *path, struct subscription_file *file, struct arena *arena)
{
    int status;
    size_t len;
    char *text = officer_file(cli, path, &len, &status);
    if (!text)
        return status;
    status = read_text(cli, path, text, len, file, arena);
    free(text);
    return status;
}
