// SPDX-License-Identifier: Apache-2.0
// What is wanted against what is in force: every field that can be wanted otherwise is a change by itself.
#include "hub/control/control_value.h"
#include "hub/control/subscription_plan.h"
#include "tests/kit/core/control.h"
#include <criterion/criterion.h>

static struct arena arena;
static struct documents *documents;
static int64_t offset;

static void offer(enum document_kind kind, const char *key, const ProtobufCMessage *message)
{
    const struct document_head head =
        kind == DOCUMENT_SUBSCRIPTION ? documents_subscription_head(documents, key) : (struct document_head){0};
    const struct document_record record = {kind, offset, KIT_NOW_MS + offset, slice_text(key),
        control_value_pack(message, head.version ? &head.sha256 : NULL, &arena)};
    offset++;
    documents_offer(documents, &record);
}

static void begin(void)
{
    arena_init(&arena, 0);
    documents = documents_new(NULL, NULL);
    offset = 0;
    Signalbox__V1__Registry *registry = kit_registry(&arena);
    kit_set_text(&arena, &kit_organisation(registry, "catch22")->id, "kent-council");
    offer(DOCUMENT_REGISTRY, "0000000001", &registry->base);
    offer(DOCUMENT_POLICY, "0000000001", &kit_policy(&arena)->base);
}

static void end(void)
{
    documents_free(documents);
    arena_deinit(&arena);
}

TestSuite(subscription_plan, .init = begin, .fini = end);

// Two entries in every list.
static Signalbox__V1__Subscription *full(const char *name)
{
    static const char *const regions[] = {"london", "eastern"}, *const forces[] = {"kent", "essex"},
                             *const themes[] = {"drugs", "gangs"}, *const products[] = {"line-update", "best-practice"};
    static Signalbox__V1__Strand strands[] = {1, 2};
    static Signalbox__V1__Kind kinds[] = {1, 2};
    static Signalbox__V1__Priority priorities[] = {1, 2};
    Signalbox__V1__Subscription *row = kit_subscription(&arena, "kent", name);
    kit_set_texts(&arena, &row->n_regions, &row->regions, regions, 2);
    kit_set_texts(&arena, &row->n_forces, &row->forces, forces, 2);
    kit_set_texts(&arena, &row->n_themes, &row->themes, themes, 2);
    kit_set_texts(&arena, &row->n_products, &row->products, products, 2);
    row->strands = strands, row->n_strands = 2;
    row->kinds = kinds, row->n_kinds = 2;
    row->priorities = priorities, row->n_priorities = 2;
    kit_set_text(&arena, &row->note, "as agreed");
    return row;
}

static void enforce(Signalbox__V1__Subscription *row)
{
    offer(DOCUMENT_SUBSCRIPTION, subscription_key(row, &arena), &row->base);
    snapshot_free(documents_settle(documents));
    const struct subscription_row *rows;
    cr_assert_eq(documents_subscriptions(documents, &rows), 1, "it does not come into force");
}

static struct subscription_plan plan_of(Signalbox__V1__Subscription *wanted, bool prune)
{
    return subscription_plan_of(documents, &wanted, wanted != NULL, prune, KIT_NOW_MS + 1000, &arena);
}

#define SECOND_TEXT(field, text) kit_set_text(&arena, &row->field[1], text)
#define SECOND_NUMBER(field)                                                                                           \
    do {                                                                                                               \
        static __typeof__(*row->field) other_[] = {1, 3};                                                              \
        row->field = other_;                                                                                           \
    } while (0)

static void change(Signalbox__V1__Subscription *row, int which)
{
    switch (which) {
    case 0:
        SECOND_TEXT(regions, "national");
        break;
    case 1:
        SECOND_TEXT(forces, "nca");
        break;
    case 2:
        SECOND_TEXT(themes, "csea");
        break;
    case 3:
        SECOND_TEXT(products, "intelligence-report");
        break;
    case 4:
        SECOND_NUMBER(strands);
        break;
    case 5:
        SECOND_NUMBER(kinds);
        break;
    case 6:
        SECOND_NUMBER(priorities);
        break;
    case 7:
        row->n_regions = 1;
        break;
    case 8:
        row->n_priorities = 1;
        break;
    case 9:
        kit_set_text(&arena, &row->note, "as asked");
        break;
    }
}

