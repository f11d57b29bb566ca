// SPDX-License-Identifier: Apache-2.0
// Differences are found on the JSON form, so that they are in the words of the files that officers write, for every
// type alike.
#include "hub/control/difference.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void add_row(
    json_t *rows, const char *change, const char *id, const char *field, const json_t *from, const json_t *to)
{
    json_t *row = json_pack("{s:s, s:s, s:s}", "change", change, "id", id, "field", field);
    json_object_set_new(row, "from", from ? json_deep_copy(from) : json_null());
    json_object_set_new(row, "to", to ? json_deep_copy(to) : json_null());
    json_array_append_new(rows, row);
}

static bool is_ignored(const char *const *ignore, const char *key)
{
    for (; ignore && *ignore; ignore++)
        if (strcmp(*ignore, key) == 0)
            return true;
    return false;
}

static bool holds_value(const json_t *array, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(array); i++)
        if (json_equal(json_array_get(array, i), value))
            return true;
    return false;
}

// Entries that one array has and the other has not; order alone makes one row.
static void compare_lists(json_t *rows, const char *id, const char *field, const json_t *have, const json_t *should)
{
    size_t before = json_array_size(rows);
    for (size_t i = 0; i < json_array_size(have); i++)
        if (!holds_value(should, json_array_get(have, i)))
            add_row(rows, "changed", id, field, json_array_get(have, i), NULL);
    for (size_t i = 0; i < json_array_size(should); i++)
        if (!holds_value(have, json_array_get(should, i)))
            add_row(rows, "changed", id, field, NULL, json_array_get(should, i));
    if (json_array_size(rows) == before)
        add_row(rows, "changed", id, field, have, should);
}

static void compare_member(json_t *rows, const char *id, const char *field, const json_t *from, const json_t *to)
{
    bool lists =
        (json_is_array(from) || json_is_array(to)) && (!from || json_is_array(from)) && (!to || json_is_array(to));
    if (lists)
        compare_lists(rows, id, field, from, to);
    else
        add_row(rows, "changed", id, field, from, to);
}

void difference_of_objects(
    json_t *rows, const char *id, const json_t *have, const json_t *should, const char *const *ignore)
{
    if (!have || !should) {
        add_row(rows, have ? "removed" : "added", id, "", NULL, NULL);
        return;
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)have, key, value)
    {
        const json_t *to = json_object_get(should, key);
        if (!is_ignored(ignore, key) && !json_equal(value, to))
            compare_member(rows, id, key, value, to);
    }
    json_object_foreach((json_t *)(uintptr_t)should, key,
        value) if (!is_ignored(ignore, key) && !json_object_get(have, key)) compare_member(rows, id, key, NULL, value);
}

static const json_t *find_object(const json_t *array, const char *member, const char *id)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *text = json_string_value(json_object_get(json_array_get(array, i), member));
        if (text && strcmp(text, id) == 0)
            return json_array_get(array, i);
    }
    return NULL;
}

void difference_of_arrays(
    json_t *rows, const char *id_member, const json_t *have, const json_t *should, const char *const *ignore)
{
    for (size_t i = 0; i < json_array_size(have); i++) {
        const json_t *object = json_array_get(have, i);
        const char *id = json_string_value(json_object_get(object, id_member));
        const json_t *other = id ? find_object(should, id_member, id) : NULL;
        if (!other || !json_equal(object, other))
            difference_of_objects(rows, id ? id : "", object, other, ignore);
    }
    for (size_t i = 0; i < json_array_size(should); i++) {
        const json_t *object = json_array_get(should, i);
        const char *id = json_string_value(json_object_get(object, id_member));
        if (!id || !find_object(have, id_member, id))
            difference_of_objects(rows, id ? id : "", NULL, object, ignore);
    }
}
