// SPDX-License-Identifier: Apache-2.0
// The text of health: everything that matters is in it, in any width, and nothing in it can steer a terminal.
#include "hub/base/display.h"
#include "tests/cli/health.h"
#include <criterion/criterion.h>

static const size_t widths[] = {20, 40, 80, 100, 233};
#define N_WIDTHS (sizeof widths / sizeof *widths)

static void expect_proper(const struct sheet *sheet, const char *what)
{
    for (size_t i = 0; i < sheet->n; i++) {
        size_t columns = 0;
        for (size_t run = 0; run < sheet->lines[i].n_runs; run++) {
            const char *text = sheet->lines[i].runs[run].text;
            columns += display_columns(text);
            for (size_t len; *text; text += len) {
                uint32_t c = display_next(text, &len);
                cr_expect(!display_is_unsafe(c) && (!sheet->ascii || c < 0x7f), "%s, line %zu", what, i);
            }
        }
        cr_expect_leq(columns, sheet->width, "%s, line %zu takes %zu of %zu", what, i, columns, sheet->width);
        cr_expect_eq(columns, sheet->lines[i].columns, "%s, line %zu", what, i);
    }
}

Test(report, of_anything_fits_any_width_and_is_safe)
{
    for (size_t f = 0; f < N_FIXTURES; f++) {
        struct outlook *outlook = outlook_of(all_fixtures[f]);
        struct report report = report_of(outlook);
        for (size_t w = 0; w < N_WIDTHS; w++) {
            struct sheet sheet;
            sheet_init(&sheet, widths[w], w % 2);
            report_whole(&report, &sheet);
            expect_proper(&sheet, "the whole");
            sheet_deinit(&sheet);
        }
        outlook_free(outlook);
    }
}

Test(report, of_a_line_of_many_styles_loses_no_word)
{
    char should[256] = "";
    struct sheet sheet;
    sheet_init(&sheet, 200, true);
    for (int i = 0; i < 60; i++) {
        enum sheet_style style = (enum sheet_style)(i % SHEET_STYLES);
        sheet_print(&sheet, style, "%02d", i);
        sheet_cell(&sheet, style, "", 1, false);
        sprintf(should + 3 * i, "%02d ", i);
    }
    strcpy(should + strlen(should) - 1, "\n");
    char *text = text_of(&sheet);
    cr_expect_str_eq(text, should);
    expect_proper(&sheet, "many styles");
    free(text);
    sheet_deinit(&sheet);
}

Test(report, of_each_thing_says_its_word_rule_numbers_and_remedy)
{
    struct outlook *outlook = outlook_of(kit_health_sick);
    struct report report = report_of(outlook);
    for (size_t i = 0; i < outlook->n_things; i++) {
        const struct outlook_thing *thing = &outlook->things[i];
        struct sheet sheet;
        sheet_init(&sheet, 2000, false);
        report_thing(&report, thing, &sheet);
        char *text = text_of(&sheet);
        const char *parts[] = {thing->name, thing->word, outlook_text(thing->finding, "rule"), outlook_text(thing->finding, "numbers"),
            outlook_text(thing->finding, "remedy"), outlook_text(thing->finding, "meaning")};
        for (size_t part = 0; part < sizeof parts / sizeof *parts; part++)
            cr_expect(strstr(text, parts[part]), "%s lacks %s", thing->name, parts[part]);
        free(text);
        sheet_deinit(&sheet);
    }
    outlook_free(outlook);
}

Test(report, of_a_hostile_thing_fits_and_is_safe)
{
    struct outlook *outlook = outlook_of(kit_health_hostile);
    struct report report = report_of(outlook);
    for (size_t i = 0; i < outlook->n_things; i++) {
        struct sheet sheet;
        sheet_init(&sheet, 40 + i % 60, i % 2);
        report_thing(&report, &outlook->things[i], &sheet);
        expect_proper(&sheet, outlook->things[i].name);
        sheet_deinit(&sheet);
    }
    outlook_free(outlook);
}

static char *whole_text(struct report *report)
{
    struct sheet sheet;
    sheet_init(&sheet, 400, true);
    report_whole(report, &sheet);
    char *text = text_of(&sheet);
    sheet_deinit(&sheet);
    return text;
}

