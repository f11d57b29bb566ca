// SPDX-License-Identifier: Apache-2.0
#include "hub/control/subscription_check.h"
#include <criterion/criterion.h>
#include <string.h>

#define NOW_MS INT64_C(1795000000000)

typedef void change(Signalbox__V1__Subscription *subscription);

static char *london[] = {"london"}, *nowhere[] = {"nowhere"}, *eastern[] = {"eastern"}, *met[] = {"met"},
            *essex[] = {"essex"};
static char *guide[] = {"guide"}, *update[] = {"update"}, *both[] = {"guide", "update"};
static Signalbox__V1__Kind report[] = {SIGNALBOX__V1__KIND__KIND_REPORT}, recall[] = {SIGNALBOX__V1__KIND__KIND_NOTICE};

static void asks_nothing(Signalbox__V1__Subscription *s)
{
    (void)s;
}
static void has_no_feed(Signalbox__V1__Subscription *s)
{
    s->force = "silent";
}
static void has_ended(Signalbox__V1__Subscription *s)
{
    s->force = "old";
}
static void of_unknown_force(Signalbox__V1__Subscription *s)
{
    s->force = "unknown";
}
static void asks_recalls(Signalbox__V1__Subscription *s)
{
    s->kinds = recall, s->n_kinds = 1;
}
static void asks_reports(Signalbox__V1__Subscription *s)
{
    s->kinds = report, s->n_kinds = 1;
}
static void asks_guide_of_reports(Signalbox__V1__Subscription *s)
{
    asks_reports(s), s->products = guide, s->n_products = 1;
}
static void asks_update_of_reports(Signalbox__V1__Subscription *s)
{
    asks_reports(s), s->products = update, s->n_products = 1;
}
static void asks_both_of_reports(Signalbox__V1__Subscription *s)
{
    asks_reports(s), s->products = both, s->n_products = 2;
}
static void asks_nowhere(Signalbox__V1__Subscription *s)
{
    s->regions = nowhere, s->n_regions = 1;
}
static void asks_ended_region(Signalbox__V1__Subscription *s)
{
    s->regions = eastern, s->n_regions = 1;
}
static void asks_london_of_essex(Signalbox__V1__Subscription *s)
{
    s->regions = london, s->n_regions = 1, s->forces = essex, s->n_forces = 1;
}
static void asks_london_of_met(Signalbox__V1__Subscription *s)
{
    s->regions = london, s->n_regions = 1, s->forces = met, s->n_forces = 1;
}

static void asks_recalls_and_reports(Signalbox__V1__Subscription *s)
{
    static Signalbox__V1__Kind kinds[] = {SIGNALBOX__V1__KIND__KIND_NOTICE, SIGNALBOX__V1__KIND__KIND_REPORT};
    s->kinds = kinds, s->n_kinds = 2;
}
static void asks_nowhere_and_london(Signalbox__V1__Subscription *s)
{
    static char *regions[] = {"nowhere", "london"};
    s->regions = regions, s->n_regions = 2;
}
static void asks_london_of_essex_and_met(Signalbox__V1__Subscription *s)
{
    static char *forces[] = {"essex", "met"};
    s->regions = london, s->n_regions = 1, s->forces = forces, s->n_forces = 2;
}
static void asks_eastern_and_london_of_met(Signalbox__V1__Subscription *s)
{
    static char *regions[] = {"eastern", "london"};
    s->regions = regions, s->n_regions = 2, s->forces = met, s->n_forces = 1;
}

static const struct {
    change *change;
    const char *finding; // part of it; NULL if there is none
} cases[] = {
    {asks_nothing, NULL},
    {has_no_feed, "silent has no feed"},
    {has_ended, "old has ended: its successor is met"},
    {of_unknown_force, NULL}, // what does not compile is for the compiler to say
    {asks_recalls, "kinds of items of which the policy takes in none"},
    {asks_reports, NULL},
    {asks_guide_of_reports, "belong to kinds that it does not ask for"},
    {asks_update_of_reports, NULL},
    {asks_both_of_reports, NULL},
    {asks_nowhere, "No organisation is in the regions"},
    {asks_ended_region, "No organisation is in the regions"},
    {asks_london_of_essex, "None of its forces is in its regions"},
    {asks_london_of_met, NULL},
    {asks_recalls_and_reports, NULL},
    {asks_nowhere_and_london, NULL},
    {asks_london_of_essex_and_met, NULL},
    {asks_eastern_and_london_of_met, NULL},
};

static Signalbox__V1__Organisation organisation(char *id, char *region, bool subscribes, int64_t to_ms)
{
    Signalbox__V1__Organisation row = SIGNALBOX__V1__ORGANISATION__INIT;
    row.id = id;
    row.region = region;
    row.subscribes = subscribes;
    row.valid_to_unix_ms = to_ms;
    return row;
}

Test(subscription_check, finds_what_a_subscription_can_never_get_and_nothing_else)
{
    Signalbox__V1__Organisation rows[] = {
        organisation("essex", "south", true, 0),
        organisation("met", "london", true, 0),
        organisation("old", "eastern", true, NOW_MS),
        organisation("silent", "london", false, 0),
    };
    rows[2].successors = met;
    rows[2].n_successors = 1;
    Signalbox__V1__Organisation *pointers[] = {&rows[0], &rows[1], &rows[2], &rows[3]};
    Signalbox__V1__Registry registry = SIGNALBOX__V1__REGISTRY__INIT;
    registry.organisations = pointers;
    registry.n_organisations = 4;
    Signalbox__V1__ProductRule products[] = {SIGNALBOX__V1__PRODUCT_RULE__INIT, SIGNALBOX__V1__PRODUCT_RULE__INIT};
    products[0].code = "guide";
    products[0].kind = SIGNALBOX__V1__KIND__KIND_GUIDANCE;
    products[1].code = "update";
    products[1].kind = SIGNALBOX__V1__KIND__KIND_REPORT;
    Signalbox__V1__ProductRule *rules[] = {&products[0], &products[1]};
    Signalbox__V1__Kind kinds[] = {SIGNALBOX__V1__KIND__KIND_REPORT, SIGNALBOX__V1__KIND__KIND_GUIDANCE};
    Signalbox__V1__Policy policy = SIGNALBOX__V1__POLICY__INIT;
    policy.products = rules;
    policy.n_products = 2;
    policy.kinds = kinds;
    policy.n_kinds = 2;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Signalbox__V1__Subscription subscription = SIGNALBOX__V1__SUBSCRIPTION__INIT;
        char text[SUBSCRIPTION_CHECK_BYTES] = "";
        subscription.force = "met";
        cases[i].change(&subscription);
        bool found = subscription_check(&registry, &policy, &subscription, NOW_MS, text, sizeof text);
        cr_expect_eq(found, cases[i].finding != NULL, "case %zu: %s", i, text);
        cr_expect(!cases[i].finding || strstr(text, cases[i].finding), "case %zu: %s", i, text);
    }
}