Test(subscription_plan, a_change_of_any_field_alone_is_a_change)
{
    enforce(full("all"));
    for (int which = 0; which < 10; which++) {
        Signalbox__V1__Subscription *row = full("all");
        row->made_unix_ms = 0;
        change(row, which);
        struct subscription_plan plan = plan_of(row, false);
        cr_assert_eq(plan.n, 1);
        cr_expect_eq(plan.rows[0].change, SUBSCRIPTION_CHANGED, "field %d", which);
        cr_expect_eq(plan.changes, 1, "field %d", which);
        cr_expect_eq(plan.rows[0].next->made_unix_ms, KIT_NOW_MS + 1000);
    }
}

Test(subscription_plan, what_is_as_it_is_is_no_change_whenever_it_was_made)
{
    Signalbox__V1__Subscription *row = full("all");
    row->made_unix_ms = 5;
    enforce(row);
    struct subscription_plan plan = plan_of(full("all"), true);
    cr_expect(plan.n == 1 && plan.changes == 0 && plan.rows[0].change == SUBSCRIPTION_SAME && !plan.rows[0].next);
}

Test(subscription_plan, what_is_not_wanted_is_withdrawn_only_when_pruning_and_only_once)
{
    Signalbox__V1__Subscription *row = full("all");
    enforce(row);
    cr_expect_eq(plan_of(NULL, false).changes, 0);
    struct subscription_plan plan = plan_of(NULL, true);
    cr_assert_eq(plan.changes, 1);
    cr_expect(plan.rows[0].change == SUBSCRIPTION_WITHDRAWN && plan.rows[0].next->withdrawn);
    cr_expect_eq(plan.rows[0].head.version, 1, "it is made from the revision that is there");
    row->withdrawn = true;
    enforce(row);
    cr_expect_eq(plan_of(NULL, true).changes, 0, "it was withdrawn before");
}

Test(subscription_plan, rows_of_both_sides_stand_in_order_and_live_ones_are_those_that_will_be)
{
    enforce(full("m"));
    Signalbox__V1__Subscription *wanted[] = {full("a"), full("z")};
    struct subscription_plan plan = subscription_plan_of(documents, wanted, 2, true, KIT_NOW_MS, &arena);
    static const enum subscription_change changes[] = {SUBSCRIPTION_NEW, SUBSCRIPTION_WITHDRAWN, SUBSCRIPTION_NEW};
    cr_assert(plan.n == 3 && plan.changes == 3);
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(plan.rows[i].change, changes[i], "row %zu", i);
    size_t n = 0;
    struct subscription_row *live = subscription_plan_live(&plan, &arena, &n);
    cr_assert_eq(n, 2);
    cr_expect_str_eq(live[0].subscription->name, "a");
    cr_expect_str_eq(live[1].subscription->name, "z");
    cr_expect_neq(live[0].revision, live[1].revision);
}

Test(subscription_plan, forces_whose_ids_begin_alike_stand_in_one_order_wherever_they_stand)
{
    Signalbox__V1__Subscription *wanted[] = {
        kit_subscription(&arena, "kent", "all"), kit_subscription(&arena, "kent-council", "all")};
    for (size_t i = 0; i < 2; i++)
        offer(DOCUMENT_SUBSCRIPTION, subscription_key(wanted[i], &arena), &wanted[i]->base);
    snapshot_free(documents_settle(documents));
    const struct subscription_row *rows;
    cr_assert_eq(documents_subscriptions(documents, &rows), 2);
    cr_expect_str_eq(rows[0].subscription->force, "kent");
    struct subscription_plan plan = subscription_plan_of(documents, wanted, 2, true, KIT_NOW_MS + 1000, &arena);
    cr_expect_eq(plan.n, 2);
    cr_expect_eq(plan.changes, 0);
}
