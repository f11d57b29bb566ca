// SPDX-License-Identifier: Apache-2.0
// What is wanted and what is in force side by side: both are in order, so one merge says of each subscription whether
// it is new, changed, the same or to be withdrawn. When it was made says nothing about what it asks for, and is not
// compared.
#include "hub/control/subscription_plan.h"
#include "hub/control/control.h"
#include "hub/control/control_value.h"
#include "hub/control/control_write.h"
#include "hub/control/difference.h"
#include "hub/json/json.h"
#include <stdlib.h>

const char *subscription_key(const Signalbox__V1__Subscription *subscription, struct arena *arena)
{
    return arena_printf(arena, "%s/%s", subscription->force, subscription->name);
}

int subscription_compare(const Signalbox__V1__Subscription *a, const Signalbox__V1__Subscription *b)
{
    int order = strcmp(a->force, b->force);
    return order ? order : strcmp(a->name, b->name);
}

static bool same_texts(size_t n, char *const *a, size_t n_other, char *const *b)
{
    bool same = n == n_other;
    for (size_t i = 0; same && i < n; i++)
        same = strcmp(a[i], b[i]) == 0;
    return same;
}

static bool same_numbers(size_t n, const void *a, size_t n_other, const void *b, size_t size)
{
    return n == n_other && (n == 0 || memcmp(a, b, n * size) == 0);
}

static bool asks_the_same(const Signalbox__V1__Subscription *a, const Signalbox__V1__Subscription *b)
{
    return same_texts(a->n_regions, a->regions, b->n_regions, b->regions) &&
           same_texts(a->n_forces, a->forces, b->n_forces, b->forces) &&
           same_texts(a->n_themes, a->themes, b->n_themes, b->themes) &&
           same_texts(a->n_products, a->products, b->n_products, b->products) &&
           same_numbers(a->n_strands, a->strands, b->n_strands, b->strands, sizeof *a->strands) &&
           same_numbers(a->n_kinds, a->kinds, b->n_kinds, b->kinds, sizeof *a->kinds) &&
           same_numbers(a->n_priorities, a->priorities, b->n_priorities, b->priorities, sizeof *a->priorities) &&
           a->withdrawn == b->withdrawn && strcmp(a->note, b->note) == 0;
}

static void stamp_time(Signalbox__V1__Subscription *subscription, int64_t now_ms)
{
    if (subscription->made_unix_ms == 0)
        subscription->made_unix_ms = now_ms;
}

static struct subscription_plan_row from_wanted(
    Signalbox__V1__Subscription *row, const struct subscription_row *in_force, int64_t now_ms)
{
    const Signalbox__V1__Subscription *now = in_force ? in_force->subscription : NULL;
    struct subscription_plan_row plan = {.now = now, .revision = in_force ? in_force->revision : 0};
    if (now && asks_the_same(now, row))
        return plan;
    stamp_time(row, now_ms);
    plan.next = row;
    plan.change = row->withdrawn ? SUBSCRIPTION_WITHDRAWN : now ? SUBSCRIPTION_CHANGED : SUBSCRIPTION_NEW;
    return plan;
}

static struct subscription_plan_row from_force(
    const struct subscription_row *in_force, bool prune, int64_t now_ms, struct arena *arena)
{
    struct subscription_plan_row plan = {.now = in_force->subscription, .revision = in_force->revision};
    if (!prune || in_force->subscription->withdrawn)
        return plan;
    plan.next = arena_alloc(arena, sizeof *plan.next);
    if (!plan.next)
        return plan;
    *plan.next = *in_force->subscription;
    plan.next->withdrawn = true;
    plan.next->made_unix_ms = now_ms;
    plan.change = SUBSCRIPTION_WITHDRAWN;
    return plan;
}

struct subscription_plan subscription_plan_of(const struct documents *documents,
    Signalbox__V1__Subscription *const *wanted, size_t n_wanted, bool prune, int64_t now_ms, struct arena *arena)
{
    const struct subscription_row *force;
    size_t n_force = documents_subscriptions(documents, &force), i = 0, j = 0;
    struct subscription_plan plan = {.rows = arena_alloc(arena, (n_force + n_wanted + 1) * sizeof *plan.rows)};
    while (plan.rows && (i < n_force || j < n_wanted)) {
        int order = i == n_force ? 1 : j == n_wanted ? -1 : subscription_compare(force[i].subscription, wanted[j]);
        struct subscription_plan_row *row = &plan.rows[plan.n++];
        *row = order < 0 ? from_force(&force[i], prune, now_ms, arena)
                         : from_wanted(wanted[j], order ? NULL : &force[i], now_ms);
        i += order <= 0;
        j += order >= 0;
        const char *key = row->next ? subscription_key(row->next, arena) : NULL;
        if (key)
            row->head = documents_subscription_head(documents, key);
        plan.changes += row->change != SUBSCRIPTION_SAME;
    }
    return plan;
}

struct subscription_row *subscription_plan_live(const struct subscription_plan *plan, struct arena *arena, size_t *n)
{
    struct subscription_row *rows = arena_alloc(arena, (plan->n + 1) * sizeof *rows);
    *n = 0;
    for (size_t i = 0; rows && i < plan->n; i++) {
        const Signalbox__V1__Subscription *row = plan->rows[i].next ? plan->rows[i].next : plan->rows[i].now;
        // A revision that is not known yet only has to be one of its own.
        uint64_t revision = plan->rows[i].next ? (1ull << 40) + i : plan->rows[i].revision;
        if (!row->withdrawn)
            rows[(*n)++] = (struct subscription_row){row, revision};
    }
    return rows;
}

json_t *subscription_plan_differences(const struct subscription_plan *plan, struct arena *arena)
{
    static const char *const ignore[] = {"force", "name", "madeUnixMs", NULL};
    json_t *rows = json_array();
    for (size_t i = 0; i < plan->n; i++) {
        const struct subscription_plan_row *row = &plan->rows[i];
        if (row->change == SUBSCRIPTION_SAME)
            continue;
        json_t *have = row->now ? json_from_message(&row->now->base) : NULL,
               *should = json_from_message(&row->next->base);
        difference_of_objects(rows, subscription_key(row->next, arena), have, should, ignore);
        json_decref(have);
        json_decref(should);
    }
    return rows;
}

static struct control_record record_of(const struct subscription_plan_row *row, struct arena *arena)
{
    const struct digest *predecessor = row->head.version ? &row->head.sha256 : NULL;
    return (struct control_record){
        0, slice_text(subscription_key(row->next, arena)), control_value_pack(&row->next->base, predecessor, arena)};
}

bool subscription_plan_write(const struct kafka_settings *kafka, struct subscription_plan *plan, struct arena *arena,
    size_t *written, struct error *error)
{
    struct control_record *records = arena_alloc(arena, (plan->changes + 1) * sizeof *records);
    size_t n = 0;
    *written = 0;
    plan->offsets = arena_alloc(arena, (plan->changes + 1) * sizeof *plan->offsets);
    for (size_t i = 0; records && !arena->failed && i < plan->n; i++)
        if (plan->rows[i].next)
            records[n++] = record_of(&plan->rows[i], arena);
    if (arena->failed)
        return error_no_memory(error, "the subscriptions");
    return control_write(kafka, document_topic(DOCUMENT_SUBSCRIPTION), records, n, plan->offsets, written, error);
}

bool subscription_plan_confirm(
    const struct kafka_settings *kafka, const struct subscription_plan *plan, size_t *refused, struct error *error)
{
    return control_confirm(kafka, DOCUMENT_SUBSCRIPTION, plan->offsets, plan->changes, refused, error);
}
