// SPDX-License-Identifier: Apache-2.0
// The snapshot as JSON: walks the tables of health_shapes.c, so a name in JSON is the name in the header.
#include "hub/observe/tell/health_json.h"
#include "hub/observe/tell/health_shapes.h"
#include <stdlib.h>
#include <string.h>

static void set(json_t *object, const char *name, json_t *value)
{
    if (json_object_set_new_nocheck(object, name, value) != 0)
        abort();
}

// The name of a group is any bytes that a stranger chose; JSON is text.
static json_t *json_of_text(const char *text)
{
    json_t *value = json_string(text ? text : "");
    if (value)
        return value;
    char *copy = strdup(text);
    if (!copy)
        abort();
    for (char *c = copy; *c; c++)
        *c = (char)((unsigned char)*c < 0x80 ? *c : '?');
    value = json_string(copy);
    free(copy);
    return value;
}

static json_t *json_of_figure(const struct figure *figure)
{
    if (figure->state == FIGURE_NOT_PERMITTED)
        return json_string("not permitted");
    return figure->state == FIGURE_KNOWN ? json_integer(figure->value) : json_null();
}

static void set_verdict(json_t *object, enum verdict verdict)
{
    const struct verdict_row *row = verdict_row(verdict);
    set(object, "verdict", json_string(row->id));
    set(object, "severity", json_string(severity_name(row->severity)));
    set(object, "word", json_string(row->word));
}

static json_t *json_of_finding(const struct finding *finding)
{
    const struct verdict_row *row = verdict_row(finding->verdict);
    json_t *object = json_object();
    set_verdict(object, finding->verdict);
    set(object, "meaning", json_string(row->meaning));
    set(object, "remedy", json_string(row->remedy));
    set(object, "since_ms", json_integer(finding->since_ms));
    set(object, "rule", json_of_text(finding->rule));
    set(object, "numbers", json_of_text(finding->numbers));
    set(object, "detail", json_of_text(finding->detail));
    return object;
}

static json_t *json_of_texts(const char *const *texts, size_t most)
{
    json_t *array = json_array();
    for (size_t i = 0; i < most && texts[i]; i++)
        json_array_append_new(array, json_of_text(texts[i]));
    return array;
}

static json_t *json_of_buckets(const struct figure *counts)
{
    json_t *array = json_array();
    for (size_t i = 0; i < CANARY_BUCKETS; i++)
        json_array_append_new(array,
            json_pack("{s:I, s:o}", "to_ms", (json_int_t)canary_bucket_ms[i], "count", json_of_figure(&counts[i])));
    return array;
}

static json_t *json_of_number(const struct shape_field *field, const void *at)
{
    if (field->kind == KIND_U32)
        return json_integer(*(const uint32_t *)at);
    if (field->kind == KIND_U64)
        return json_integer((json_int_t) * (const uint64_t *)at);
    if (field->kind == KIND_I64)
        return json_integer(*(const int64_t *)at);
    return json_integer(*(const int32_t *)at);
}

static json_t *json_of_shape(const struct shape *shape, const void *object);

static json_t *json_of_list(const struct shape_field *field, const void *object)
{
    const char *elements = *(const char *const *)((const char *)object + field->at);
    size_t n = *(const size_t *)((const char *)object + field->count_at);
    json_t *array = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_of_shape(field->shape, elements + i * field->size));
    return array;
}

static json_t *json_of_field(const struct shape_field *field, const void *object)
{
    const void *at = (const char *)object + field->at;
    switch (field->kind) {
    case KIND_TEXT:
        return json_of_text(*(const char *const *)at);
    case KIND_BOOL:
        return json_boolean(*(const bool *)at);
    case KIND_FIGURE:
        return json_of_figure(at);
    case KIND_FINDING:
        return json_of_finding(at);
    case KIND_SEVERITY:
        return json_string(severity_name(*(const enum severity *)at));
    case KIND_PART:
        return json_string(topic_part_name(*(const enum topic_part *)at));
    case KIND_TEXTS:
        return json_of_texts(at, sizeof((struct trouble *)NULL)->forces / sizeof(char *));
    case KIND_BUCKETS:
        return json_of_buckets(at);
    case KIND_STRUCT:
        return json_of_shape(field->shape, at);
    case KIND_LIST:
        return json_of_list(field, object);
    default:
        return json_of_number(field, at);
    }
}

// The tables are four deep at most, so this ends.
static json_t *json_of_shape(const struct shape *shape, const void *object)
{
    json_t *json = json_object();
    char thing[SHAPE_THING_BYTES];
    if (shape->thing) {
        shape->thing(object, thing);
        set(json, "thing", json_of_text(thing));
    }
    for (size_t i = 0; i < shape->n; i++)
        if (shape->fields[i].kind == KIND_VERDICT)
            set_verdict(json, *(const enum verdict *)((const char *)object + shape->fields[i].at));
        else
            set(json, shape->fields[i].name, json_of_field(&shape->fields[i], object));
    return json;
}

json_t *health_json(const struct health *health)
{
    json_t *json = json_object(), *rest = json_of_shape(&shape_of_health, health);
    set(json, HEALTH_JSON_SCHEMA, json_integer(HEALTH_JSON_VERSION));
    if (json_object_update(json, rest) != 0)
        abort();
    json_decref(rest);
    return json;
}
