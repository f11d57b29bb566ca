// SPDX-License-Identifier: Apache-2.0
// The table of verdicts: ordered, complete, in whole sentences; and the fixtures that show each of them.
#include "hub/observe/things.h"
#include "tests/kit/health/unwell_health.h"
#include <criterion/criterion.h>
#include <string.h>

#define NOW_MS 1790000000000

static bool is_sentence(const char *text)
{
    size_t n = strlen(text);
    return n > 3 && (strchr(".:", text[n - 1]) || strncmp(text, "signalbox ", 10) == 0);
}

Test(verdict, the_table_says_something_of_everything_from_well_to_worst)
{
    size_t of[THING_COUNT] = {0};
    for (int v = 0; v < VERDICT_COUNT; v++) {
        const struct verdict_row *row = verdict_row((enum verdict)v);
        cr_expect(is_sentence(row->meaning), "%s: %s", row->id, row->meaning);
        cr_expect(*row->word && strlen(row->word) <= 18, "%s: %s", row->id, row->word);
        if (v && verdict_row((enum verdict)(v - 1))->of == row->of)
            cr_expect_geq(
                row->severity, verdict_severity((enum verdict)(v - 1)), "%s stands after a worse one", row->id);
        else
            cr_expect_eq(row->severity, SEVERITY_OK, "%s is the first of its thing", row->id);
        of[row->of]++;
    }
    for (int thing = 0; thing < THING_COUNT; thing++)
        cr_expect_geq(of[thing], 2, "%s", thing_name((enum thing)thing));
}

Test(verdict, the_worse_of_two_is_the_same_from_both_sides)
{
    static const struct {
        enum verdict a, b, worse;
    } rows[] = {
        {VERDICT_READER_OK, VERDICT_READER_IDLE, VERDICT_READER_IDLE},
        {VERDICT_READER_OK, VERDICT_READER_BEHIND, VERDICT_READER_BEHIND},
        {VERDICT_READER_BEHIND, VERDICT_READER_UNKNOWN, VERDICT_READER_UNKNOWN},
        {VERDICT_READER_UNKNOWN, VERDICT_READER_STOPPED, VERDICT_READER_STOPPED},
        {VERDICT_READER_STALLED, VERDICT_READER_STOPPED, VERDICT_READER_STOPPED},
        {VERDICT_READER_BEHIND_RETENTION, VERDICT_READER_REWOUND, VERDICT_READER_BEHIND_RETENTION},
        {VERDICT_READER_NOT_PERMITTED, VERDICT_READER_UNKNOWN, VERDICT_READER_NOT_PERMITTED},
        {VERDICT_TOPIC_OK, VERDICT_TOPIC_OK, VERDICT_TOPIC_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_eq(verdict_worse(rows[i].a, rows[i].b), rows[i].worse, "row %zu", i);
        cr_expect_eq(verdict_worse(rows[i].b, rows[i].a), rows[i].worse, "row %zu turned", i);
    }
}

Test(verdict, pain_goes_ok_warning_unknown_critical)
{
    cr_expect_lt(severity_pain(SEVERITY_OK), severity_pain(SEVERITY_WARNING));
    cr_expect_lt(severity_pain(SEVERITY_WARNING), severity_pain(SEVERITY_UNKNOWN));
    cr_expect_lt(severity_pain(SEVERITY_UNKNOWN), severity_pain(SEVERITY_CRITICAL));
    cr_expect_str_eq(severity_name(SEVERITY_UNKNOWN), "unknown");
}

static void count(void *context, const struct thing_place *place)
{
    bool *seen = context;
    seen[place->finding->verdict] = true;
    cr_expect_eq(verdict_row(place->finding->verdict)->of, place->of, "%s has a verdict of another thing", place->name);
    cr_expect(place->finding->rule && place->finding->numbers && place->finding->detail, "%s has NULLs", place->name);
}

Test(verdict, the_fixtures_show_every_verdict)
{
    struct health *(*const makers[])(int64_t) = {kit_health_well, kit_health_night, kit_health_unwell, kit_health_cut,
        kit_health_hostile, kit_health_control_behind, kit_health_control_missing};
    bool seen[VERDICT_COUNT] = {0};
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        struct health *health = makers[i](NOW_MS);
        things_each(health, count, seen);
        health_drop(health);
    }
    struct health *fresh = health_new();
    things_each(fresh, count, seen);
    health_drop(fresh);
    for (int v = 0; v < VERDICT_COUNT; v++)
        cr_expect(seen[v], "no fixture shows %s", verdict_row((enum verdict)v)->id);
}

Test(things, each_has_a_name_of_its_own_and_is_found_by_it)
{
    static const char *const names[] = {"broker", "control", "quarantine", "group/feed-kent", "topic/feed.kent",
        "topic/ledger", "source/btp", "force/kent", "lane/3", "canary/0", "ledger/2"};
    struct health *health = kit_health_well(NOW_MS);
    struct thing_place place;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cr_assert(things_find(health, names[i], &place), "%s", names[i]);
        cr_expect_str_eq(place.name, names[i]);
        cr_expect_eq(strncmp(names[i], thing_name(place.of), strlen(thing_name(place.of))), 0);
    }
    cr_expect_not(things_find(health, "group/nobody", &place));
    cr_expect_not(things_find(health, "", &place));
    health_drop(health);
}

Test(health, the_last_holder_frees_and_null_is_no_holder)
{
    struct health *health = health_new();
    const struct health *second = health_hold(health);
    cr_expect_null(health_drop(health));
    cr_expect_eq(second->n_topics, 0);
    cr_expect_str_eq(second->broker.rule, "not-asked-yet");
    cr_expect_null(health_drop(second));
    cr_expect_null(health_drop(NULL));
}
