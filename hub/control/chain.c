// SPDX-License-Identifier: Apache-2.0
// A topic's own order decides: of two records that were made from the same one, the one that came first counts, so that
// two officers at the same moment cannot both win, and everybody who reads comes to the same chain, in whatever
// batches. The same record once more is no mistake: a broker's answer may get lost, and what was written is written
// again.
#include "hub/control/chain.h"
#include "hub/base/list.h"
#include <stdio.h>
#include <stdlib.h>

struct chain_of_subscription {
    char *key;
    struct document_head head;
};

void chain_deinit(struct chain *chain)
{
    for (size_t i = 0; i < chain->n; i++)
        free(chain->subscriptions[i].key);
    free(chain->subscriptions);
    table_deinit(&chain->places);
    *chain = (struct chain){0};
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *left, const void *right)
{
    const struct change *a = *(struct change *const *)left, *b = *(struct change *const *)right;
    int order = compare_numbers(a->kind, b->kind);
    return order ? order : compare_numbers(a->offset, b->offset);
}

static bool same_digest(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}

static bool names_head(const struct document_head *head, const struct change *change)
{
    return change->has_predecessor == (head->version > 0) &&
           (!change->has_predecessor || same_digest(&change->predecessor, &head->sha256));
}

// Whether a registry or policy is the next of its chain; if not, why.
static bool follows_version(struct document_head *head, const struct change *change, struct error *error)
{
    unsigned long long version = change->version, last = head->version;
    head->orphans |= head->version == 0 && version > 1;
    if (change->version <= head->version)
        return error_say(error, CAUSE_OTHER,
            "There is a version %llu already; it came first. Look at it, and apply again on top of version %llu.",
            version, last);
    if (change->version != head->version + 1)
        return error_say(error, CAUSE_OTHER,
            "Version %llu does not follow version %llu, the last one: apply it again on top of that.", version, last);
    return names_head(head, change) ||
           error_say(error, CAUSE_OTHER,
               "Version %llu was not made from version %llu as it stands: apply it again on top of that.", version,
               last);
}

static bool follows_revision(const struct document_head *head, const struct change *change, struct error *error)
{
    if (names_head(head, change))
        return true;
    if (head->version == 0)
        return error_say(error, CAUSE_OTHER,
            "It was made from a revision of %s that is not there: apply it again as the first one.", change->key);
    return error_say(error, CAUSE_OTHER,
        "It was not made from the latest revision of %s: another came first. Look at it, and apply again.",
        change->key);
}

static struct document_head *find_subscription(const struct chain *chain, const char *key)
{
    uint32_t place = table_find(&chain->places, slice_text(key));
    return place == TABLE_NONE ? NULL : &chain->subscriptions[place].head;
}

// NULL without memory.
static struct document_head *add_subscription(struct chain *chain, const char *text)
{
    char *key = strdup(text);
    if (!key || !list_room(&chain->subscriptions, &chain->room, chain->n + 1, sizeof *chain->subscriptions) ||
        !table_add(&chain->places, slice_text(key), (uint32_t)chain->n)) {
        free(key);
        return NULL;
    }
    chain->subscriptions[chain->n] = (struct chain_of_subscription){.key = key};
    return &chain->subscriptions[chain->n++].head;
}

// The head of a change's chain, with version 0 if the chain is empty. NULL without memory.
static struct document_head *head_of(struct chain *chain, const struct change *change)
{
    if (change->kind != DOCUMENT_SUBSCRIPTION)
        return &chain->heads[change->kind];
    struct document_head *head = find_subscription(chain, change->key);
    return head ? head : add_subscription(chain, change->key);
}

// What was signed for one deployment is good in no other, so a chain never leaves its own.
static bool keeps_deployment(const struct document_head *head, const struct change *change, struct error *error)
{
    if (head->version == 0 ||
        memcmp(head->deployment, change_registry(change)->deployment_id.data, sizeof head->deployment) == 0)
        return true;
    return error_say(error, CAUSE_OTHER,
        "Version %llu is of another deployment than version %llu: apply it again, with the deploymentId left out.",
        (unsigned long long)change->version, (unsigned long long)head->version);
}

static void move_head(struct document_head *head, const struct change *change)
{
    head->version++;
    head->sha256 = change->sha256;
    if (change->kind == DOCUMENT_REGISTRY)
        memcpy(head->deployment, change_registry(change)->deployment_id.data, sizeof head->deployment);
}

static bool follows_head(
    struct chain *chain, struct document_head *head, const struct change *change, struct error *error)
{
    if (change->kind == DOCUMENT_SUBSCRIPTION)
        return follows_revision(head, change, error);
    return follows_version(head, change, error) &&
           (change->kind != DOCUMENT_REGISTRY ||
               (keeps_deployment(head, change, error) &&
                   registry_numbers_follow(&chain->numbers, change_registry(change), error)));
}

bool chain_check(struct chain *chain, struct change_list *batch,
    void (*drop)(void *context, struct change *change, const char *sentence), void *context)
{
    size_t kept = 0;
    bool good = true;
    if (batch->n)
        qsort(batch->items, batch->n, sizeof *batch->items, by_place);
    for (size_t i = 0; i < batch->n; i++) {
        struct change *change = batch->items[i];
        struct document_head *head = good ? head_of(chain, change) : NULL;
        struct error error;
        good = head != NULL;
        bool repeat = good && head->version > 0 && same_digest(&change->sha256, &head->sha256);
        if (!good || (!repeat && follows_head(chain, head, change, &error))) {
            batch->items[kept++] = change;
            if (good)
                move_head(head, change);
        } else {
            drop(context, change, repeat ? NULL : error.text);
        }
    }
    batch->n = kept;
    return good;
}

struct document_head chain_subscription(const struct chain *chain, const char *key)
{
    const struct document_head *head = find_subscription(chain, key);
    return head ? *head : (struct document_head){0};
}
