// SPDX-License-Identifier: Apache-2.0
#include "hub/state/names.h"
#include "hub/base/list.h"
#include <stdlib.h>

struct names *names_new(void)
{
    return calloc(1, sizeof(struct names));
}

struct names *names_free(struct names *names)
{
    if (!names)
        return NULL;
    names_clear(names);
    table_deinit(&names->numbers);
    free(names->texts);
    free(names);
    return NULL;
}

void names_clear(struct names *names)
{
    table_clear(&names->numbers);
    for (uint32_t i = 0; i < names->n; i++)
        free((void *)names->texts[i].data);
    names->n = names->last = 0;
}

struct slice names_text(const struct names *names, int number)
{
    return names->texts[number];
}

int names_find(struct names *names, struct slice name)
{
    if (names->n && slice_equal(names->texts[names->last], name))
        return (int)names->last;
    uint32_t number = table_find(&names->numbers, name);
    if (number == TABLE_NONE)
        return -1;
    names->last = number;
    return (int)number;
}

static uint8_t *copy_name(struct slice name)
{
    uint8_t *text = malloc(name.len + 1);
    if (!text)
        return NULL;
    if (name.len)
        memcpy(text, name.data, name.len);
    text[name.len] = '\0';
    return text;
}

int names_add(struct names *names, struct slice name)
{
    int number = names_find(names, name);
    if (number >= 0)
        return number;
    if (name.len >= NAME_BYTES || names->n == NAMES_MAX ||
        !list_room(&names->texts, &names->room, (size_t)names->n + 1, sizeof *names->texts))
        return -1;
    uint8_t *text = copy_name(name);
    if (!text || !table_add(&names->numbers, slice_of(text, name.len), names->n)) {
        free(text);
        return -1;
    }
    names->texts[names->n] = slice_of(text, name.len);
    return (int)names->n++;
}
