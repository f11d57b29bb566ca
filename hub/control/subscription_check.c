// SPDX-License-Identifier: Apache-2.0
// Subscriptions that compile, and yet can never get what they ask for: each test is a row of a table.
#include "hub/control/subscription_check.h"
#include <stdio.h>
#include <string.h>

struct test {
    const Signalbox__V1__Registry *registry;
    const Signalbox__V1__Policy *policy;
    const Signalbox__V1__Subscription *subscription;
    int64_t now_ms;
    char *text;
    size_t size;
};

static const Signalbox__V1__Organisation *find_organisation(const struct test *test, const char *id)
{
    for (size_t i = 0; i < test->registry->n_organisations; i++)
        if (strcmp(test->registry->organisations[i]->id, id) == 0)
            return test->registry->organisations[i];
    return NULL;
}

static bool has_ended(const struct test *test, const Signalbox__V1__Organisation *organisation)
{
    return organisation->valid_to_unix_ms && organisation->valid_to_unix_ms <= test->now_ms;
}

static bool force_has_no_feed(const struct test *test)
{
    const Signalbox__V1__Organisation *force = find_organisation(test, test->subscription->force);
    if (force && !force->subscribes)
        snprintf(test->text, test->size, "%s has no feed (subscribes is false in the registry).", force->id);
    return force && !force->subscribes;
}

static bool force_has_ended(const struct test *test)
{
    const Signalbox__V1__Organisation *force = find_organisation(test, test->subscription->force);
    if (!force || !has_ended(test, force))
        return false;
    snprintf(test->text, test->size, "%s has ended%s%s; enter the subscription for whoever took its place.", force->id,
        force->n_successors ? ": its successor is " : "", force->n_successors ? force->successors[0] : "");
    return true;
}

static bool takes_kind(const struct test *test, Signalbox__V1__Kind kind)
{
    for (size_t i = 0; i < test->policy->n_kinds; i++)
        if (test->policy->kinds[i] == kind)
            return true;
    return false;
}

static bool asks_kind(const struct test *test, Signalbox__V1__Kind kind)
{
    for (size_t i = 0; i < test->subscription->n_kinds; i++)
        if (test->subscription->kinds[i] == kind)
            return true;
    return test->subscription->n_kinds == 0;
}

static bool kinds_are_not_taken(const struct test *test)
{
    for (size_t i = 0; i < test->subscription->n_kinds; i++)
        if (takes_kind(test, test->subscription->kinds[i]))
            return false;
    if (test->subscription->n_kinds)
        snprintf(test->text, test->size, "It asks for kinds of items of which the policy takes in none.");
    return test->subscription->n_kinds > 0;
}

static bool product_is_possible(const struct test *test, const char *code)
{
    for (size_t i = 0; i < test->policy->n_products; i++) {
        const Signalbox__V1__ProductRule *rule = test->policy->products[i];
        if (strcmp(rule->code, code) == 0)
            return takes_kind(test, rule->kind) && asks_kind(test, rule->kind);
    }
    return false;
}

static bool products_are_of_other_kinds(const struct test *test)
{
    for (size_t i = 0; i < test->subscription->n_products; i++)
        if (product_is_possible(test, test->subscription->products[i]))
            return false;
    if (test->subscription->n_products)
        snprintf(test->text, test->size,
            "Its products all belong to kinds that it does not ask for, or that the policy does not take in.");
    return test->subscription->n_products > 0;
}

static bool region_has_force(const struct test *test, const char *region)
{
    for (size_t i = 0; i < test->registry->n_organisations; i++) {
        const Signalbox__V1__Organisation *organisation = test->registry->organisations[i];
        if (strcmp(organisation->region, region) == 0 && !has_ended(test, organisation))
            return true;
    }
    return false;
}

static bool regions_are_empty(const struct test *test)
{
    for (size_t i = 0; i < test->subscription->n_regions; i++)
        if (region_has_force(test, test->subscription->regions[i]))
            return false;
    if (test->subscription->n_regions)
        snprintf(test->text, test->size, "No organisation is in the regions that it asks for.");
    return test->subscription->n_regions > 0;
}

static bool in_asked_region(const struct test *test, const Signalbox__V1__Organisation *force)
{
    for (size_t i = 0; i < test->subscription->n_regions; i++)
        if (strcmp(test->subscription->regions[i], force->region) == 0)
            return true;
    return false;
}

// Within a field the values are alternatives, but force and region must both hold. An item may name other forces too,
// so this is worth a word, not more.
static bool forces_lie_outside_its_regions(const struct test *test)
{
    const Signalbox__V1__Subscription *subscription = test->subscription;
    if (subscription->n_regions == 0 || subscription->n_forces == 0)
        return false;
    for (size_t i = 0; i < subscription->n_forces; i++) {
        const Signalbox__V1__Organisation *force = find_organisation(test, subscription->forces[i]);
        if (force && in_asked_region(test, force))
            return false;
    }
    snprintf(test->text, test->size,
        "None of its forces is in its regions, and both must hold: it gets only items that name a force of each.");
    return true;
}

static bool (*const tests[])(const struct test *test) = {
    force_has_no_feed,
    force_has_ended,
    kinds_are_not_taken,
    products_are_of_other_kinds,
    regions_are_empty,
    forces_lie_outside_its_regions,
};

bool subscription_check(const Signalbox__V1__Registry *registry, const Signalbox__V1__Policy *policy,
    const Signalbox__V1__Subscription *subscription, int64_t now_ms, char *text, size_t size)
{
    struct test test = {registry, policy, subscription, now_ms, text, size};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        if (tests[i](&test))
            return true;
    return false;
}
