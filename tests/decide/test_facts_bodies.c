// SPDX-License-Identifier: Apache-2.0
// The header must say the weakest grade and the strictest handling of a part's statements: no better, no worse.
#include "tests/kit/core/control.h"
#include "hub/contract/outcome.h"
#include <criterion/criterion.h>

struct grade {
    uint32_t source, assessment, handling;
};

struct body_case {
    const char *what;
    struct grade header, statements[3];
    size_t n;
    const char *path; // NULL if it passes
};

static const struct body_case cases[] = {
    {"one statement, as the header says", {1, 1, 1}, {{1, 1, 1}}, 1, NULL},
    {"weakest in different statements", {3, 5, 2}, {{3, 1, 1}, {1, 5, 1}, {1, 1, 2}}, 3, NULL},
    {"header flatters the source", {1, 3, 1}, {{1, 1, 1}, {2, 3, 1}}, 2,
        "parts[0].content.statements[1].source_evaluation"},
    {"header flatters the assessment", {2, 1, 1}, {{2, 1, 1}, {1, 2, 1}}, 2,
        "parts[0].content.statements[1].intelligence_assessment"},
    {"header lets out what is under C", {2, 2, 1}, {{2, 2, 1}, {1, 1, 1}, {1, 1, 2}}, 3,
        "parts[0].content.statements[2].handling"},
    {"header is too modest of the source", {3, 2, 1}, {{2, 2, 1}}, 1, "parts[0].info.source_evaluation"},
    {"header is too modest of the assessment", {2, 3, 1}, {{2, 2, 1}}, 1, "parts[0].info.intelligence_assessment"},
    {"header restricts what is not", {2, 2, 2}, {{2, 2, 1}}, 1, "parts[0].info.handling"},
    {"statement without source", {3, 5, 2}, {{0, 1, 1}}, 1, "parts[0].content.statements[0].source_evaluation"},
    {"statement without assessment", {3, 5, 2}, {{1, 1, 1}, {1, 0, 1}}, 2,
        "parts[0].content.statements[1].intelligence_assessment"},
    {"statement without handling", {3, 5, 2}, {{1, 1, 0}}, 1, "parts[0].content.statements[0].handling"},
    {"source beyond the scale", {9, 5, 2}, {{4, 1, 1}}, 1, "parts[0].content.statements[0].source_evaluation"},
    {"assessment beyond the scale", {3, 9, 2}, {{1, 6, 1}}, 1,
        "parts[0].content.statements[0].intelligence_assessment"},
    {"handling beyond the scale", {3, 5, 9}, {{1, 1, 3}}, 1, "parts[0].content.statements[0].handling"},
    {"no statement at all", {1, 1, 1}, {{0}}, 0, "parts[0].content.statements"},
};

static struct slice body_of(struct arena *arena, struct kit_item *item, const struct grade *grades, size_t n)
{
    Signalbox__V1__ReportBody copy = *kit_report_body(item, 0), *body = &copy;
    Signalbox__V1__Statement statements[3], *list[3];
    for (size_t i = 0; i < n; i++) {
        statements[i] = *body->statements[0];
        statements[i].source_evaluation = grades[i].source;
        statements[i].intelligence_assessment = grades[i].assessment;
        statements[i].handling = grades[i].handling;
        list[i] = &statements[i];
    }
    body->statements = list;
    body->n_statements = n;
    uint8_t *bytes = arena_alloc(arena, signalbox__v1__report_body__get_packed_size(body));
    return slice_of(bytes, signalbox__v1__report_body__pack(body, bytes));
}

static struct facts facts_of(struct kit_item *item, struct grade grade)
{
    item->infos[0]->source_evaluation = grade.source;
    item->infos[0]->intelligence_assessment = grade.assessment;
    item->infos[0]->handling = (Signalbox__V1__HandlingCode)grade.handling;
    return (struct facts){.item = kit_view(item)};
}

Test(facts_bodies, the_header_says_the_weakest_grade_and_the_strictest_handling)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        struct refusal why = {.path = ""};
        arena_init(&arena, 0);
        struct kit_item *item = kit_report(&arena, "kent", 1);
        struct facts facts = facts_of(item, cases[i].header);
        struct slice content = body_of(&arena, item, cases[i].statements, cases[i].n);
        bool passed = facts_check_bodies(&facts, &content, 1, &arena, &why);
        cr_expect_eq(passed, cases[i].path == NULL, "%s", cases[i].what);
        cr_expect_str_eq(why.path, cases[i].path ? cases[i].path : "", "%s: %s", cases[i].what, why.path);
        cr_expect(passed || (why.outcome == OUTCOME_GRADE_INVALID && why.offset == -1), "%s", cases[i].what);
        arena_deinit(&arena);
    }
}

Test(facts_bodies, every_part_answers_for_itself_and_a_part_that_is_not_there_is_not_asked)
{
    static const struct grade good = {1, 2, 1}, bad = {3, 2, 1};
    struct arena arena;
    struct refusal why;
    arena_init(&arena, 0);
    struct kit_item *item = kit_report(&arena, "kent", 1);
    kit_add_part(&arena, item);
    struct facts facts = facts_of(item, good);
    *item->infos[1] = *item->infos[0];
    struct slice contents[2] = {body_of(&arena, item, &good, 1), body_of(&arena, item, &bad, 1)};
    cr_expect(!facts_check_bodies(&facts, contents, 2, &arena, &why));
    cr_expect_str_eq(why.path, "parts[1].content.statements[0].source_evaluation");
    contents[1] = (struct slice){0};
    cr_expect(facts_check_bodies(&facts, contents, 2, &arena, &why));
    arena_deinit(&arena);
}

// Never reached behind the guard; must not read a byte too far if it ever is.
Test(facts_bodies, a_body_cut_short_anywhere_is_refused_or_read_within_its_bytes)
{
    static const struct grade grade = {1, 2, 1};
    struct arena arena;
    struct refusal why;
    arena_init(&arena, 0);
    struct kit_item *item = kit_report(&arena, "kent", 1);
    struct facts facts = facts_of(item, grade);
    struct slice whole = body_of(&arena, item, &grade, 1);
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

Test(facts_bodies, other_kinds_have_no_grades_to_check)
{
    struct arena arena;
    struct refusal why;
    arena_init(&arena, 0);
    struct kit_item *item = kit_guidance(&arena, "nclcc", 1);
    item->header->kind = SIGNALBOX__V1__KIND__KIND_STANDING;
    struct facts facts = {.item = kit_view(item)};
    struct slice content = slice_text("anything");
    cr_expect(facts_check_bodies(&facts, &content, 1, &arena, &why));
    arena_deinit(&arena);
}
