// SPDX-License-Identifier: Apache-2.0
// A batch of records comes into force in two steps. First the chain: registries and policies are put in order of
// version, and each must name the digest of the one before. Then the whole is compiled, in the order in which the
// broker took the records; if it does not compile, the longest beginning that does comes into force, the record after
// it is refused, and the rest is tried again. A program that reads everything at once so comes to the same documents as
// one that followed.
#include "hub/base/text.h"
#include "hub/control/chain.h"
#include "hub/control/document_set.h"
#include <stdio.h>
#include <stdlib.h>

struct documents {
    struct document_set force;
    struct document_head heads[DOCUMENT_KINDS];
    struct change_list batch;
    struct subscription_row *rows; // of force, withdrawn ones too
    size_t n_rows;
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
        abort();
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
    free(documents->rows);
    free(documents);
    return NULL;
}

static void refuse_record(struct documents *documents, enum document_kind kind, int64_t offset, const char *sentence)
{
    if (documents->refused)
        documents->refused(documents->context, kind, offset, sentence);
}

// Takes a change out of the batch for good; sentence is NULL if there is nothing to say of it.
static void remove_change(struct documents *documents, size_t place, const char *sentence)
{
    struct change *change = documents->batch.items[place];
    change_list_remove(&documents->batch, place);
    if (sentence)
        refuse_record(documents, change->kind, change->offset, sentence);
    change_free(change);
}

void documents_offer(struct documents *documents, const struct document_record *record)
{
    char error[DOCUMENTS_ERROR_BYTES];
    struct change *change = change_new(record, error);
    if (change)
        change_list_add(&documents->batch, change);
    else
        refuse_record(documents, record->kind, record->offset, error);
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

static void drop_change(void *context, size_t place, const char *sentence)
{
    remove_change(context, place, sentence);
}

// Whether what is in force with the first n changes over it compiles.
static bool try_first(const struct documents *documents, size_t n, struct snapshot **snapshot, char *error)
{
    struct document_set set;
    document_set_overlay(&documents->force, &documents->batch, n, &set, NULL);
    bool good = document_set_compile(&set, snapshot, error);
    document_set_deinit(&set);
    return good;
}

// Brings the first n changes into force.
static void enforce_first(struct documents *documents, size_t n)
{
    struct document_set set;
    struct change_list superseded = {0};
    document_set_overlay(&documents->force, &documents->batch, n, &set, &superseded);
    document_set_deinit(&documents->force);
    documents->force = set;
    free_all(&superseded);
    struct change_list *batch = &documents->batch;
    batch->n -= n;
    memmove(batch->items, batch->items + n, batch->n * sizeof *batch->items);
    free(documents->rows);
    documents->rows = document_set_rows(&documents->force, true, &documents->n_rows);
}

// The first n changes compile, the first n + 1 do not: n. error says why not.
static size_t longest_good(const struct documents *documents, char *error)
{
    size_t good = 0, bad = documents->batch.n;
    while (good + 1 < bad) {
        size_t middle = good + (bad - good) / 2;
        struct snapshot *snapshot;
        char ignored[DOCUMENTS_ERROR_BYTES];
        if (try_first(documents, middle, &snapshot, ignored))
            good = middle;
        else
            bad = middle;
        snapshot_free(snapshot);
    }
    struct snapshot *snapshot;
    try_first(documents, bad, &snapshot, error);
    snapshot_free(snapshot);
    return good;
}

struct snapshot *documents_settle(struct documents *documents)
{
    if (documents->batch.n == 0)
        return NULL;
    chain_check(documents->heads, &documents->batch, drop_change, documents);
    struct snapshot *snapshot = NULL;
    if (documents->batch.n == 0)
        return NULL;
    qsort(documents->batch.items, documents->batch.n, sizeof *documents->batch.items, by_time);
    char error[DOCUMENTS_ERROR_BYTES];
    bool changed = false;
    while (documents->batch.n && !try_first(documents, documents->batch.n, &snapshot, error)) {
        size_t good = longest_good(documents, error);
        changed |= good > 0;
        enforce_first(documents, good);
        remove_change(documents, 0, error);
    }
    changed |= documents->batch.n > 0;
    enforce_first(documents, documents->batch.n);
    if (!snapshot && changed)
        snapshot = documents_compile(documents, error);
    return snapshot;
}

struct snapshot *documents_compile(const struct documents *documents, char error[DOCUMENTS_ERROR_BYTES])
{
    struct snapshot *snapshot = NULL;
    if (!documents->force.registry)
        snprintf(error, DOCUMENTS_ERROR_BYTES,
            "There is no registry in force: \"signalbox registry apply FILE\" writes one.");
    else if (!documents->force.policy)
        snprintf(
            error, DOCUMENTS_ERROR_BYTES, "There is no policy in force: \"signalbox policy apply FILE\" writes one.");
    else
        document_set_compile(&documents->force, &snapshot, error);
    return snapshot;
}

bool documents_would_compile(const struct documents *documents, const Signalbox__V1__Registry *registry,
    const Signalbox__V1__Policy *policy, const struct subscription_row *rows, size_t n_rows,
    char error[DOCUMENTS_ERROR_BYTES])
{
    struct error why;
    registry = registry ? registry : documents_registry(documents);
    policy = policy ? policy : documents_policy(documents);
    if (!registry || !policy)
        return true;
    size_t n = n_rows;
    struct subscription_row *own = rows ? NULL : document_set_rows(&documents->force, false, &n);
    struct snapshot *snapshot =
        snapshot_new(registry, policy, rows ? rows : own, n, documents->force.subscriptions_version, &why);
    bool good = snapshot != NULL;
    snapshot_free(snapshot);
    free(own);
    if (!good)
        text_print(error, DOCUMENTS_ERROR_BYTES, "%s", why.text);
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

struct document_head documents_head(const struct documents *documents, enum document_kind kind)
{
    return documents->heads[kind];
}
