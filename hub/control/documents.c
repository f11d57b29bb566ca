// SPDX-License-Identifier: Apache-2.0
// A batch of records comes into force in two steps. First the chain: each record must name the digest of the one that
// it was made from, which must be the last before it. Then the whole is compiled, in the order in which the broker took
// the records; if it does not compile, the longest beginning that does comes into force, the record after it is
// refused, and the rest is tried again. A program that reads everything at once so comes to the same documents as one
// that followed.
#include "hub/control/chain.h"
#include "hub/control/document_set.h"
#include <stdio.h>
#include <stdlib.h>

struct documents {
    struct document_set force;
    struct chain chain;
    struct change_list batch;
    struct subscription_row *rows; // of force, withdrawn ones too
    size_t n_rows;
    bool incomplete;
    documents_refused *refused;
    void *context;
};

static const char *const topics[] = {
    [DOCUMENT_REGISTRY] = "ctl.registry",
    [DOCUMENT_POLICY] = "ctl.policy",
    [DOCUMENT_SUBSCRIPTION] = "ctl.subscriptions",
};

const char *document_topic(enum document_kind kind)
{
    return topics[kind];
}

enum document_kind document_kind_of(const char *topic)
{
    enum document_kind kind = 0;
    while (kind < DOCUMENT_KINDS && strcmp(topics[kind], topic) != 0)
        kind++;
    return kind;
}

struct documents *documents_new(documents_refused *refused, void *context)
{
    struct documents *documents = calloc(1, sizeof *documents);
    if (!documents)
        return NULL;
    documents->refused = refused;
    documents->context = context;
    return documents;
}

static void free_all(struct change_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        change_free(list->items[i]);
    change_list_deinit(list);
}

struct documents *documents_free(struct documents *documents)
{
    if (!documents)
        return NULL;
    change_free(documents->force.registry);
    change_free(documents->force.policy);
    free_all(&documents->force.subscriptions);
    free_all(&documents->batch);
    chain_deinit(&documents->chain);
    free(documents->rows);
    free(documents);
    return NULL;
}

static void refuse_record(struct documents *documents, enum document_kind kind, int64_t offset, const char *sentence)
{
    if (documents->refused)
        documents->refused(documents->context, kind, offset, sentence);
}

// A change that is not in the batch any more; sentence is NULL if there is nothing to say of it.
static void drop_change(void *context, struct change *change, const char *sentence)
{
    if (sentence)
        refuse_record(context, change->kind, change->offset, sentence);
    change_free(change);
}

bool documents_incomplete(const struct documents *documents)
{
    return documents->incomplete;
}

