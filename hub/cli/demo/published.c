// SPDX-License-Identifier: Apache-2.0
// A few hundred rows, looked through from the first.
#include "hub/cli/demo/published.h"
#include "hub/base/list.h"
#include "hub/cli/frame/memory.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void add_row(struct published *published, const char *agency, const json_t *row)
{
    const char *reference = json_string_value(json_object_get(row, "reference"));
    const char *item = json_string_value(json_object_get(row, "item"));
    if (!reference || !item)
        return;
    if (!list_room(&published->items, &published->room, published->n + 1, sizeof *published->items))
        memory_end();
    published->items[published->n++] = (struct published_item){.agency = memory_need(strdup(agency)),
        .reference = memory_need(strdup(reference)),
        .item = memory_need(strdup(item))};
}

void published_add(struct published *published, const char *agency, const char *said)
{
    for (const char *line = said; *line;) {
        size_t len = strcspn(line, "\n");
        json_t *row = json_loadb(line, len, 0, NULL);
        add_row(published, agency, row);
        json_decref(row);
        line += len + (line[len] != '\0');
    }
}

void published_deinit(struct published *published)
{
    for (size_t i = 0; i < published->n; i++) {
        free(published->items[i].agency);
        free(published->items[i].reference);
        free(published->items[i].item);
    }
    free(published->items);
    *published = (struct published){0};
}

const struct published_item *published_by_item(const struct published *published, const char *item)
{
    for (size_t i = 0; i < published->n; i++)
        if (strcmp(published->items[i].item, item) == 0)
            return &published->items[i];
    return NULL;
}

const struct published_item *published_by_reference(
    const struct published *published, const char *agency, const char *reference)
{
    for (size_t i = 0; i < published->n; i++)
        if (strcmp(published->items[i].agency, agency) == 0 && strcmp(published->items[i].reference, reference) == 0)
            return &published->items[i];
    return NULL;
}
