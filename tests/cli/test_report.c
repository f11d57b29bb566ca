// SPDX-License-Identifier: Apache-2.0
// The text of health: everything that matters is in it, in any width, and nothing in it can steer a terminal.
#include "hub/base/display.h"
#include "tests/cli/health.h"
#include <criterion/criterion.h>

static const size_t widths[] = {20, 40, 80, 100, 233};
#define N_WIDTHS (sizeof widths / sizeof *widths)

static void expect_proper(const struct styled_text *styled, const char *what)
{
    for (size_t i = 0; i < styled->n; i++) {
        size_t columns = 0;
        for (size_t run = 0; run < styled->lines[i].n_runs; run++) {
            const char *text = styled->lines[i].runs[run].text;
            columns += display_columns(text);
            for (size_t len; *text; text += len) {
                uint32_t c = display_next(text, &len);
                cr_expect(!display_is_unsafe(c) && (!styled->ascii || c < 0x7f), "%s, line %zu", what, i);
            }
        }
        cr_expect_leq(columns, styled->width, "%s, line %zu takes %zu of %zu", what, i, columns, styled->width);
        cr_expect_eq(columns, styled->lines[i].columns, "%s, line %zu", what, i);
    }
}

Test(report, of_anything_fits_any_width_and_is_safe)
{
    for (size_t f = 0; f < N_FIXTURES; f++) {
        struct health_view *view = health_view_of(all_fixtures[f]);
        struct report report = report_of(view);
        for (size_t w = 0; w < N_WIDTHS; w++) {
            struct styled_text styled;
            styled_text_init(&styled, widths[w], w % 2);
            report_whole(&report, &styled);
            expect_proper(&styled, "the whole");
            styled_text_deinit(&styled);
        }
        health_view_free(view);
    }
}

Test(report, of_a_line_of_many_styles_loses_no_word)
{
    char should[256] = "";
    struct styled_text styled;
    styled_text_init(&styled, 200, true);
    for (int i = 0; i < 60; i++) {
        enum styled_text_style style = (enum styled_text_style)(i % STYLED_TEXT_STYLES);
        styled_text_print(&styled, style, "%02d", i);
        styled_text_cell(&styled, style, "", 1, false);
        sprintf(should + 3 * i, "%02d ", i);
    }
    strcpy(should + strlen(should) - 1, "\n");
    char *text = text_of(&styled);
    cr_expect_str_eq(text, should);
    expect_proper(&styled, "many styles");
    free(text);
    styled_text_deinit(&styled);
}

Test(report, of_each_thing_says_its_word_rule_numbers_and_remedy)
{
    struct health_view *view = health_view_of(kit_health_unwell);
    struct report report = report_of(view);
    for (size_t i = 0; i < view->n_things; i++) {
        const struct health_view_thing *thing = &view->things[i];
        struct styled_text styled;
        styled_text_init(&styled, 2000, false);
        report_thing(&report, thing, &styled);
        char *text = text_of(&styled);
        const char *parts[] = {thing->name, thing->word, health_view_text(thing->finding, "rule"),
            health_view_text(thing->finding, "numbers"), health_view_text(thing->finding, "remedy"),
            health_view_text(thing->finding, "meaning")};
        for (size_t part = 0; part < sizeof parts / sizeof *parts; part++)
            cr_expect(strstr(text, parts[part]), "%s lacks %s", thing->name, parts[part]);
        free(text);
        styled_text_deinit(&styled);
    }
    health_view_free(view);
}

Test(report, of_a_hostile_thing_fits_and_is_safe)
{
    struct health_view *view = health_view_of(kit_health_hostile);
    struct report report = report_of(view);
    for (size_t i = 0; i < view->n_things; i++) {
        struct styled_text styled;
        styled_text_init(&styled, 40 + i % 60, i % 2);
        report_thing(&report, &view->things[i], &styled);
        expect_proper(&styled, view->things[i].name);
        styled_text_deinit(&styled);
    }
    health_view_free(view);
}

