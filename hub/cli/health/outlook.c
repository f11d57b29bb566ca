// SPDX-License-Identifier: Apache-2.0
// From JSON to a list of things. Nothing is taken on trust: what is missing reads as unknown, and what says nothing of
// a version that we know is no snapshot at all.
#include "hub/cli/health/outlook.h"
#include "hub/observe/tell/health_json.h"
#include <stdlib.h>
#include <string.h>

#define STALE_CYCLES 3

static const struct outlook_kind kinds[] = {
#define KIND(of, plural, list, single, title) {THING_##of, plural, list, single, title},
#include "hub/cli/health/kinds.def"
#undef KIND
};

#define N_KINDS (sizeof kinds / sizeof *kinds)

size_t outlook_kinds(const struct outlook_kind **rows)
{
    *rows = kinds;
    return N_KINDS;
}

const struct outlook_kind *outlook_kind(const char *plural)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (strcmp(kinds[i].plural, plural) == 0)
            return &kinds[i];
    return NULL;
}

const char *outlook_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

struct figure outlook_figure(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value))
        return figure_of(json_integer_value(value));
    return (struct figure){json_is_string(value) ? FIGURE_NOT_PERMITTED : FIGURE_UNKNOWN, 0};
}

enum severity outlook_severity_of(const json_t *object)
{
    const char *name = outlook_text(object, "severity");
    for (enum severity severity = SEVERITY_OK; severity < SEVERITY_UNKNOWN; severity++)
        if (strcmp(name, severity_name(severity)) == 0)
            return severity;
    return SEVERITY_UNKNOWN;
}

static void add_thing(
    struct outlook *outlook, const char *name, enum thing of, const json_t *object, const json_t *finding)
{
    struct outlook_thing *thing = &outlook->things[outlook->n_things++];
    *thing = (struct outlook_thing){.name = name,
        .of = of,
        .severity = outlook_severity_of(finding),
        .word = outlook_text(finding, "word"),
        .object = object,
        .finding = finding};
}

// Refused records of one agency and code have no finding: they are as bad as the trouble that names them.
static void add_refused(struct outlook *outlook, const json_t *object)
{
    const char *name = outlook_text(object, "thing");
    bool waits = outlook_figure(object, "waiting").value > 0;
    add_thing(outlook, name, THING_QUARANTINE, object, NULL);
    struct outlook_thing *thing = &outlook->things[outlook->n_things - 1];
    thing->severity = SEVERITY_OK;
    thing->word = waits ? "waiting" : "dealt with";
    size_t i;
    json_t *trouble;
    json_array_foreach(json_object_get(outlook->json, "troubles"), i, trouble)
    {
        if (strcmp(outlook_text(trouble, "thing"), name) == 0) {
            thing->severity = outlook_severity_of(trouble);
            thing->word = outlook_text(trouble, "word");
        }
    }
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a && (a < b || !b) ? a : b;
}

static int64_t plus(int64_t a, int64_t b)
{
    return a + b;
}

// Nothing, if one row does not have it.
static void sum_up(json_t *sums, const json_t *rows, const char *key, int64_t (*add)(int64_t, int64_t))
{
    int64_t sum = 0;
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)rows, i, row)
    {
        struct figure figure = outlook_figure(row, key);
        if (figure.state != FIGURE_KNOWN)
            return;
        sum = add(sum, figure.value);
    }
    json_object_set_new(sums, key, json_integer(sum));
}

// What the rows come to; nothing if the quarantine cannot be read.
static json_t *sum_refused(const json_t *json)
{
    json_t *sums = json_object();
    const json_t *rows = json_object_get(json, "refused");
    if (outlook_severity_of(json_object_get(json, "quarantine")) == SEVERITY_UNKNOWN)
        return sums;
    sum_up(sums, rows, "waiting", plus);
    sum_up(sums, rows, "dealt_with", plus);
    sum_up(sums, rows, "oldest_ms", earlier);
    return sums;
}

