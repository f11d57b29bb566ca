// SPDX-License-Identifier: Apache-2.0
// The screen of top: sorted by pain, the same size whatever is on it, and keys that do what the help says.
#include "hub/base/display.h"
#include "hub/cli/health/top.h"
#include "tests/cli/health.h"
#include <criterion/criterion.h>

static const struct {
    size_t rows, columns;
} sizes[] = {{8, 20}, {24, 80}, {40, 120}, {17, 300}};
#define N_SIZES (sizeof sizes / sizeof *sizes)

static char *screen_of(struct top *top, size_t rows, size_t columns)
{
    struct styled_text styled;
    styled_text_init(&styled, columns, top->ascii);
    top_draw(top, &styled, rows);
    cr_expect_eq(styled.n, rows, "%zu lines on %zu rows", styled.n, rows);
    for (size_t i = 0; i < styled.n; i++)
        cr_expect_leq(
            styled.lines[i].columns, columns, "line %zu takes %zu of %zu", i, styled.lines[i].columns, columns);
    char *text = text_of(&styled);
    styled_text_deinit(&styled);
    return text;
}

static void press_all(struct top *top, const char *keys)
{
    for (; *keys; keys++)
        top_press(top, (uint32_t)*keys, 24);
}

static struct top top_of(struct health_view *health, bool ascii)
{
    struct top top;
    top_init(&top, "http://127.0.0.1:9309", false, ascii);
    top.now_ms = health ? health->at_ms + 2000 : NOW_MS;
    top_set_health(&top, health);
    return top;
}

Test(top, fills_any_screen_exactly_with_the_age_on_the_first_line)
{
    for (size_t f = 0; f < N_FIXTURES; f++) {
        struct health_view *health = health_view_of(all_fixtures[f]);
        for (size_t s = 0; s < N_SIZES; s++)
            for (enum top_view view = 0; view < TOP_VIEWS; view++) {
                struct top top = top_of(health, f % 2);
                press_all(&top, (char[]){(char)('1' + view), 0});
                char *text = screen_of(&top, sizes[s].rows, sizes[s].columns);
                cr_expect(strstr(text, "data 2.0 s old\n"), "%s", text);
                free(text);
                top_press(&top, TOP_KEY_ENTER, sizes[s].rows);
                free(screen_of(&top, sizes[s].rows, sizes[s].columns));
                top_deinit(&top);
            }
        health_view_free(health);
    }
}

Test(top, sorts_by_pain_in_every_list)
{
    struct health_view *health = health_view_of(kit_health_unwell);
    struct top top = top_of(health, false);
    for (enum top_view view = 0; view < TOP_VIEWS; view++) {
        press_all(&top, (char[]){(char)('1' + view), 0});
        cr_expect_gt(top.n_items, 1);
        for (size_t i = 1; i < top.n_items; i++)
            cr_expect_geq(severity_pain(top.items[i - 1].severity), severity_pain(top.items[i].severity), "%s",
                top.items[i].name);
    }
    top_deinit(&top);
    health_view_free(health);
}

Test(top, lists_every_thing_in_exactly_one_view)
{
    struct health_view *health = health_view_of(kit_health_unwell);
    struct top top = top_of(health, false);
    size_t n = 0;
    for (enum top_view view = TOP_NOW + 1; view < TOP_VIEWS; view++) {
        press_all(&top, (char[]){(char)('1' + view), 0});
        n += top.n_items;
    }
    cr_expect_eq(n, health->n_things);
    top_deinit(&top);
    health_view_free(health);
}

Test(top, sorts_by_delay_and_by_name_on_demand)
{
    struct health_view *health = health_view_of(kit_health_unwell);
    struct top top = top_of(health, false);
    press_all(&top, "3s");
    cr_expect_eq(top.sort, TOP_BY_DELAY);
    int64_t before = INT64_MAX;
    for (size_t i = 0; i < 3; i++) {
        int64_t lag_ms = health_view_figure(top.items[i].thing->object, "lag_ms").value;
        cr_expect_leq(lag_ms, before);
        before = lag_ms;
    }
    press_all(&top, "s");
    for (size_t i = 1; i < top.n_items; i++)
        cr_expect_lt(strcmp(top.items[i - 1].name, top.items[i].name), 0);
    press_all(&top, "s");
    cr_expect_eq(top.sort, TOP_BY_PAIN);
    top_deinit(&top);
    health_view_free(health);
}

