// SPDX-License-Identifier: Apache-2.0
// A subscription through a form and back, and the difference that an officer sees before anything is changed.
#include "hub/console/server/decode.h"
#include "hub/console/pages/subscription_fields.h"
#include <criterion/criterion.h>

static struct arena arena;

static void begin_test(void)
{
    arena_init(&arena, 0);
}
static void end_test(void)
{
    arena_deinit(&arena);
}
TestSuite(subscription_fields, .init = begin_test, .fini = end_test);

static struct request request_with(struct pairs *pairs, const char *form)
{
    cr_assert(decode_pairs(slice_text(form), &arena, pairs));
    return (struct request){.arena = &arena, .form = pairs};
}

static char *texts[] = {"london", "eastern"};
static Signalbox__V1__Strand strands[] = {SIGNALBOX__V1__STRAND__STRAND_PURSUE};
static Signalbox__V1__Priority priorities[] = {SIGNALBOX__V1__PRIORITY__PRIORITY_TIME_CRITICAL};

static Signalbox__V1__Subscription sample_row(void)
{
    Signalbox__V1__Subscription subscription = SIGNALBOX__V1__SUBSCRIPTION__INIT;
    subscription.force = "kent";
    subscription.name = "all";
    subscription.regions = texts;
    subscription.n_regions = 2;
    subscription.strands = strands;
    subscription.n_strands = 1;
    subscription.priorities = priorities;
    subscription.n_priorities = 1;
    subscription.note = "for the night desk";
    return subscription;
}

Test(subscription_fields, a_form_says_what_its_inputs_said)
{
    static struct pairs pairs;
    struct request request = request_with(&pairs, "regions=london%2C+eastern&forces=&themes=+%0Adrugs++&products=&"
                                                  "strands-1=1&priorities-2=1&note=for+the+night+desk&kinds-99=1");
    Signalbox__V1__Subscription read = sample_row();
    const char *wrong;
    cr_assert(subscription_from_form(&request, &read, &wrong), "%s", wrong);
    cr_assert_str_eq(subscription_asks(&read, &arena),
        "regions: london, eastern; themes: drugs; strands: pursue; priorities: time critical");
    cr_assert_str_eq(read.note, "for the night desk");
    cr_assert_eq(read.n_kinds, 0);
}

Test(subscription_fields, what_does_not_fit_is_named)
{
    char form[8000] = "regions=";
    for (int i = 0; i < 65; i++)
        strcat(form, "a+");
    const struct {
        const char *form, *wrong;
    } cases[] = {
        {form, "Regions"},
        {"forces=1234567890123456789012345678901234567890123456789012345678901234567890", "Forces"},
        {"note=two%0Alines", "Note"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static struct pairs pairs;
        struct request request = request_with(&pairs, cases[i].form);
        Signalbox__V1__Subscription read = SIGNALBOX__V1__SUBSCRIPTION__INIT;
        const char *wrong = NULL;
        cr_expect_not(subscription_from_form(&request, &read, &wrong));
        cr_expect_str_eq(wrong, cases[i].wrong);
    }
}

Test(subscription_fields, hidden_inputs_and_inputs_hold_the_same)
{
    static struct pairs pairs;
    struct request request = request_with(&pairs, "");
    Signalbox__V1__Subscription subscription = sample_row();
    struct html hidden = {0}, seen = {0};
    subscription_hidden(&request, &hidden, &subscription);
    subscription_inputs(&request, &seen, &subscription);
    cr_expect(strstr(hidden.data, "name=\"regions\" value=\"london eastern\""));
    cr_expect(strstr(hidden.data, "name=\"strands-1\" value=\"1\""));
    cr_expect_not(strstr(hidden.data, "strands-2"));
    cr_expect(strstr(seen.data, "name=\"regions\" value=\"london eastern\""));
    cr_expect(strstr(seen.data, "name=\"strands-1\" value=\"1\" checked> pursue"));
    cr_expect(strstr(seen.data, "name=\"strands-2\" value=\"1\"> prevent"));
    html_deinit(&hidden);
    html_deinit(&seen);
}

static char *diff_text(const Signalbox__V1__Subscription *now, const Signalbox__V1__Subscription *next)
{
    struct html html = {0};
    subscription_diff_put(&html, now, next, &arena);
    char *text = arena_text(&arena, slice_text(html.data));
    html_deinit(&html);
    return text;
}

Test(subscription_fields, the_difference_marks_what_changes_and_only_that)
{
    Signalbox__V1__Subscription now = sample_row(), next = sample_row();
    cr_expect_not(strstr(diff_text(&now, &next), "<strong>changes"));
    next.n_regions = 1;
    const char *text = diff_text(&now, &next);
    cr_expect(strstr(text, "Regions</th><td><del>london, eastern</del></td><td><ins>london</ins></td>"));
    cr_expect(strstr(text, "Strands</th><td>pursue</td><td>pursue</td><td>stays"));
    cr_expect(strstr(text, "Forces</th><td>any</td><td>any</td><td>stays"));
    next = sample_row();
    next.withdrawn = true;
    cr_expect(strstr(diff_text(&now, &next), "State</th><td><del>in force</del></td><td><ins>withdrawn</ins>"));
    cr_expect(strstr(diff_text(NULL, &now), "State</th><td><del></del></td><td><ins>in force</ins>"));
}

Test(subscription_fields, a_note_from_outside_is_text)
{
    Signalbox__V1__Subscription next = sample_row();
    next.note = "<script>alert(1)</script>";
    cr_expect_not(strstr(diff_text(NULL, &next), "<script"));
}