static void add_single(struct outlook *outlook, const struct outlook_kind *kind, const json_t *finding)
{
    add_thing(outlook, kind->single, kind->of, kind->list ? outlook->refused : outlook->json, finding);
    struct outlook_thing *thing = &outlook->things[outlook->n_things - 1];
    thing->single = true;
    thing->sums = kind->list && json_array_size(json_object_get(outlook->json, kind->list));
}

static void add_kind(struct outlook *outlook, const struct outlook_kind *kind)
{
    const json_t *single = kind->single ? json_object_get(outlook->json, kind->single) : NULL;
    if (single)
        add_single(outlook, kind, single);
    size_t i;
    json_t *row;
    if (!kind->list)
        return;
    json_array_foreach(json_object_get(outlook->json, kind->list), i, row)
    {
        if (kind->single)
            add_refused(outlook, row);
        else
            add_thing(outlook, outlook_text(row, "thing"), kind->of, row, json_object_get(row, "finding"));
    }
}

static void add_all(struct outlook *outlook)
{
    size_t most = 0;
    for (size_t i = 0; i < N_KINDS; i++)
        most += 1 + (kinds[i].list ? json_array_size(json_object_get(outlook->json, kinds[i].list)) : 0);
    outlook->things = calloc(most, sizeof *outlook->things);
    if (!outlook->things)
        abort();
    for (size_t i = 0; i < N_KINDS; i++)
        add_kind(outlook, &kinds[i]);
}

struct outlook *outlook_new(json_t *json, int64_t clock_ms, char error[OUTLOOK_ERROR_BYTES])
{
    const json_t *schema = json_object_get(json, HEALTH_JSON_SCHEMA);
    if (json_integer_value(schema) != HEALTH_JSON_VERSION) {
        if (json_is_integer(schema))
            snprintf(error, OUTLOOK_ERROR_BYTES,
                "It speaks version %lld of the health format, this program version %d: use the program of the hub's "
                "release.",
                (long long)json_integer_value(schema), HEALTH_JSON_VERSION);
        else
            snprintf(
                error, OUTLOOK_ERROR_BYTES, "What answers there is no Signalbox: look at the address and the port.");
        json_decref(json);
        return NULL;
    }
    struct outlook *outlook = calloc(1, sizeof *outlook);
    if (!outlook)
        abort();
    outlook->json = json;
    outlook->clock_ms = clock_ms;
    outlook->at_ms = outlook_figure(json, "at_ms").value;
    outlook->every_ms = outlook_figure(json, "every_ms").value;
    outlook->severity = outlook_severity_of(json);
    outlook->refused = sum_refused(json);
    add_all(outlook);
    return outlook;
}

struct outlook *outlook_free(struct outlook *outlook)
{
    if (outlook) {
        json_decref(outlook->json);
        json_decref(outlook->refused);
        free(outlook->things);
        free(outlook);
    }
    return NULL;
}

int64_t outlook_age_ms(const struct outlook *outlook, int64_t now_ms)
{
    int64_t age = now_ms + outlook->clock_ms - outlook->at_ms;
    return age > 0 ? age : 0;
}

bool outlook_is_stale(const struct outlook *outlook, int64_t now_ms)
{
    return outlook->at_ms == 0 || outlook_age_ms(outlook, now_ms) > STALE_CYCLES * outlook->every_ms;
}

enum severity outlook_severity(const struct outlook *outlook, int64_t now_ms)
{
    return outlook_is_stale(outlook, now_ms) ? SEVERITY_UNKNOWN : outlook->severity;
}

enum severity outlook_severity_of_kind(const struct outlook *outlook, enum thing of)
{
    enum severity worst = SEVERITY_UNKNOWN;
    bool any = false;
    for (size_t i = 0; i < outlook->n_things; i++) {
        const struct outlook_thing *thing = &outlook->things[i];
        if (thing->of == of && (!any || severity_pain(thing->severity) > severity_pain(worst))) {
            worst = thing->severity;
            any = true;
        }
    }
    return worst;
}

const struct outlook_thing *outlook_find(const struct outlook *outlook, const char *name)
{
    for (size_t i = 0; i < outlook->n_things; i++)
        if (strcmp(outlook->things[i].name, name) == 0)
            return &outlook->things[i];
    return NULL;
}