Test(top, filters_while_one_types_and_escape_shows_all_again)
{
    struct health_view *health = health_view_of(kit_health_night);
    struct top top = top_of(health, false);
    press_all(&top, "3");
    size_t all = top.n_items;
    press_all(&top, "/KENq"); // in a filter q is a letter
    cr_expect_eq(top.n_items, 0);
    char *text = screen_of(&top, 24, 80);
    cr_expect(strstr(text, "Nothing here has \"KENq\"") && strstr(text, "Filter: KENq_"), "%s", text);
    free(text);
    top_press(&top, TOP_KEY_ERASE, 24);
    top_press(&top, TOP_KEY_ENTER, 24);
    cr_expect_eq(top.n_items, 1);
    cr_expect_str_eq(top.items[0].name, "group/feed-kent");
    top_press(&top, TOP_KEY_ESCAPE, 24);
    cr_expect_eq(top.n_items, all);
    cr_expect(!top.quit);
    top_deinit(&top);
    health_view_free(health);
}

Test(top, keeps_the_selection_with_its_thing_when_the_order_changes)
{
    struct health_view *night = health_view_of(kit_health_night), *well = health_view_of(kit_health_well);
    struct top top = top_of(night, false);
    press_all(&top, "3j");
    char name[TOP_NAME_BYTES];
    snprintf(name, sizeof name, "%s", top.items[1].name);
    cr_expect_eq(severity_pain(top.items[1].severity) > 0, true, "the fixture has two readers that are not well");
    top_set_health(&top, well);
    cr_expect_str_eq(top.items[top.selected].name, name);
    top_set_health(&top, NULL);
    cr_expect_eq(top.n_items, 0);
    top_deinit(&top);
    health_view_free(night);
    health_view_free(well);
}

Test(top, moves_within_the_list_and_never_out_of_it)
{
    struct health_view *health = health_view_of(kit_health_night);
    struct top top = top_of(health, false);
    press_all(&top, "2");
    static const struct {
        uint32_t key;
        int64_t selected; // negative: from the end
    } moves[] = {{TOP_KEY_UP, 0}, {TOP_KEY_DOWN, 1}, {'j', 2}, {'k', 1}, {TOP_KEY_END, -1}, {TOP_KEY_DOWN, -1},
        {TOP_KEY_PAGE_DOWN, -1}, {TOP_KEY_HOME, 0}, {TOP_KEY_PAGE_UP, 0}, {TOP_KEY_PAGE_DOWN, 16}};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        top_press(&top, moves[i].key, 24);
        size_t should = moves[i].selected < 0 ? top.n_items - 1 : (size_t)moves[i].selected;
        cr_expect_eq(top.selected, should, "move %zu: %zu", i, top.selected);
        free(screen_of(&top, 24, 80));
        cr_expect(top.first <= top.selected && top.selected < top.first + top_list_rows(24), "move %zu", i);
    }
    top_deinit(&top);
    health_view_free(health);
}