static char *whole_text(struct report *report)
{
    struct styled_text styled;
    styled_text_init(&styled, 400, true);
    report_whole(report, &styled);
    char *text = text_of(&styled);
    styled_text_deinit(&styled);
    return text;
}

static char *subject_text(const struct report *report, const char *name)
{
    struct styled_text styled;
    const struct health_view_kind *kind = health_view_kind(name);
    styled_text_init(&styled, 400, true);
    if (kind)
        report_kind(report, kind, &styled);
    else
        report_thing(report, health_view_find(report->view, name), &styled);
    char *text = text_of(&styled);
    styled_text_deinit(&styled);
    return text;
}

Test(report, of_the_whole_has_every_trouble_with_effect_next_step_and_command)
{
    struct health_view *view = health_view_of(kit_health_unwell);
    struct report report = report_of(view);
    char *text = whole_text(&report);
    size_t i;
    json_t *trouble;
    const char *at = text;
    json_array_foreach(json_object_get(view->json, "troubles"), i, trouble)
    {
        const char *title = strstr(at, health_view_text(trouble, "title"));
        cr_assert(title, "%s is missing or out of order", health_view_text(trouble, "title"));
        cr_expect(strstr(title, health_view_text(trouble, "effect")));
        cr_expect(strstr(title, health_view_text(trouble, "next")));
        cr_expect(strstr(title, health_view_text(trouble, "command")));
        at = title;
    }
    cr_expect_eq(strncmp(text, "# CRITICAL: ", 12), 0, "%.80s", text);
    free(text);
    health_view_free(view);
}

static const struct {
    make_health *make;
    int64_t later_ms;
    const char *begins, *says;
} firsts[] = {
    {kit_health_well, 2000, "- OK: nothing is wrong; ", " forces are well, 1 has no reader. Data is 2.0 s old."},
    {kit_health_night, 2000, "# CRITICAL: 3 critical, 1 unknown, 1 warning; ", "Data is 2.0 s old."},
    {kit_health_well, 600000, "? UNKNOWN: The data is 10 min old, so nobody knows how it is now; ",
        "Then: nothing is wrong; "},
};

Test(report, begins_with_the_verdict_and_the_age)
{
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        struct health_view *view = health_view_of(firsts[i].make);
        struct report report = report_of(view);
        report.now_ms = view->at_ms + firsts[i].later_ms;
        char *text = whole_text(&report);
        text[strcspn(text, "\n")] = 0;
        cr_expect_eq(strncmp(text, firsts[i].begins, strlen(firsts[i].begins)), 0, "%s", text);
        cr_expect(strstr(text, firsts[i].says), "%s", text);
        free(text);
        health_view_free(view);
    }
}

Test(report, before_the_first_collection_says_so_and_nothing_else)
{
    struct error error;
    struct health *health = health_new();
    struct health_view *view = health_view_new(health_json(health), 0, &error);
    struct report report = report_of(view);
    char *text = whole_text(&report);
    cr_expect_eq(strncmp(text, "? UNKNOWN: The hub has begun and has not asked Kafka yet.\n", 58), 0, "%s", text);
    cr_expect_null(strstr(text, "Forces"));
    free(text);
    health_view_free(view);
    health_drop(health);
}

Test(report, as_lines_has_one_object_for_the_whole_each_trouble_and_each_thing)
{
    struct health_view *view = health_view_of(kit_health_hostile);
    struct report report = report_of(view);
    char *text, *rest, *line;
    size_t size, n = 0;
    FILE *out = open_memstream(&text, &size);
    report_lines(&report, (struct report_subject){NULL, NULL}, out);
    fclose(out);
    for (rest = text; (line = strsep(&rest, "\n")) && *line; n++) {
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        cr_expect(
            json_is_string(json_object_get(object, "line")) && json_is_integer(json_object_get(object, "number")));
        cr_expect_eq(json_integer_value(json_object_get(object, "age_ms")), report.now_ms - view->at_ms);
        json_decref(object);
    }
    cr_expect_eq(n, 1 + json_array_size(json_object_get(view->json, "troubles")) + view->n_things);
    free(text);
    health_view_free(view);
}