Test(report, of_the_whole_has_every_trouble_with_effect_next_step_and_command)
{
    struct outlook *outlook = outlook_of(kit_health_sick);
    struct report report = report_of(outlook);
    char *text = whole_text(&report);
    size_t i;
    json_t *trouble;
    const char *at = text;
    json_array_foreach(json_object_get(outlook->json, "troubles"), i, trouble)
    {
        const char *title = strstr(at, outlook_text(trouble, "title"));
        cr_assert(title, "%s is missing or out of order", outlook_text(trouble, "title"));
        cr_expect(strstr(title, outlook_text(trouble, "effect")));
        cr_expect(strstr(title, outlook_text(trouble, "next")));
        cr_expect(strstr(title, outlook_text(trouble, "command")));
        at = title;
    }
    cr_expect_eq(strncmp(text, "# CRITICAL: ", 12), 0, "%.80s", text);
    free(text);
    outlook_free(outlook);
}

static const struct {
    make_health *make;
    int64_t later_ms;
    const char *begins, *says;
} firsts[] = {
    {kit_health_well, 2000, "- OK: nothing is wrong; ", " forces are well. Data is 2.0 s old."},
    {kit_health_night, 2000, "# CRITICAL: 3 critical, 1 unknown, 1 warning; ", "Data is 2.0 s old."},
    {kit_health_well, 600000, "? UNKNOWN: The data is 10 min old, so nobody knows how it is now; ", "Then: nothing is wrong; "},
};

Test(report, begins_with_the_verdict_and_the_age)
{
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        struct outlook *outlook = outlook_of(firsts[i].make);
        struct report report = report_of(outlook);
        report.now_ms = outlook->at_ms + firsts[i].later_ms;
        char *text = whole_text(&report);
        text[strcspn(text, "\n")] = 0;
        cr_expect_eq(strncmp(text, firsts[i].begins, strlen(firsts[i].begins)), 0, "%s", text);
        cr_expect(strstr(text, firsts[i].says), "%s", text);
        free(text);
        outlook_free(outlook);
    }
}

Test(report, before_the_first_collection_says_so_and_nothing_else)
{
    char error[OUTLOOK_ERROR_BYTES];
    struct health *health = health_new();
    struct outlook *outlook = outlook_new(health_json(health), 0, error);
    struct report report = report_of(outlook);
    char *text = whole_text(&report);
    cr_expect_eq(strncmp(text, "? UNKNOWN: The hub has begun and has not asked Kafka yet.\n", 58), 0, "%s", text);
    cr_expect_null(strstr(text, "Forces"));
    free(text);
    outlook_free(outlook);
    health_drop(health);
}

Test(report, as_lines_has_one_object_for_the_whole_each_trouble_and_each_thing)
{
    struct outlook *outlook = outlook_of(kit_health_hostile);
    struct report report = report_of(outlook);
    char *text, *rest, *line;
    size_t size, n = 0;
    FILE *out = open_memstream(&text, &size);
    report_lines(&report, NULL, out);
    fclose(out);
    for (rest = text; (line = strsep(&rest, "\n")) && *line; n++) {
        json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        cr_expect(json_is_string(json_object_get(object, "line")) && json_is_integer(json_object_get(object, "number")));
        cr_expect_eq(json_integer_value(json_object_get(object, "age_ms")), report.now_ms - outlook->at_ms);
        json_decref(object);
    }
    cr_expect_eq(n, 1 + json_array_size(json_object_get(outlook->json, "troubles")) + outlook->n_things);
    free(text);
    outlook_free(outlook);
}

Test(report, of_a_hub_that_knows_nothing_yet_does_not_say_that_nothing_is_wrong)
{
    struct outlook *outlook = outlook_of(kit_health_well);
    outlook->severity = SEVERITY_UNKNOWN; // no trouble, and no answer yet either
    struct report report = report_of(outlook);
    report.now_ms = outlook->at_ms;
    char *text = whole_text(&report);
    cr_expect(strstr(text, "UNKNOWN: no trouble is known;") && !strstr(text, "nothing is wrong"), "%.120s", text);
    free(text);
    outlook_free(outlook);
}