Test(top, enter_tells_all_about_a_line_and_escape_comes_back)
{
    struct health_view *health = health_view_of(kit_health_night);
    struct top top = top_of(health, true);
    press_all(&top, "/feed-kent");
    top_press(&top, TOP_KEY_ENTER, 40);
    top_press(&top, TOP_KEY_ENTER, 40);
    char *text = screen_of(&top, 40, 120);
    static const char *const parts[] = {"# stopped  group/feed-kent", "no-member-and-lag",
        "committed=", "Ask the force to start its reader", "signalbox status group/feed-kent", "data 2.0 s old"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cr_expect(strstr(text, parts[i]), "no %s in\n%s", parts[i], text);
    free(text);
    top_press(&top, TOP_KEY_END, 40);
    free(screen_of(&top, 10, 80));
    cr_expect_gt(top.scroll, 0);
    cr_expect_lt(top.scroll, 200);
    top_press(&top, TOP_KEY_ESCAPE, 40);
    cr_expect_eq(top.page, TOP_LIST);
    top_deinit(&top);
    health_view_free(health);
}

static const struct {
    const char *problem;
    bool paused;
    int64_t age_ms; // -1: no data at all
    const char *says[3];
} states[] = {
    {"", false, 2000, {"# CRITICAL", "data 2.0 s old\n", "s sort: pain"}},
    {"", true, 2000, {"PAUSED, data 2.0 s old\n", "# CRITICAL", "q quit"}},
    {"It does not answer.", false, 4000, {"# CRITICAL", "data 4.0 s old\n", "It does not answer."}},
    {"It does not answer.", false, 600000, {"? UNKNOWN", "data 10 min old: STALE\n", "It does not answer."}},
    {"It does not answer.", false, -1, {"? UNKNOWN", "no data yet\n", "It does not answer."}},
};

Test(top, says_how_old_the_data_is_and_why)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct health_view *health = states[i].age_ms < 0 ? NULL : health_view_of(kit_health_night);
        struct top top = top_of(health, true);
        top.now_ms = health ? health->at_ms + states[i].age_ms : NOW_MS;
        top.paused = states[i].paused;
        snprintf(top.problem, sizeof top.problem, "%s", states[i].problem);
        char *text = screen_of(&top, 24, 80);
        for (size_t part = 0; part < 3; part++)
            cr_expect(strstr(text, states[i].says[part]), "no %s in\n%s", states[i].says[part], text);
        free(text);
        top_deinit(&top);
        health_view_free(health);
    }
}

Test(top, help_names_every_key_and_every_shape)
{
    struct top top = top_of(NULL, false);
    press_all(&top, "?");
    char *text = screen_of(&top, 24, 80);
    static const char *const parts[] = {"1 to 6", "Enter", "/ ", "s ", "p ", "q, Ctrl-C", "\xe2\x96\xa0  critical",
        "?  unknown", "\xe2\x96\xb2  warning", "\xe2\x97\x8f  ok"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cr_expect(strstr(text, parts[i]), "no %s in\n%s", parts[i], text);
    free(text);
    press_all(&top, "?q");
    cr_expect(top.page == TOP_LIST && top.quit);
    top_deinit(&top);
}

Test(top, of_a_well_hub_says_that_nothing_is_wrong)
{
    struct health_view *health = health_view_of(kit_health_well);
    struct top top = top_of(health, false);
    char *text = screen_of(&top, 24, 80);
    cr_expect(strstr(text, "OK  nothing is wrong"), "%s", text);
    free(text);
    top_deinit(&top);
    health_view_free(health);
}

Test(top, of_a_wide_screen_says_the_effect_beside_the_title)
{
    struct health_view *health = health_view_of(kit_health_night);
    struct top top = top_of(health, true);
    char *wide = screen_of(&top, 24, 160), *narrow = screen_of(&top, 24, 139);
    cr_expect(strstr(wide, "Kent Police's reader has stopped: kent: "), "%s", wide);
    cr_expect(!strstr(narrow, "Kent Police's reader has stopped: "), "%s", narrow);
    free(wide);
    free(narrow);
    top_deinit(&top);
    health_view_free(health);
}

Test(top, of_another_hub_shows_commands_that_ask_that_one)
{
    struct health_view *health = health_view_of(kit_health_night);
    struct top top = top_of(health, true);
    top.at = "https://hub:9309";
    top.elsewhere = true;
    char *list = screen_of(&top, 24, 160);
    cr_expect(strstr(list, "\n$       signalbox status ") && strstr(list, " --at https://hub:9309\n"), "%s", list);
    top_press(&top, TOP_KEY_ENTER, 40);
    char *detail = screen_of(&top, 40, 160);
    cr_expect(strstr(detail, " --at https://hub:9309\n"), "%s", detail);
    free(list);
    free(detail);
    top_deinit(&top);
    health_view_free(health);
}
