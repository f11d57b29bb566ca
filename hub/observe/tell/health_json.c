// SPDX-License-Identifier: Apache-2.0
// The snapshot as JSON: walks the tables of health_shapes.c, so a name in JSON is the name in the header.
#include "hub/observe/tell/health_json.h"
#include "hub/contract/outcome.h"
#include "hub/contract/utf8.h"
#include "hub/observe/tell/health_shapes.h"
#include <stdlib.h>
#include <string.h>

// Takes the value, NULL too. false without memory.
static bool set_value(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new_nocheck(object, name, value) == 0;
}

// What was made whole; else NULL, and what there is of it goes.
static json_t *json_if(bool whole, json_t *json)
{
    if (whole)
        return json;
    json_decref(json);
    return NULL;
}

// The name of a group is any bytes that a stranger chose; JSON is text.
static json_t *json_of_text(const char *text)
{
    text = text ? text : "";
    if (utf8_check(slice_text(text)) == OUTCOME_ACCEPTED)
        return json_string_nocheck(text);
    char *copy = strdup(text);
    for (char *c = copy; c && *c; c++)
        *c = (char)((unsigned char)*c < 0x80 ? *c : '?');
    json_t *value = copy ? json_string_nocheck(copy) : NULL;
    free(copy);
    return value;
}

static json_t *json_of_figure(const struct figure *figure)
{
    if (figure->state == FIGURE_NOT_PERMITTED)
        return json_string("not permitted");
    return figure->state == FIGURE_KNOWN ? json_integer(figure->value) : json_null();
}

static bool set_verdict(json_t *object, enum verdict verdict)
{
    const struct verdict_row *row = verdict_row(verdict);
    return set_value(object, "verdict", json_string(row->id)) &&
           set_value(object, "severity", json_string(severity_name(row->severity))) &&
           set_value(object, "word", json_string(row->word));
}

static json_t *json_of_finding(const struct finding *finding)
{
    const struct verdict_row *row = verdict_row(finding->verdict);
    json_t *object = json_object();
    bool whole = set_verdict(object, finding->verdict);
    whole &= set_value(object, "meaning", json_string(row->meaning));
    whole &= set_value(object, "remedy", json_string(row->remedy));
    whole &= set_value(object, "since_ms", json_integer(finding->since_ms));
    whole &= set_value(object, "rule", json_of_text(finding->rule));
    whole &= set_value(object, "numbers", json_of_text(finding->numbers));
    whole &= set_value(object, "detail", json_of_text(finding->detail));
    return json_if(whole, object);
}

static json_t *json_of_texts(const char *const *texts, size_t most)
{
    json_t *array = json_array();
    bool whole = array != NULL;
    for (size_t i = 0; i < most && texts[i]; i++)
        whole &= json_array_append_new(array, json_of_text(texts[i])) == 0;
    return json_if(whole, array);
}

static json_t *json_of_bucket(uint32_t to_ms, const struct figure *count)
{
    json_t *object = json_object();
    bool whole = set_value(object, "to_ms", json_integer(to_ms));
    whole &= set_value(object, "count", json_of_figure(count));
    return json_if(whole, object);
}

static json_t *json_of_buckets(const struct figure *counts)
{
    json_t *array = json_array();
    bool whole = array != NULL;
    for (size_t i = 0; i < CANARY_BUCKETS; i++)
        whole &= json_array_append_new(array, json_of_bucket(canary_bucket_ms[i], &counts[i])) == 0;
    return json_if(whole, array);
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
    bool whole = array != NULL;
    for (size_t i = 0; whole && i < n; i++)
        whole = json_array_append_new(array, json_of_shape(field->shape, elements + i * field->size)) == 0;
    return json_if(whole, array);
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
        return json_string(health_part_name(*(const enum topic_part *)at));
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

static bool set_field(json_t *json, const struct shape_field *field, const void *object)
{
    if (field->kind == KIND_VERDICT)
        return set_verdict(json, *(const enum verdict *)((const char *)object + field->at));
    return set_value(json, field->name, json_of_field(field, object));
}

// The tables are four deep at most, so this ends.
static json_t *json_of_shape(const struct shape *shape, const void *object)
{
    json_t *json = json_object();
    bool whole = json != NULL;
    char thing[SHAPE_THING_BYTES];
    if (shape->thing) {
        shape->thing(object, thing);
        whole &= set_value(json, "thing", json_of_text(thing));
    }
    for (size_t i = 0; whole && i < shape->n; i++)
        whole = set_field(json, &shape->fields[i], object);
    return json_if(whole, json);
}

json_t *health_json(const struct health *health)
{
    json_t *json = json_object(), *rest = json_of_shape(&shape_of_health, health);
    bool whole = set_value(json, HEALTH_JSON_SCHEMA, json_integer(HEALTH_JSON_VERSION));
    whole = whole && rest && json_object_update(json, rest) == 0;
    json_decref(rest);
    return json_if(whole, json);
}
