// SPDX-License-Identifier: Apache-2.0
// Sentences from tables, lists of names, spans of time, and words that a shell takes as they are.
#include "hub/observe/judge/phrase.h"
#include "hub/observe/judge/span.h"
#include <criterion/criterion.h>
#include <signal.h>

static struct arena arena;

static void begin(void)
{
    arena_init(&arena, 0);
}

static void end(void)
{
    arena_deinit(&arena);
}

static const struct phrase_word words[] = {{"who", "Kent"}, {"n", "{who}"}, {"nothing", ""}};

Test(phrase, keys_are_filled_in_once_and_values_are_not_looked_through, .init = begin, .fini = end)
{
    static const struct {
        const char *pattern, *text;
    } rows[] = {{"", ""}, {"plain", "plain"}, {"{who}", "Kent"}, {"{who}{who}", "KentKent"}, {"a {n} b", "a {who} b"},
        {"{nothing}", ""}, {"x{nothing}y", "xy"}, {"}", "}"}, {"{who}.", "Kent."}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_str_eq(phrase_fill(&arena, rows[i].pattern, words, 3), rows[i].text);
}

Test(phrase, a_key_that_no_word_has_ends_the_program, .init = begin, .signal = SIGABRT)
{
    phrase_fill(&arena, "{whom}", words, 3);
}

Test(phrase, a_key_that_is_not_closed_ends_the_program, .init = begin, .signal = SIGABRT)
{
    phrase_fill(&arena, "{who", words, 3);
}

Test(phrase, a_list_says_so_many_names_and_how_many_more, .init = begin, .fini = end)
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    static const struct {
        size_t n, most;
        const char *text;
    } rows[] = {{0, 3, ""}, {1, 3, "a"}, {2, 3, "a and b"}, {3, 3, "a, b and c"}, {4, 3, "a, b, c and 1 more"},
        {5, 3, "a, b, c and 2 more"}, {1, 1, "a"}, {2, 1, "a and 1 more"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct phrase_list list = {.arena = &arena, .most = rows[i].most};
        for (size_t n = 0; n < rows[i].n; n++)
            phrase_list_add(&list, names[n]);
        cr_expect_str_eq(phrase_list_text(&list), rows[i].text);
    }
}

Test(phrase, a_word_for_a_shell_is_quoted_if_it_has_to_be, .init = begin, .fini = end)
{
    static const struct {
        const char *word, *text;
    } rows[] = {{"group/feed-kent", "group/feed-kent"}, {"a_b.c:9092,d@e+f%g", "a_b.c:9092,d@e+f%g"}, {"", "''"},
        {"a b", "'a b'"}, {"$(x)", "'$(x)'"}, {"a;b", "'a;b'"}, {"`x`", "'`x`'"}, {"it's", "'it'\\''s'"},
        {"''", "''\\'''\\'''"}, {"~x", "'~x'"}, {"a\nb\x7f", "'a?b?'"}, {"\xc3\xa9", "'\xc3\xa9'"}, {"*", "'*'"},
        {"a\\b", "'a\\b'"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_str_eq(phrase_shell(&arena, rows[i].word), rows[i].text);
}

Test(phrase, counts_agree_with_their_nouns, .init = begin, .fini = end)
{
    cr_expect_str_eq(phrase_count(&arena, 0, "member"), "no members");
    cr_expect_str_eq(phrase_count(&arena, 1, "member"), "1 member");
    cr_expect_str_eq(phrase_count(&arena, 2, "member"), "2 members");
    cr_expect_str_eq(phrase_waits(&arena, 0), "nothing waits");
    cr_expect_str_eq(phrase_waits(&arena, 1), "1 record waits");
    cr_expect_str_eq(phrase_waits(&arena, 5000000000), "5000000000 records wait");
    char small[] = "lane 3", other[] = "\xc3\xa9t\xc3\xa9", none[] = "";
    cr_expect_str_eq(phrase_capital(small), "Lane 3");
    cr_expect_str_eq(phrase_capital(other), "\xc3\xa9t\xc3\xa9");
    cr_expect_str_eq(phrase_capital(none), "");
}

Test(span, time_is_said_in_the_greatest_unit_that_it_has_two_of, .init = begin, .fini = end)
{
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {{-1, "0 s"}, {0, "0 s"}, {999, "0 s"}, {1000, "1 s"}, {119999, "119 s"}, {120000, "2 min"},
        {7199999, "119 min"}, {7200000, "2 h"}, {172799999, "47 h"}, {172800000, "2 days"},
        {INT64_MAX, "106751991167 days"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_str_eq(span_text(&arena, rows[i].ms), rows[i].text);
}