Test(report, of_a_hub_that_knows_nothing_yet_does_not_say_that_nothing_is_wrong)
{
    struct health_view *view = health_view_of(kit_health_well);
    view->severity = SEVERITY_UNKNOWN; // no trouble, and no answer yet either
    struct report report = report_of(view);
    report.now_ms = view->at_ms;
    char *text = whole_text(&report);
    cr_expect(strstr(text, "UNKNOWN: no trouble is known;") && !strstr(text, "nothing is wrong"), "%.120s", text);
    free(text);
    health_view_free(view);
}

// The shapes that lines begin with are in order, worst first; returns how many lines begin with one.
static size_t expect_worst_first(const char *text)
{
    static const char shapes[] = "#?!-";
    size_t n = 0, worst = 0;
    for (const char *line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
        const char *shape = *line && line[1] == ' ' ? strchr(shapes, *line) : NULL;
        if (!shape)
            continue;
        cr_expect_geq((size_t)(shape - shapes), worst, "%.80s", line);
        worst = (size_t)(shape - shapes);
        n++;
    }
    return n;
}

Test(report, of_a_kind_has_all_of_it_the_worst_first)
{
    struct health_view *view = health_view_of(kit_health_unwell);
    struct report report = report_of(view);
    const struct health_view_kind *kinds;
    size_t n = health_view_kinds(&kinds);
    for (size_t kind = 0; kind < n; kind++) {
        size_t things = 0;
        for (size_t i = 0; i < view->n_things; i++)
            things += view->things[i].of == kinds[kind].of;
        char *text = subject_text(&report, kinds[kind].plural);
        cr_expect_eq(expect_worst_first(text), things, "%s", text);
        free(text);
    }
    health_view_free(view);
}

Test(report, of_a_kind_puts_the_longest_delay_first_and_then_goes_by_name)
{
    struct health_view *view = health_view_of(kit_health_well);
    struct report report = report_of(view);
    json_object_set_new((json_t *)health_view_find(view, "lane/2")->object, "waiting_ms", json_integer(2000));
    json_object_set_new((json_t *)health_view_find(view, "lane/3")->object, "waiting_ms", json_integer(9000));
    char *text = subject_text(&report, "lanes");
    const char *at = text, *const ages[] = {" 3 ", " 2 ", " 0 ", " 1 "};
    for (size_t i = 0; i < 4; i++) {
        at = strstr(at, "\n- running");
        cr_assert(at, "%s", text);
        cr_expect(memmem(at, 40, ages[i], 3), "%s", text);
        at++;
    }
    free(text);
    health_view_free(view);
}

Test(report, of_the_whole_shows_the_worst_twenty_of_a_kind_and_how_to_see_the_others)
{
    struct health_view *view = health_view_of(kit_health_unwell);
    struct report report = report_of(view);
    char *text = whole_text(&report), *forces = strstr(text, "\nForces "), *end = strstr(forces, "\n  and ");
    cr_assert(end && strncmp(end, "\n  and 50 more: signalbox status forces\n", 40) == 0, "%s", forces);
    *end = 0;
    cr_expect_eq(expect_worst_first(forces), 20);
    free(text);
    health_view_free(view);
}

Test(report, of_the_quarantine_has_the_sums_of_its_rows)
{
    struct health_view *view = health_view_of(kit_health_unwell);
    struct report report = report_of(view);
    char *text = whole_text(&report), *row = strstr(text, "\n# spill ");
    cr_assert(row, "%s", text);
    *strchr(row + 1, '\n') = 0;
    cr_expect(strstr(row, " 22 ") && strstr(row, " 30 h ") && strstr(row, " 14 ") && !strchr(row, '?'), "%s", row);
    free(text);
    text = subject_text(&report, "quarantine");
    cr_expect(strstr(text, "  waiting                22\n") && strstr(text, "refused (5)"), "%s", text);
    free(text);
    json_t *json = report_json(&report, (struct report_subject){health_view_find(view, "quarantine"), NULL});
    cr_expect_str_eq(health_view_text(json, "verdict"), "QUARANTINE_SPILL");
    cr_expect_eq(health_view_figure(json, "waiting").value, 22);
    json_decref(json);
    health_view_free(view);
}

