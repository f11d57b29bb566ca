// SPDX-License-Identifier: Apache-2.0
// Laying changes over a set is one merge of two sorted lists, so that trying a change costs no more than compiling it.
#include "hub/control/document_set.h"
#include "hub/base/text.h"
#include <stdlib.h>

static int by_key_and_offset(const void *left, const void *right)
{
    const struct change *a = *(struct change *const *)left, *b = *(struct change *const *)right;
    int order = strcmp(a->key, b->key);
    return order ? order : (a->offset > b->offset) - (a->offset < b->offset);
}

static void drop_change(struct change_list *superseded, struct change *change)
{
    if (superseded && change)
        change_list_add(superseded, change);
}

static void take_document(struct change **place, struct change *change, struct change_list *superseded)
{
    bool newer = !*place || change->version > (*place)->version;
    drop_change(superseded, newer ? *place : change);
    if (newer)
        *place = change;
}

static void take_subscription(struct document_set *set, struct change *change, struct change_list *superseded)
{
    struct change_list *list = &set->subscriptions;
    if (list->n && strcmp(list->items[list->n - 1]->key, change->key) == 0) {
        drop_change(superseded, list->items[list->n - 1]);
        list->items[list->n - 1] = change;
    } else {
        change_list_add(list, change);
    }
    if ((uint64_t)change->offset + 1 > set->subscriptions_version)
        set->subscriptions_version = (uint64_t)change->offset + 1;
}

static void merge_subscriptions(
    const struct change_list *old, struct change_list *new, struct document_set *out, struct change_list *superseded)
{
    if (new->n)
        qsort(new->items, new->n, sizeof *new->items, by_key_and_offset);
    size_t i = 0, j = 0;
    while (i < old->n || j < new->n) {
        bool old_first = j == new->n || (i < old->n && by_key_and_offset(&old->items[i], &new->items[j]) <= 0);
        take_subscription(out, old_first ? old->items[i++] : new->items[j++], superseded);
    }
}

void document_set_overlay(const struct document_set *base, const struct change_list *changes, size_t n,
    struct document_set *out, struct change_list *superseded)
{
    struct change_list subscriptions = {0};
    *out = (struct document_set){base->registry, base->policy, .subscriptions_version = base->subscriptions_version};
    for (size_t i = 0; i < n; i++) {
        struct change *change = changes->items[i];
        if (change->kind == DOCUMENT_REGISTRY)
            take_document(&out->registry, change, superseded);
        else if (change->kind == DOCUMENT_POLICY)
            take_document(&out->policy, change, superseded);
        else
            change_list_add(&subscriptions, change);
    }
    merge_subscriptions(&base->subscriptions, &subscriptions, out, superseded);
    change_list_deinit(&subscriptions);
}

void document_set_deinit(struct document_set *set)
{
    change_list_deinit(&set->subscriptions);
}

struct subscription_row *document_set_rows(const struct document_set *set, bool withdrawn_too, size_t *n)
{
    struct subscription_row *rows = calloc(set->subscriptions.n + 1, sizeof *rows);
    if (!rows)
        abort();
    *n = 0;
    for (size_t i = 0; i < set->subscriptions.n; i++) {
        const struct change *change = set->subscriptions.items[i];
        const Signalbox__V1__Subscription *subscription = change_subscription(change);
        if (withdrawn_too || !subscription->withdrawn)
            rows[(*n)++] = (struct subscription_row){subscription, (uint64_t)change->offset + 1};
    }
    return rows;
}

bool document_set_compile(const struct document_set *set, struct snapshot **snapshot, char error[DOCUMENTS_ERROR_BYTES])
{
    struct error why;
    size_t n;
    *snapshot = NULL;
    if (!set->registry || !set->policy)
        return true;
    struct subscription_row *rows = document_set_rows(set, false, &n);
    *snapshot = snapshot_new(
        change_registry(set->registry), change_policy(set->policy), rows, n, set->subscriptions_version, &why);
    free(rows);
    if (!*snapshot)
        text_print(error, DOCUMENTS_ERROR_BYTES, "%s", why.text);
    return *snapshot != NULL;
}
