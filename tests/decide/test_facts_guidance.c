// SPDX-License-Identifier: Apache-2.0
// Every way in which a body of guidance is wrong in itself, each with its outcome and the field that it names; and what
// only looks wrong. One good body is changed in one place at a time.
#include "tests/kit/core/control.h"
#include "hub/contract/guard.h"
#include "hub/contract/outcome.h"
#include <criterion/criterion.h>

#define TEXT(message, field, text) kit_set_text(arena, &(message)->field, text)
#define LIST(message, field, ...)                                                                                      \
    do {                                                                                                               \
        static const char *const texts_[] = {__VA_ARGS__};                                                             \
        kit_set_texts(arena, &(message)->n_##field, &(message)->field, texts_, sizeof texts_ / sizeof *texts_);        \
    } while (0)

// CASE(name, outcome, path behind parts[0].content., what is done to it)
#define CASES(CASE)                                                                                                    \
    CASE(nothing_more, ACCEPTED, "", (void)body)                                                                       \
    CASE(period, ACCEPTED, "", body->period_from_unix_ms = 1; body->period_to_unix_ms = 2)                             \
    CASE(period_of_a_moment, ACCEPTED, "", body->period_from_unix_ms = 2; body->period_to_unix_ms = 2)                 \
    CASE(period_still_open, ACCEPTED, "", body->period_from_unix_ms = 2)                                               \
    CASE(period_from_the_beginning, ACCEPTED, "", body->period_to_unix_ms = 2)                                         \
    CASE(period_that_ends_first, FIELD_CONFLICT, "period_to_unix_ms", body->period_from_unix_ms = 2;                   \
         body->period_to_unix_ms = 1)                                                                                  \
    CASE(ages, ACCEPTED, "", body->age_from = 10; body->age_to = 17)                                                   \
    CASE(one_age, ACCEPTED, "", body->age_from = 17; body->age_to = 17)                                                \
    CASE(adults, ACCEPTED, "", body->age_from = 18)                                                                    \
    CASE(children, ACCEPTED, "", body->age_to = 17)                                                                    \
    CASE(ages_turned_round, FIELD_CONFLICT, "age_to", body->age_from = 17; body->age_to = 10)                          \
    CASE(edition_of_a_chain, ACCEPTED, "", TEXT(body, edition_chain, "note"); body->edition = 3)                       \
    CASE(edition_of_no_chain, FIELD_CONFLICT, "edition_chain", body->edition = 3)                                      \
    CASE(chain_without_an_edition, FIELD_CONFLICT, "edition", TEXT(body, edition_chain, "note"))                       \
    CASE(date_of_its_own_long_ago, ACCEPTED, "", body->dated_unix_ms = 1)                                              \
    CASE(welsh, ACCEPTED, "", TEXT(body, language, "cy"))                                                              \
    CASE(language_by_name, FIELD_FORM, "language", TEXT(body, language, "in Welsh"))                                   \
    CASE(sectors, ACCEPTED, "", LIST(body, sectors, "policing", "third-sector"))                                       \
    CASE(sector_in_words, FIELD_FORM, "sectors[1]", LIST(body, sectors, "policing", "Third sector"))                   \
    CASE(country_in_words, FIELD_FORM, "applies_in[0]", LIST(body, applies_in, "Wales"))                               \
    CASE(group_in_words, FIELD_FORM, "at_risk[2]", LIST(body, at_risk, "a", "b", "in care"))                           \
    CASE(sign_about_a_child, ACCEPTED, "", TEXT(body->signs[1], about, "child"))                                       \
    CASE(sign_about_words, FIELD_FORM, "signs[1].about", TEXT(body->signs[1], about, "A child"))                       \
    CASE(power_in_capitals, FIELD_FORM, "powers[0].kind", TEXT(body->powers[0], kind, "DDTRO"))                        \
    CASE(action_of_a_kind, ACCEPTED, "", TEXT(body->actions[0], kind, "cause-of-concern"))                             \
    CASE(action_of_a_kind_in_words, FIELD_FORM, "actions[0].kind", TEXT(body->actions[0], kind, "Cause of concern"))   \
    CASE(action_of_a_strand_in_words, FIELD_FORM, "actions[1].strand", TEXT(body->actions[1], strand, "Pursue"))       \
    CASE(action_for_a_sector_in_words, FIELD_FORM, "actions[1].sectors[1]",                                            \
        LIST(body->actions[1], sectors, "health", "The NHS"))                                                          \
    CASE(action_for_anybody_long_due, ACCEPTED, "",                                                                    \
         LIST(body->actions[0], organisations, "kent", "atlantis", "A Board of Ours");                                 \
         body->actions[0]->due_unix_ms = 1)                                                                            \
    CASE(figure, ACCEPTED, "", TEXT(body->figures[0], value, "-0.5"); TEXT(body->figures[0], unit, "per cent"))        \
    CASE(figure_withheld, ACCEPTED, "", TEXT(body->figures[0], value, ""); TEXT(body->figures[0], note, "Below 5."))   \
    CASE(figure_that_is_no_number, FIELD_FORM, "figures[1].value", TEXT(body->figures[1], value, "about 5"))           \
    CASE(figures_of_periods_of_their_own, ACCEPTED, "", body->figures[0]->period_from_unix_ms = 5;                     \
         body->figures[1]->period_to_unix_ms = 2)                                                                      \
    CASE(figure_whose_period_ends_first, FIELD_CONFLICT, "figures[1].period_to_unix_ms",                               \
         body->figures[1]->period_from_unix_ms = 2;                                                                    \
         body->figures[1]->period_to_unix_ms = 1)

#define CHANGE(name, outcome, path, ...)                                                                               \
    static void change_##name(struct arena *arena, Signalbox__V1__GuidanceBody *body)                                  \
    {                                                                                                                  \
        (void)arena;                                                                                                   \
        __VA_ARGS__;                                                                                                   \
    }
CASES(CHANGE)

static const struct guidance_case {
    const char *name, *path;
    void (*change)(struct arena *, Signalbox__V1__GuidanceBody *);
    enum outcome outcome;
} cases[] = {
#define ROW(name, outcome, path, ...) {#name, path, change_##name, OUTCOME_##outcome},
    CASES(ROW)
#undef ROW
};

#define TWO(field, type, init)                                                                                         \
    do {                                                                                                               \
        body->n_##field = 2;                                                                                           \
        body->field = arena_alloc(arena, 2 * sizeof *body->field);                                                     \
        for (size_t i_ = 0; i_ < 2; i_++)                                                                              \
            init(body->field[i_] = arena_alloc(arena, sizeof(type)));                                                  \
    } while (0)

// A body with two of everything that has rules of its own.
static Signalbox__V1__GuidanceBody *good_body(struct arena *arena)
{
    Signalbox__V1__GuidanceBody *body = kit_guidance_body(kit_guidance(arena, "nclcc", 1), 0);
    TEXT(body, edition_chain, "");
    body->edition = 0;
    TWO(actions, Signalbox__V1__ActionAsked, signalbox__v1__action_asked__init);
    TWO(signs, Signalbox__V1__Sign, signalbox__v1__sign__init);
    TWO(powers, Signalbox__V1__Power, signalbox__v1__power__init);
    TWO(figures, Signalbox__V1__Figure, signalbox__v1__figure__init);
    for (size_t i = 0; i < 2; i++) {
        TEXT(body->actions[i], text, "Name a lead.");
        TEXT(body->signs[i], text, "A second phone.");
        TEXT(body->powers[i], kind, "ddtro");
        TEXT(body->figures[i], label, "Lines closed");
        TEXT(body->figures[i], value, "410");
    }
    return body;
}

static struct slice packed(struct arena *arena, const Signalbox__V1__GuidanceBody *body)
{
    uint8_t *bytes = arena_alloc(arena, signalbox__v1__guidance_body__get_packed_size(body));
    return slice_of(bytes, signalbox__v1__guidance_body__pack(body, bytes));
}

static struct facts facts_of(struct arena *arena, size_t n_parts)
{
    struct kit_item *item = kit_guidance(arena, "nclcc", 1);
    while (item->n_parts < n_parts)
        kit_add_part(arena, item);
    return (struct facts){.item = kit_view(item)};
}

Test(facts_guidance, is_refused_for_what_is_wrong_in_itself_and_the_field_is_named)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct guidance_case *row = &cases[i];
        struct arena arena;
        struct refusal why = {.path = "", .offset = -1};
        arena_init(&arena, 0);
        Signalbox__V1__GuidanceBody *body = good_body(&arena);
        row->change(&arena, body);
        struct facts facts = facts_of(&arena, 1);
        struct slice content = packed(&arena, body);
        cr_assert(guard_check(content, body->base.descriptor, "", 0, &why), "%s: %s", row->name, why.path);
        bool passed = facts_check_bodies(&facts, &content, 1, &arena, &why);
        const char *path = passed ? "" : arena_printf(&arena, "parts[0].content.%s", row->path);
        cr_expect_eq(passed, row->outcome == OUTCOME_ACCEPTED, "%s: %s", row->name, why.path);
        cr_expect_str_eq(why.path, path, "%s: %s", row->name, why.path);
        cr_expect(passed || (why.outcome == row->outcome && why.offset == -1), "%s", row->name);
        arena_deinit(&arena);
    }
}

