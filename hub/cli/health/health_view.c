// SPDX-License-Identifier: Apache-2.0
// From JSON to a list of things. Nothing is taken on trust: what is missing reads as unknown, and what says nothing of
// a version that we know is no snapshot at all.
#include "hub/cli/health/health_view.h"
#include "hub/cli/frame/memory.h"
#include "hub/observe/tell/health_json.h"
#include <stdlib.h>
#include <string.h>

#define STALE_CYCLES 3

// As a client of the snapshot sees them, in the order of `signalbox status`. The plural is what `signalbox check`
// takes.
static const struct health_view_kind kinds[] = {
    {THING_FORCE, "forces", "forces", NULL, "Forces"},
    {THING_GROUP, "groups", "groups", NULL, "Readers"},
    {THING_SOURCE, "sources", "sources", NULL, "Sources"},
    {THING_TOPIC, "topics", "topics", NULL, "Topics"},
    {THING_LANE, "lanes", "lanes", NULL, "Lanes"},
    {THING_PROCESS, "processes", "processes", NULL, "Processes"},
    {THING_BROKER, "brokers", NULL, "broker", "Broker"},
    {THING_CONTROL, "controls", NULL, "control", "Control data"},
    {THING_QUARANTINE, "quarantines", "refused", "quarantine", "Quarantine"},
    {THING_CANARY, "canaries", "canaries", NULL, "Canaries"},
    {THING_LEDGER, "ledgers", "ledgers", NULL, "Ledger"},
    {THING_KEY, "keys", "keys", NULL, "Keys and certificates"},
};

#define N_KINDS (sizeof kinds / sizeof *kinds)

size_t health_view_kinds(const struct health_view_kind **rows)
{
    *rows = kinds;
    return N_KINDS;
}

const struct health_view_kind *health_view_kind(const char *plural)
{
    for (size_t i = 0; i < N_KINDS; i++)
        if (strcmp(kinds[i].plural, plural) == 0)
            return &kinds[i];
    return NULL;
}

const char *health_view_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

struct figure health_view_figure(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value))
        return figure_of(json_integer_value(value));
    return (struct figure){json_is_string(value) ? FIGURE_NOT_PERMITTED : FIGURE_UNKNOWN, 0};
}

enum severity health_view_severity_of(const json_t *object)
{
    const char *name = health_view_text(object, "severity");
    for (enum severity severity = SEVERITY_OK; severity < SEVERITY_UNKNOWN; severity++)
        if (strcmp(name, severity_name(severity)) == 0)
            return severity;
    return SEVERITY_UNKNOWN;
}

static void add_thing(
    struct health_view *view, const char *name, enum thing of, const json_t *object, const json_t *finding)
{
    struct health_view_thing *thing = &view->things[view->n_things++];
    *thing = (struct health_view_thing){.name = name,
        .of = of,
        .severity = health_view_severity_of(finding),
        .word = health_view_text(finding, "word"),
        .object = object,
        .finding = finding};
}

// Refused records of one agency and code have no finding: they are as bad as the trouble that names them.
static void add_refused(struct health_view *view, const json_t *object)
{
    const char *name = health_view_text(object, "thing");
    bool waits = health_view_figure(object, "waiting").value > 0;
    add_thing(view, name, THING_QUARANTINE, object, NULL);
    struct health_view_thing *thing = &view->things[view->n_things - 1];
    thing->severity = SEVERITY_OK;
    thing->word = waits ? "waiting" : "dealt with";
    size_t i;
    json_t *trouble;
    json_array_foreach(json_object_get(view->json, "troubles"), i, trouble)
    {
        if (strcmp(health_view_text(trouble, "thing"), name) == 0) {
            thing->severity = health_view_severity_of(trouble);
            thing->word = health_view_text(trouble, "word");
        }
    }
}

static int64_t earlier_of(int64_t a, int64_t b)
{
    return a && (a < b || !b) ? a : b;
}