Test(report, of_what_there_is_once_has_what_is_its_own_and_no_more)
{
    struct health_view *view = health_view_of(kit_health_well);
    struct report report = report_of(view);
    char *broker = subject_text(&report, "broker"), *control = subject_text(&report, "control");
    cr_expect(strstr(broker, "  brokers ") && strstr(broker, "  broker answered ") && !strstr(broker, "severity"), "%s",
        broker);
    cr_expect(!strstr(broker, "registry") && !strstr(broker, "n all lanes"), "%s", broker);
    cr_expect(strstr(control, "  policy version ") && !strstr(control, "bootstrap"), "%s", control);
    free(broker);
    free(control);
    health_view_free(view);
}

Test(report, as_json_of_a_kind_has_its_things_the_worst_first)
{
    struct health_view *view = health_view_of(kit_health_night);
    struct report report = report_of(view);
    const struct report_subject groups = {NULL, health_view_kind("groups")};
    json_t *json = report_json(&report, groups), *things = json_object_get(json, "things");
    cr_expect_eq(json_array_size(things), json_array_size(json_object_get(view->json, "groups")));
    cr_expect_str_eq(health_view_text(json_array_get(things, 0), "thing"), "group/feed-kent");
    cr_expect_str_eq(health_view_text(json, "severity"), "critical");
    cr_expect(json_is_integer(json_object_get(json, "age_ms")));
    char *text;
    size_t size, lines = 0;
    FILE *out = open_memstream(&text, &size);
    report_lines(&report, groups, out);
    fclose(out);
    for (const char *c = text; *c; c++)
        lines += *c == '\n';
    cr_expect_eq(lines, json_array_size(things));
    cr_expect(strstr(text, "\"thing\":\"group/feed-kent\"") < strchr(text, '\n'), "%.300s", text);
    free(text);
    json_decref(json);
    health_view_free(view);
}

static const struct {
    const char *at;
    bool elsewhere;
    const char *command, *shown;
} commands[] = {
    {"http://127.0.0.1:9309", false, "signalbox status lane/3", "signalbox status lane/3"},
    {"https://hub:9309", true, "signalbox status lane/3", "signalbox status lane/3 --at https://hub:9309"},
    {"https://hub:9309", true, "signalbox status", "signalbox status --at https://hub:9309"},
    {"https://hub:9309", true, "signalbox top", "signalbox top --at https://hub:9309"},
    {"http://[::1]:9309", true, "signalbox check all", "signalbox check all --at 'http://[::1]:9309'"},
    {"https://hub:9309", true, "signalbox topics apply", "signalbox topics apply"},
    {"https://hub:9309", true, "kafka-transactions.sh --bootstrap-server a find-hanging",
        "kafka-transactions.sh --bootstrap-server a find-hanging"},
};

Test(report, of_another_hub_shows_commands_that_ask_that_one)
{
    struct styled_text styled;
    struct health_view *view = health_view_of(kit_health_unwell);
    struct report report = report_of(view);
    styled_text_init(&styled, 80, true);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        report.at = commands[i].at;
        report.elsewhere = commands[i].elsewhere;
        cr_expect_str_eq(report_command(&report, commands[i].command, &styled), commands[i].shown);
    }
    styled_text_deinit(&styled);
    report.at = "https://hub:9309";
    char *text = whole_text(&report);
    for (const char *at = text; (at = strstr(at, "signalbox status ")); at++)
        cr_expect(strncmp(at, "signalbox status source/", 24) == 0 ||
                      memmem(at, strcspn(at, "\n"), "--at https://hub:9309", 21),
            "%.100s", at);
    free(text);
    health_view_free(view);
}
