// SPDX-License-Identifier: Apache-2.0
#include "hub/console/html/page.h"
#include "hub/console/html/table.h"
#include <criterion/criterion.h>
#include <stdint.h>

static void expect_markup(struct html *html, const char *wanted)
{
    cr_assert_str_eq(html->data, wanted);
    html_deinit(html);
}

Test(page, counts_have_commas_and_what_is_not_known_is_never_zero)
{
    static const struct {
        struct figure figure;
        const char *wanted;
    } cases[] = {
        {{FIGURE_KNOWN, 0}, "0"},
        {{FIGURE_KNOWN, 7}, "7"},
        {{FIGURE_KNOWN, 999}, "999"},
        {{FIGURE_KNOWN, 1000}, "1,000"},
        {{FIGURE_KNOWN, 1234567}, "1,234,567"},
        {{FIGURE_KNOWN, -1}, "-1"},
        {{FIGURE_KNOWN, -100}, "-100"},
        {{FIGURE_KNOWN, -1000}, "-1,000"},
        {{FIGURE_KNOWN, INT64_MAX}, "9,223,372,036,854,775,807"},
        {{FIGURE_KNOWN, INT64_MIN}, "-9,223,372,036,854,775,808"},
        {{FIGURE_UNKNOWN, 0}, "<span class=\"dim\" title=\"not known\">?</span>"},
        {{FIGURE_NOT_PERMITTED, 0}, "<span class=\"dim\">not permitted</span>"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct html html = {0};
        page_count(&html, cases[i].figure);
        expect_markup(&html, cases[i].wanted);
    }
}

Test(page, durations_have_the_unit_that_a_person_would_choose)
{
    static const struct {
        int64_t ms;
        const char *wanted;
    } cases[] = {
        {-5, "0 s"},
        {0, "0 s"},
        {1, "1 ms"},
        {999, "999 ms"},
        {1000, "1.0 s"},
        {4249, "4.2 s"},
        {10000, "10 s"},
        {119999, "119 s"},
        {120000, "2 min"},
        {7199999, "119 min"},
        {7200000, "2 h"},
        {172799999, "47 h"},
        {172800000, "2 d"},
        {864000000, "10 d"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct html html = {0};
        page_duration(&html, figure_of(cases[i].ms));
        expect_markup(&html, cases[i].wanted);
    }
    struct html html = {0};
    page_duration(&html, (struct figure){FIGURE_NOT_PERMITTED, 5});
    expect_markup(&html, "<span class=\"dim\">not permitted</span>");
}

Test(page, times_are_in_utc_and_say_how_long_ago)
{
    const int64_t now_ms = 1795446123000; // 2026-11-23 15:02:03 UTC
    static const struct {
        int64_t before_ms;
        const char *wanted;
    } cases[] = {
        {0, "<time datetime=\"2026-11-23T15:02:03Z\">15:02:03 UTC, 0 s ago</time>"},
        {180000, "<time datetime=\"2026-11-23T14:59:03Z\">14:59:03 UTC, 3 min ago</time>"},
        {-4999, "<time datetime=\"2026-11-23T15:02:07Z\">15:02:07 UTC, just now</time>"},
        {-180000, "<time datetime=\"2026-11-23T15:05:03Z\">15:05:03 UTC, 3 min ahead of this clock</time>"},
        {3LL * 86400000, "<time datetime=\"2026-11-20T15:02:03Z\">20 Nov 15:02 UTC, 3 d ago</time>"},
        {400LL * 86400000, "<time datetime=\"2025-10-19T15:02:03Z\">19 Oct 2025, 400 d ago</time>"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct html html = {0};
        page_time(&html, now_ms - cases[i].before_ms, now_ms);
        expect_markup(&html, cases[i].wanted);
    }
    struct html html = {0};
    page_time(&html, 0, now_ms);
    expect_markup(&html, "<span class=\"dim\">never</span>");
}

Test(page, only_what_may_lie_ahead_is_shown_as_to_come)
{
    const int64_t now_ms = 1795446123000; // 2026-11-23 15:02:03 UTC
    struct html html = {0};
    page_deadline(&html, now_ms + 180000, now_ms);
    expect_markup(&html, "<time datetime=\"2026-11-23T15:05:03Z\">15:05:03 UTC, in 3 min</time>");
    page_deadline(&html, now_ms - 180000, now_ms);
    expect_markup(&html, "<time datetime=\"2026-11-23T14:59:03Z\">14:59:03 UTC, 3 min ago</time>");
}

Test(page, names_become_addresses_whatever_they_hold)
{
    static const struct {
        const char *thing, *wanted;
    } cases[] = {
        {"group/feed-kent", "/groups/feed-kent"},
        {"group/a b/c?d#e&f=g%", "/groups/a%20b/c%3Fd%23e%26f%3Dg%25"},
        {"group/\"><script>", "/groups/%22%3E%3Cscript%3E"},
        {"group/\u00e9", "/groups/%C3%A9"},
        {"topic/feed.kent", "/topics/feed.kent"},
        {"source/btp", "/sources/btp"},
        {"force/kent", "/forces/kent"},
        {"lane/3", "/hub#lane-3"},
        {"process/aa", "/hub#process-aa"},
        {"key/kent/4f", "/hub#key-kent/4f"},
        {"canary/1", "/hub#canary-1"},
        {"ledger/1", "/hub#ledger-1"},
        {"broker", "/hub#broker"},
        {"control", "/hub#control"},
        {"quarantine", "/quarantine"},
        {"quarantine/kent", "/quarantine?agency=kent"},
        {"quarantine/kent/FIELD&RANGE", "/quarantine?agency=kent&code=FIELD%26RANGE"},
    };
    struct arena arena;
    arena_init(&arena, 0);
    const struct request request = {.arena = &arena};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert_str_eq(page_thing_url(&request, cases[i].thing), cases[i].wanted);
    arena_deinit(&arena);
}

Test(page, a_badge_has_word_shape_and_meaning)
{
    for (unsigned i = 0; i < VERDICT_COUNT; i++) {
        const struct verdict_row *row = verdict_row((enum verdict)i);
        struct html html = {0};
        page_badge(&html, (enum verdict)i);
        cr_assert(strstr(html.data, severity_name(row->severity)));
        cr_assert(strstr(html.data, "<i class=\"shape\">"));
        cr_assert(strstr(html.data, row->word));
        html_deinit(&html);
    }
}

Test(page, rows_are_sorted_by_pain_and_what_is_well_is_equal)
{
    cr_assert_eq(table_verdict(VERDICT_READER_OK).number, table_verdict(VERDICT_READER_IDLE).number);
    cr_assert_gt(table_verdict(VERDICT_READER_BEHIND).number, table_verdict(VERDICT_READER_IDLE).number);
    cr_assert_gt(table_verdict(VERDICT_READER_UNKNOWN).number, table_verdict(VERDICT_READER_NO_COMMIT).number);
    cr_assert_gt(table_verdict(VERDICT_READER_STALLED).number, table_verdict(VERDICT_READER_NOT_PERMITTED).number);
    cr_assert(table_figure((struct figure){0}).unknown);
    cr_assert_not(table_figure(figure_of(0)).unknown);
}