static int64_t sum_of(int64_t a, int64_t b)
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
        struct figure figure = health_view_figure(row, key);
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
    if (health_view_severity_of(json_object_get(json, "quarantine")) == SEVERITY_UNKNOWN)
        return sums;
    sum_up(sums, rows, "waiting", sum_of);
    sum_up(sums, rows, "dealt_with", sum_of);
    sum_up(sums, rows, "oldest_ms", earlier_of);
    return sums;
}

static void add_single(struct health_view *view, const struct health_view_kind *kind, const json_t *finding)
{
    add_thing(view, kind->single, kind->of, kind->list ? view->refused : view->json, finding);
    struct health_view_thing *thing = &view->things[view->n_things - 1];
    thing->single = true;
    thing->sums = kind->list && json_array_size(json_object_get(view->json, kind->list));
}

static void add_kind(struct health_view *view, const struct health_view_kind *kind)
{
    const json_t *single = kind->single ? json_object_get(view->json, kind->single) : NULL;
    if (single)
        add_single(view, kind, single);
    size_t i;
    json_t *row;
    if (!kind->list)
        return;
    json_array_foreach(json_object_get(view->json, kind->list), i, row)
    {
        if (kind->single)
            add_refused(view, row);
        else
            add_thing(view, health_view_text(row, "thing"), kind->of, row, json_object_get(row, "finding"));
    }
}

static void add_all(struct health_view *view)
{
    size_t most = 0;
    for (size_t i = 0; i < N_KINDS; i++)
        most += 1 + (kinds[i].list ? json_array_size(json_object_get(view->json, kinds[i].list)) : 0);
    view->things = memory_need(calloc(most, sizeof *view->things));
    for (size_t i = 0; i < N_KINDS; i++)
        add_kind(view, &kinds[i]);
}

struct health_view *health_view_new(json_t *json, int64_t clock_ms, struct error *error)
{
    const json_t *schema = json_object_get(json, HEALTH_JSON_SCHEMA);
    if (json_integer_value(schema) != HEALTH_JSON_VERSION) {
        if (json_is_integer(schema))
            error_say(error, CAUSE_OTHER,
                "It speaks version %lld of the health format, this program version %d: use the program of the hub's "
                "release.",
                (long long)json_integer_value(schema), HEALTH_JSON_VERSION);
        else
            error_say(error, CAUSE_OTHER, "What answers there is no Signalbox: look at the address and the port.");
        json_decref(json);
        return NULL;
    }
    struct health_view *view = memory_need(calloc(1, sizeof *view));
    view->json = json;
    view->clock_ms = clock_ms;
    view->at_ms = health_view_figure(json, "at_ms").value;
    view->every_ms = health_view_figure(json, "every_ms").value;
    view->severity = health_view_severity_of(json);
    view->refused = sum_refused(json);
    add_all(view);
    return view;
}

struct health_view *health_view_free(struct health_view *view)
{
    if (view) {
        json_decref(view->json);
        json_decref(view->refused);
        free(view->things);
        free(view);
    }
    return NULL;
}

int64_t health_view_age_ms(const struct health_view *view, int64_t now_ms)
{
    int64_t age = now_ms + view->clock_ms - view->at_ms;
    return age > 0 ? age : 0;
}

bool health_view_is_stale(const struct health_view *view, int64_t now_ms)
{
    return view->at_ms == 0 || health_view_age_ms(view, now_ms) > STALE_CYCLES * view->every_ms;
}

enum severity health_view_severity(const struct health_view *view, int64_t now_ms)
{
    return health_view_is_stale(view, now_ms) ? SEVERITY_UNKNOWN : view->severity;
}

enum severity health_view_severity_of_kind(const struct health_view *view, enum thing of)
{
    enum severity worst = SEVERITY_UNKNOWN;
    bool any = false;
    for (size_t i = 0; i < view->n_things; i++) {
        const struct health_view_thing *thing = &view->things[i];
        if (thing->of == of && (!any || severity_pain(thing->severity) > severity_pain(worst))) {
            worst = thing->severity;
            any = true;
        }
    }
    return worst;
}

const struct health_view_thing *health_view_find(const struct health_view *view, const char *name)
{
    for (size_t i = 0; i < view->n_things; i++)
        if (strcmp(view->things[i].name, name) == 0)
            return &view->things[i];
    return NULL;
}
