// SPDX-License-Identifier: Apache-2.0
// One thing with all that is known of it: the verdict and what to do, the troubles that name it, then every field of
// its row in the order and under the name that the JSON has. A field that is added to a row shows here without new
// code.
#include "hub/base/duration.h"
#include "hub/cli/health/numbers.h"
#include "hub/cli/health/report.h"
#include <string.h>

#define LABEL 22
#define MOMENT_FROM                                                                                                    \
    100000000000LL // no duration lasts three years and no moment lies before 1973, so the size tells them apart

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static void print_time(int64_t value, int64_t hub_now_ms, char *text, size_t size)
{
    char moment[NUMBERS_BYTES], distance[DURATION_BYTES];
    if (value < MOMENT_FROM) {
        snprintf(text, size, "%s", value == -1 ? "without end" : duration_text(value, distance));
        return;
    }
    bool past = value <= hub_now_ms;
    duration_text(past ? hub_now_ms - value : value - hub_now_ms, distance);
    snprintf(text, size, "%s (%s%s%s)", numbers_moment(value, moment), past ? "" : "in ", distance, past ? " ago" : "");
}

static void print_number(const char *key, int64_t value, int64_t hub_now_ms, char *text, size_t size)
{
    char amount[NUMBERS_BYTES];
    if (ends_with(key, "_ms"))
        print_time(value, hub_now_ms, text, size);
    else if (ends_with(key, "_bytes"))
        snprintf(text, size, "%s", numbers_bytes(value, amount));
    else if (strcmp(key, "expected_hour") == 0)
        snprintf(text, size, "%.1f", (double)value / 1000);
    else if (strcmp(key, "trend") == 0)
        snprintf(text, size, "%s", value > 0 ? "grows" : value < 0 ? "shrinks" : "steady");
    else
        snprintf(text, size, "%s", numbers_count(value, amount));
}

// false for what is no single value.
static bool print_value(const char *key, const json_t *value, int64_t hub_now_ms, char *text, size_t size)
{
    if (json_is_object(value) || json_is_array(value))
        return false;
    if (json_is_integer(value))
        print_number(key, json_integer_value(value), hub_now_ms, text, size);
    else if (json_is_string(value))
        snprintf(text, size, "%s", json_string_value(value));
    else
        snprintf(text, size, "%s", json_is_boolean(value) ? json_is_true(value) ? "yes" : "no" : "?");
    return true;
}

// "lag_ms" beside "lag" is "lag in time"; times show their unit, so that "_ms" says nothing more.
static void print_label(const char *key, const json_t *object, char *text, size_t size)
{
    size_t len = strlen(key);
    bool time = ends_with(key, "_ms");
    snprintf(text, size, "%.*s", (int)(time ? len - 3 : len), key);
    bool twin = time && json_object_get(object, text);
    for (char *c = text; *c; c++)
        *c = *c == '_' ? ' ' : *c;
    size_t used = strlen(text);
    if (twin && used < size)
        snprintf(text + used, size - used, " in time");
}

static void put_field(struct styled_text *styled, const char *label, const char *text)
{
    if (!*text)
        return;
    styled_text_line(styled);
    styled_text_put(styled, STYLED_TEXT_PLAIN, "  ");
    styled_text_cell(styled, STYLED_TEXT_DIM, label, LABEL, false);
    styled_text_put(styled, STYLED_TEXT_PLAIN, " ");
    styled_text_wrap(styled, STYLED_TEXT_PLAIN, text, LABEL + 3);
}

static void put_scalar(
    struct styled_text *styled, const json_t *object, const char *key, const json_t *value, int64_t hub_now_ms)
{
    char label[96], text[1024];
    if (strcmp(key, "thing") == 0 || !print_value(key, value, hub_now_ms, text, sizeof text))
        return;
    print_label(key, object, label, sizeof label);
    put_field(styled, label, text);
}

static void put_scalars(struct styled_text *styled, const json_t *object, int64_t hub_now_ms)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value) put_scalar(styled, object, key, value, hub_now_ms);
}

// Broker and control have no row of their own; this is what of the snapshot is theirs.
static void put_own(struct styled_text *styled, const struct health_view_thing *thing, int64_t hub_now_ms)
{
    static const struct {
        enum thing of;
        const char *key;
    } own[] = {{THING_BROKER, "bootstrap"}, {THING_BROKER, "embedded"}, {THING_BROKER, "prefix"},
        {THING_BROKER, "brokers"}, {THING_BROKER, "broker_answered_ms"}, {THING_CONTROL, "registry_version"},
        {THING_CONTROL, "registry_made_ms"}, {THING_CONTROL, "policy_version"}, {THING_CONTROL, "policy_made_ms"},
        {THING_CONTROL, "subscriptions_version"}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i].of == thing->of)
            put_scalar(styled, thing->object, own[i].key, json_object_get(thing->object, own[i].key), hub_now_ms);
}

