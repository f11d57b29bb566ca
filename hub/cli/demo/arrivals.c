// SPDX-License-Identifier: Apache-2.0
// Sorted lists of rows, walked side by side.
#include "hub/cli/demo/arrivals.h"
#include "hub/base/list.h"
#include "hub/cli/frame/memory.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_row(struct arrivals *arrivals, char *row)
{
    if (!row || !list_room(&arrivals->rows, &arrivals->room, arrivals->n + 1, sizeof *arrivals->rows))
        memory_end();
    arrivals->rows[arrivals->n++] = row;
    arrivals->sorted = false;
}

void arrivals_add(
    struct arrivals *arrivals, const char *force, const char *agency, const char *reference, const char *titles)
{
    char *row;
    add_row(arrivals, asprintf(&row, "%s,%s,%s,%s", force, agency, reference, titles) < 0 ? NULL : row);
}

bool arrivals_read(struct arrivals *arrivals, const char *path)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;
    if (!file)
        return false;
    bool heading = true;
    for (; getline(&line, &size, file) > 0; heading = false)
        if (!heading)
            add_row(arrivals, strndup(line, strcspn(line, "\r\n")));
    free(line);
    bool read = !ferror(file);
    fclose(file);
    return read;
}

void arrivals_deinit(struct arrivals *arrivals)
{
    for (size_t i = 0; i < arrivals->n; i++)
        free(arrivals->rows[i]);
    free(arrivals->rows);
    *arrivals = (struct arrivals){0};
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_rows(struct arrivals *arrivals)
{
    if (!arrivals->sorted && arrivals->n)
        qsort(arrivals->rows, arrivals->n, sizeof *arrivals->rows, by_text);
    arrivals->sorted = true;
}

struct arrivals_difference arrivals_compare(struct arrivals *should, struct arrivals *have)
{
    struct arrivals_difference difference = {0};
    sort_rows(should);
    sort_rows(have);
    for (size_t i = 0, k = 0; i < should->n || k < have->n;) {
        int order = i == should->n ? 1 : k == have->n ? -1 : strcmp(should->rows[i], have->rows[k]);
        const char *row = order < 0 ? should->rows[i] : have->rows[k];
        bool twice = order >= 0 && k > 0 && strcmp(have->rows[k], have->rows[k - 1]) == 0;
        if (twice || order)
            difference.example = row;
        difference.twice += twice;
        difference.missing += order < 0;
        difference.extra += order > 0 && !twice;
        i += order <= 0;
        k += order >= 0;
    }
    return difference;
}

size_t arrivals_of(const struct arrivals *arrivals, const char *force)
{
    size_t n = 0, len = strlen(force);
    for (size_t i = 0; i < arrivals->n; i++)
        n += strncmp(arrivals->rows[i], force, len) == 0 && arrivals->rows[i][len] == ',';
    return n;
}
