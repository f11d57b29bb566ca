// SPDX-License-Identifier: Apache-2.0
// Laying changes over a set is one merge of two sorted lists, so that trying a change costs no more than compiling it.
#include "hub/control/document_set.h"
#include "hub/control/subscription_plan.h"
#include "hub/rules/registry.h"
#include <stdlib.h>

// By force and name, as all lists of subscriptions: keys as text would put kent-council before kent.
static int by_subscription_and_offset(const void *left, const void *right)
{
    const struct change *a = *(struct change *const *)left, *b = *(struct change *const *)right;
    int order = subscription_compare(change_subscription(a), change_subscription(b));
    return order ? order : (a->offset > b->offset) - (a->offset < b->offset);
}

static bool supersede_change(struct change_list *superseded, struct change *change)
{
    return !superseded || !change || change_list_add(superseded, change);
}

static bool take_document(struct change **place, struct change *change, struct change_list *superseded)
{
    bool newer = !*place || change->version > (*place)->version;
    struct change *old = newer ? *place : change;
    if (newer)
        *place = change;
    return supersede_change(superseded, old);
}

static bool take_subscription(struct document_set *set, struct change *change, struct change_list *superseded)
{
    struct change_list *list = &set->subscriptions;
    if ((uint64_t)change->offset + 1 > set->subscriptions_version)
        set->subscriptions_version = (uint64_t)change->offset + 1;
    if (!list->n || strcmp(list->items[list->n - 1]->key, change->key) != 0)
        return change_list_add(list, change);
    struct change *old = list->items[list->n - 1];
    list->items[list->n - 1] = change;
    return supersede_change(superseded, old);
}

static bool merge_subscriptions(
    const struct change_list *old, struct change_list *new, struct document_set *out, struct change_list *superseded)
{
    if (new->n)
        qsort(new->items, new->n, sizeof *new->items, by_subscription_and_offset);
    bool good = true;
    for (size_t i = 0, j = 0; good && (i < old->n || j < new->n);) {
        bool old_first = j == new->n || (i < old->n && by_subscription_and_offset(&old->items[i], &new->items[j]) <= 0);
        good = take_subscription(out, old_first ? old->items[i++] : new->items[j++], superseded);
    }
    return good;
}

static bool take_change(
    struct document_set *out, struct change *change, struct change_list *subscriptions, struct change_list *superseded)
{
    if (change->kind == DOCUMENT_REGISTRY)
        return take_document(&out->registry, change, superseded);
    if (change->kind == DOCUMENT_POLICY)
        return take_document(&out->policy, change, superseded);
    return change_list_add(subscriptions, change);
}

bool document_set_overlay(const struct document_set *base, const struct change_list *changes, size_t n,
    struct document_set *out, struct change_list *superseded)
{
    struct change_list subscriptions = {0};
    *out = (struct document_set){base->registry, base->policy, .subscriptions_version = base->subscriptions_version};
    bool good = true;
    for (size_t i = 0; good && i < n; i++)
        good = take_change(out, changes->items[i], &subscriptions, superseded);
    good = good && merge_subscriptions(&base->subscriptions, &subscriptions, out, superseded);
    change_list_deinit(&subscriptions);
    return good;
}

void document_set_deinit(struct document_set *set)
{
    change_list_deinit(&set->subscriptions);
}

struct subscription_row *document_set_rows(const struct document_set *set, bool withdrawn_too, size_t *n)
{
    struct subscription_row *rows = calloc(set->subscriptions.n + 1, sizeof *rows);
    *n = 0;
    for (size_t i = 0; rows && i < set->subscriptions.n; i++) {
        const struct change *change = set->subscriptions.items[i];
        const Signalbox__V1__Subscription *subscription = change_subscription(change);
        if (withdrawn_too || !subscription->withdrawn)
            rows[(*n)++] = (struct subscription_row){subscription, (uint64_t)change->offset + 1};
    }
    return rows;
}

bool document_set_alone(const Signalbox__V1__Registry *document, struct error *error)
{
    struct registry *registry = document ? registry_new(document, error) : NULL;
    bool good = !document || registry;
    registry_free(registry);
    return good;
}

bool document_set_compile(const struct document_set *set, struct snapshot **snapshot, struct error *error)
{
    size_t n;
    *snapshot = NULL;
    if (!set->registry || !set->policy)
        return document_set_alone(change_registry(set->registry), error);
    struct subscription_row *rows = document_set_rows(set, false, &n);
    if (!rows)
        return error_no_memory(error, "the subscriptions");
    *snapshot = snapshot_new(
        change_registry(set->registry), change_policy(set->policy), rows, n, set->subscriptions_version, error);
    free(rows);
    return *snapshot != NULL;
}