// A row of a list in one sentence: "partition 0, committed 120, end 190, lag 70".
static void put_element(struct styled_text *styled, const json_t *element, int64_t hub_now_ms)
{
    const char *key;
    json_t *value;
    char label[96], text[1024], part[1200];
    const json_t *finding = json_object_get(element, "finding");
    styled_text_line(styled);
    styled_text_put(styled, STYLED_TEXT_PLAIN, "    ");
    if (finding) {
        enum severity severity = health_view_severity_of(finding);
        styled_text_print(styled, styled_text_style_of(severity), "%s %s: ", styled_text_shape(styled, severity),
            health_view_text(finding, "word"));
    }
    bool first = true;
    json_object_foreach((json_t *)element, key, value)
    {
        if (!print_value(key, value, hub_now_ms, text, sizeof text) || !*text)
            continue;
        print_label(key, element, label, sizeof label);
        snprintf(part, sizeof part, "%s%s %.1000s", first ? "" : ", ", label, text);
        styled_text_wrap(styled, STYLED_TEXT_PLAIN, part, 6);
        first = false;
    }
}

static void put_heading(struct styled_text *styled, const char *key, size_t n)
{
    char label[96];
    print_label(key, NULL, label, sizeof label);
    styled_text_line(styled);
    styled_text_line(styled);
    styled_text_print(styled, STYLED_TEXT_BOLD, "%s", label);
    if (n)
        styled_text_print(styled, STYLED_TEXT_DIM, " (%zu)", n);
}

static void put_list(struct styled_text *styled, const char *key, const json_t *list, int64_t hub_now_ms)
{
    size_t i;
    json_t *element;
    put_heading(styled, key, json_array_size(list));
    json_array_foreach((json_t *)list, i, element) put_element(styled, element, hub_now_ms);
}

static void put_lists(struct styled_text *styled, const json_t *object, int64_t hub_now_ms)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (json_is_object(value) && strcmp(key, "finding") != 0) {
            put_heading(styled, key, 0);
            put_scalars(styled, value, hub_now_ms);
        }
        if (!json_is_array(value) || json_array_size(value) == 0)
            continue;
        put_list(styled, key, value, hub_now_ms);
    }
}

static void put_finding(const struct report *report, const struct health_view_thing *thing, struct styled_text *styled)
{
    char duration[NUMBERS_BYTES], text[640];
    int64_t since = health_view_figure(thing->finding, "since_ms").value;
    duration_text(report->now_ms + report->view->clock_ms - since, duration);
    styled_text_line(styled);
    styled_text_print(styled, styled_text_style_of(thing->severity), "%s %s",
        styled_text_shape(styled, thing->severity), thing->word);
    snprintf(text, sizeof text, "  %.500s%s%s", thing->name, since ? ", for " : "", since ? duration : "");
    styled_text_wrap(styled, STYLED_TEXT_BOLD, text, 2);
    if (!thing->finding)
        return;
    put_field(styled, "what it is", health_view_text(thing->finding, "detail"));
    put_field(styled, "what that means", health_view_text(thing->finding, "meaning"));
    put_field(styled, "what to do", health_view_text(thing->finding, "remedy"));
    put_field(styled, "rule", health_view_text(thing->finding, "rule"));
    put_field(styled, "numbers", health_view_text(thing->finding, "numbers"));
    put_field(styled, "since", since ? numbers_moment(since, duration) : "");
}

static void put_troubles(const struct report *report, const struct health_view_thing *thing, struct styled_text *styled)
{
    size_t i;
    json_t *trouble;
    json_array_foreach(json_object_get(report->view->json, "troubles"), i, trouble)
    {
        if (strcmp(health_view_text(trouble, "thing"), thing->name) == 0)
            report_trouble(report, trouble, styled);
    }
}

// What belongs to it: the force of a group, the groups and the feed of a force.
static bool is_related(const struct health_view_thing *thing, const struct health_view_thing *other)
{
    const char *force = thing->of == THING_FORCE ? health_view_text(thing->object, "id") : "";
    if (other->of == THING_GROUP && *force)
        return strcmp(health_view_text(other->object, "force"), force) == 0;
    if (other->of == THING_TOPIC && *force)
        return strcmp(health_view_text(other->object, "owner"), force) == 0;
    return other->of == THING_FORCE && thing->of == THING_GROUP &&
           strcmp(health_view_text(other->object, "id"), health_view_text(thing->object, "force")) == 0;
}

static void put_related(const struct report *report, const struct health_view_thing *thing, struct styled_text *styled)
{
    bool begun = false;
    for (size_t i = 0; i < report->view->n_things; i++) {
        const struct health_view_thing *other = &report->view->things[i];
        if (!is_related(thing, other))
            continue;
        if (!begun)
            put_heading(styled, "see also", 0);
        begun = true;
        styled_text_line(styled);
        styled_text_print(styled, styled_text_style_of(other->severity), "  %s %s",
            styled_text_shape(styled, other->severity), other->word);
        styled_text_put(styled, STYLED_TEXT_PLAIN, "  ");
        styled_text_put(styled, STYLED_TEXT_PLAIN,
            report_command(report, arena_printf(&styled->arena, "signalbox status %s", other->name), styled));
    }
}

void report_thing(const struct report *report, const struct health_view_thing *thing, struct styled_text *styled)
{
    int64_t hub_now_ms = report->now_ms + report->view->clock_ms;
    put_finding(report, thing, styled);
    put_troubles(report, thing, styled);
    put_heading(styled, "numbers and names", 0);
    if (thing->object == report->view->json)
        put_own(styled, thing, hub_now_ms);
    else {
        put_scalars(styled, thing->object, hub_now_ms);
        put_lists(styled, thing->object, hub_now_ms);
    }
    if (thing->sums)
        put_list(styled, "refused", json_object_get(report->view->json, "refused"), hub_now_ms);
    put_related(report, thing, styled);
}