Test(facts_guidance, every_part_answers_for_itself_and_a_part_that_is_not_there_is_not_asked)
{
    struct arena arena;
    struct refusal why;
    arena_init(&arena, 0);
    struct facts facts = facts_of(&arena, 2);
    Signalbox__V1__GuidanceBody *good = good_body(&arena), *bad = good_body(&arena);
    bad->edition = 1;
    struct slice contents[2] = {packed(&arena, good), packed(&arena, bad)};
    cr_expect_not(facts_check_bodies(&facts, contents, 2, &arena, &why));
    cr_expect_str_eq(why.path, "parts[1].content.edition_chain");
    contents[1] = (struct slice){0};
    cr_expect(facts_check_bodies(&facts, contents, 2, &arena, &why));
    arena_deinit(&arena);
}

// Never reached behind the guard; must not read a byte too far if it ever is.
Test(facts_guidance, cut_short_anywhere_is_refused_or_read_within_its_bytes)
{
    struct arena arena;
    struct refusal why;
    arena_init(&arena, 0);
    struct facts facts = facts_of(&arena, 1);
    struct slice whole = packed(&arena, good_body(&arena));
    cr_assert(facts_check_bodies(&facts, &whole, 1, &arena, &why));
    size_t refused = 0;
    for (size_t len = 1; len < whole.len; len++) {
        uint8_t *copy = malloc(len);
        memcpy(copy, whole.data, len);
        struct slice cut = slice_of(copy, len);
        refused += !facts_check_bodies(&facts, &cut, 1, &arena, &why);
        free(copy);
    }
    cr_expect_gt(refused, whole.len / 2);
    arena_deinit(&arena);
}