void documents_offer(struct documents *documents, const struct document_record *record)
{
    struct error error;
    struct change *change = change_new(record, &error);
    if (!change && error.cause != CAUSE_NO_MEMORY) {
        refuse_record(documents, record->kind, record->offset, error.text);
        return;
    }
    if (change && change_list_add(&documents->batch, change))
        return;
    change_free(change);
    documents->incomplete = true;
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_time(const void *left, const void *right)
{
    const struct change *a = *(struct change *const *)left, *b = *(struct change *const *)right;
    int order = compare_numbers(a->timestamp_ms, b->timestamp_ms);
    order = order ? order : compare_numbers(a->kind, b->kind);
    return order ? order : compare_numbers(a->offset, b->offset);
}

// Whether what is in force with the first n changes over it compiles.
static bool try_first(const struct documents *documents, size_t n, struct snapshot **snapshot, struct error *error)
{
    struct document_set set;
    *snapshot = NULL;
    bool good = document_set_overlay(&documents->force, &documents->batch, n, &set, NULL)
                    ? document_set_compile(&set, snapshot, error)
                    : error_no_memory(error, "the control documents");
    document_set_deinit(&set);
    return good;
}

// Brings the first n changes into force, or nothing: false without memory.
static bool enforce_first(struct documents *documents, size_t n)
{
    struct document_set set;
    struct change_list superseded = {0};
    size_t n_rows = 0;
    struct subscription_row *rows = NULL;
    if (document_set_overlay(&documents->force, &documents->batch, n, &set, &superseded))
        rows = document_set_rows(&set, true, &n_rows);
    if (!rows) {
        document_set_deinit(&set);
        change_list_deinit(&superseded);
        return false;
    }
    document_set_deinit(&documents->force);
    documents->force = set;
    free_all(&superseded);
    struct change_list *batch = &documents->batch;
    batch->n -= n;
    memmove(batch->items, batch->items + n, batch->n * sizeof *batch->items);
    free(documents->rows);
    documents->rows = rows;
    documents->n_rows = n_rows;
    return true;
}

// The first n changes compile, the first n + 1 do not: n. error says why not.
static size_t longest_good(const struct documents *documents, struct error *error)
{
    size_t good = 0, bad = documents->batch.n;
    struct snapshot *snapshot;
    error->cause = CAUSE_OTHER;
    while (good + 1 < bad && error->cause != CAUSE_NO_MEMORY) {
        size_t middle = good + (bad - good) / 2;
        if (try_first(documents, middle, &snapshot, error))
            good = middle;
        else
            bad = middle;
        snapshot_free(snapshot);
    }
    if (error->cause != CAUSE_NO_MEMORY)
        try_first(documents, bad, &snapshot, error);
    return good;
}

// Refuses what does not compile, and brings all that stands before it into force. false if nothing more can be done.
static bool refuse_first_bad(struct documents *documents, bool *changed)
{
    struct error error;
    size_t good = longest_good(documents, &error);
    if (error.cause == CAUSE_NO_MEMORY || !enforce_first(documents, good))
        return false;
    *changed |= good > 0;
    struct change *bad = documents->batch.items[0];
    change_list_remove(&documents->batch, 0);
    drop_change(documents, bad, error.text);
    return true;
}

static bool settle_batch(struct documents *documents, struct snapshot **snapshot)
{
    struct error error;
    bool changed = false;
    while (documents->batch.n && !try_first(documents, documents->batch.n, snapshot, &error))
        if (error.cause == CAUSE_NO_MEMORY || !refuse_first_bad(documents, &changed))
            return false;
    changed |= documents->batch.n > 0;
    if (!enforce_first(documents, documents->batch.n))
        return false;
    return *snapshot || !changed || document_set_compile(&documents->force, snapshot, &error);
}

struct snapshot *documents_settle(struct documents *documents)
{
    struct snapshot *snapshot = NULL;
    if (documents->incomplete) // what is missing would make its successors look wrong
        return NULL;
    documents->incomplete = !chain_check(&documents->chain, &documents->batch, drop_change, documents);
    if (documents->incomplete || documents->batch.n == 0)
        return NULL;
    qsort(documents->batch.items, documents->batch.n, sizeof *documents->batch.items, by_time);
    if (settle_batch(documents, &snapshot))
        return snapshot;
    documents->incomplete = true;
    return snapshot_free(snapshot);
}

bool documents_lost(const struct documents *documents, enum document_kind kind, struct error *error)
{
    const struct document_head *head = &documents->chain.heads[kind];
    if (head->version > 0 || !head->orphans)
        return false;
    error_say(error, CAUSE_OTHER,
        "Topic %s holds later versions but not the first, on which they rest: restore it from a copy. One that is "
        "begun "
        "anew would know nothing of what they say, such as keys that were revoked.",
        document_topic(kind));
    return true;
}

void documents_say_missing(const struct documents *documents, enum document_kind kind, struct error *error)
{
    const char *name = kind == DOCUMENT_REGISTRY ? "registry" : "policy";
    if (!documents_lost(documents, kind, error))
        error_say(error, CAUSE_OTHER, "There is no %s in force: \"signalbox %s apply FILE\" writes one.", name, name);
}

struct snapshot *documents_compile(const struct documents *documents, struct error *error)
{
    struct snapshot *snapshot = NULL;
    if (!documents->force.registry)
        documents_say_missing(documents, DOCUMENT_REGISTRY, error);
    else if (!documents->force.policy)
        documents_say_missing(documents, DOCUMENT_POLICY, error);
    else
        document_set_compile(&documents->force, &snapshot, error);
    return snapshot;
}

bool documents_would_compile(const struct documents *documents, const Signalbox__V1__Registry *registry,
    const Signalbox__V1__Policy *policy, const struct subscription_row *rows, size_t n_rows, struct error *error)
{
    registry = registry ? registry : documents_registry(documents);
    policy = policy ? policy : documents_policy(documents);
    if (!registry || !policy)
        return document_set_alone(registry, error);
    size_t n = n_rows;
    struct subscription_row *own = rows ? NULL : document_set_rows(&documents->force, false, &n);
    if (!rows && !own)
        return error_no_memory(error, "the subscriptions");
    struct snapshot *snapshot =
        snapshot_new(registry, policy, rows ? rows : own, n, documents->force.subscriptions_version, error);
    bool good = snapshot != NULL;
    snapshot_free(snapshot);
    free(own);
    return good;
}

const Signalbox__V1__Registry *documents_registry(const struct documents *documents)
{
    return change_registry(documents->force.registry);
}

const Signalbox__V1__Policy *documents_policy(const struct documents *documents)
{
    return change_policy(documents->force.policy);
}

size_t documents_subscriptions(const struct documents *documents, const struct subscription_row **rows)
{
    *rows = documents->rows;
    return documents->n_rows;
}

const struct registry_numbers *documents_numbers(const struct documents *documents)
{
    return &documents->chain.numbers;
}

struct document_head documents_head(const struct documents *documents, enum document_kind kind)
{
    return documents->chain.heads[kind];
}

struct document_head documents_subscription_head(const struct documents *documents, const char *key)
{
    return chain_subscription(&documents->chain, key);
}
