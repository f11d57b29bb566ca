// SPDX-License-Identifier: Apache-2.0
// The same for programs. Every line carries the snapshot's number, time and age, so that lines can be told apart when
// they are appended to a file for days.
#include "hub/cli/health/order.h"
#include <stdlib.h>

static void stamp_object(const struct report *report, json_t *object)
{
    const struct health_view *view = report->view;
    json_object_set_new(object, "number", json_integer(health_view_figure(view->json, "number").value));
    json_object_set_new(object, "at_ms", json_integer(view->at_ms));
    json_object_set_new(
        object, "age_ms", view->at_ms ? json_integer(health_view_age_ms(view, report->now_ms)) : json_null());
    json_object_set_new(object, "stale", json_boolean(health_view_is_stale(view, report->now_ms)));
    if (report->problem)
        json_object_set_new(object, "problem", json_string(report->problem));
}

// Broker, control and quarantine have no row; what is theirs is the finding, and what the records in quarantine come
// to.
static json_t *thing_json(const struct report *report, const struct health_view_thing *thing)
{
    json_t *object = json_copy((json_t *)(thing->single ? thing->finding : thing->object));
    if (thing->object != report->view->json)
        json_object_update_missing(object, (json_t *)thing->object);
    json_object_set_new(object, "thing", json_string(thing->name));
    json_object_set_new(object, "severity", json_string(severity_name(thing->severity)));
    json_object_set_new(object, "word", json_string(thing->word));
    return object;
}

static void put_line(const struct report *report, const char *kind, json_t *object, FILE *out)
{
    json_t *line = json_pack("{s:s}", "line", kind);
    stamp_object(report, line);
    json_object_update_missing(line, object);
    json_decref(object);
    json_dumpf(line, out, JSON_COMPACT);
    fputc('\n', out);
    json_decref(line);
}

static json_t *whole_json(const struct report *report)
{
    size_t n = json_array_size(json_object_get(report->view->json, "troubles"));
    return json_pack("{s:s, s:I}", "severity", severity_name(health_view_severity(report->view, report->now_ms)),
        "troubles", (json_int_t)n);
}

static void put_kind(const struct report *report, const struct health_view_kind *kind, FILE *out)
{
    size_t n;
    struct order_row *rows = order_things(report, kind->of, &n);
    for (size_t i = 0; i < n; i++)
        put_line(report, "thing", thing_json(report, rows[i].thing), out);
    free(rows);
}

static void put_whole(const struct report *report, FILE *out)
{
    size_t i;
    json_t *trouble;
    put_line(report, "health", whole_json(report), out);
    json_array_foreach(json_object_get(report->view->json, "troubles"), i, trouble)
    {
        put_line(report, "trouble", json_incref(trouble), out);
    }
    for (i = 0; i < report->view->n_things; i++)
        put_line(report, "thing", thing_json(report, &report->view->things[i]), out);
}

void report_lines(const struct report *report, struct report_subject subject, FILE *out)
{
    if (subject.thing)
        put_line(report, "thing", thing_json(report, subject.thing), out);
    else if (subject.kind)
        put_kind(report, subject.kind, out);
    else
        put_whole(report, out);
}

static json_t *kind_json(const struct report *report, const struct health_view_kind *kind)
{
    size_t n;
    struct order_row *rows = order_things(report, kind->of, &n);
    json_t *things = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(things, thing_json(report, rows[i].thing));
    free(rows);
    return json_pack("{s:s, s:o}", "severity", severity_name(health_view_severity_of_kind(report->view, kind->of)),
        "things", things);
}

json_t *report_json(const struct report *report, struct report_subject subject)
{
    json_t *object = subject.thing  ? thing_json(report, subject.thing)
                     : subject.kind ? kind_json(report, subject.kind)
                                    : json_copy(report->view->json);
    stamp_object(report, object);
    return object;
}
