// SPDX-License-Identifier: Apache-2.0
// Of two records with the same version the one that came first counts, so that two officers at the same moment cannot
// both win. The same record once more is no mistake: that is how the winner is kept from compaction.
#include "hub/control/chain.h"
#include <stdio.h>
#include <stdlib.h>

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_version(const void *left, const void *right)
{
    const struct change *a = *(struct change *const *)left, *b = *(struct change *const *)right;
    int order = compare_numbers(a->kind, b->kind);
    order = order ? order : (a->version > b->version) - (a->version < b->version);
    return order ? order : compare_numbers(a->offset, b->offset);
}

static bool same_digest(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}

// Whether the change is the next of its chain; if not, why.
static bool follows_head(const struct document_head *head, const struct change *change, struct error *error)
{
    unsigned long long version = change->version, last = head->version;
    if (change->version != head->version + 1)
        return error_say(error, CAUSE_OTHER,
            "Version %llu does not follow version %llu, the last one: apply it again on top of that.", version, last);
    bool same = head->version == 0 || same_digest(&change->previous, &head->sha256);
    if (change->has_previous == (head->version > 0) && same)
        return true;
    return error_say(error, CAUSE_OTHER,
        "Version %llu was not made from version %llu as it stands: apply it again on top of that.", version, last);
}

static bool keeps_rows(struct registry_numbers *numbers, const struct change *change, struct error *error)
{
    return change->kind != DOCUMENT_REGISTRY || registry_numbers_follow(numbers, change_registry(change), error);
}

void chain_check(struct document_head heads[DOCUMENT_KINDS], struct registry_numbers *numbers,
    struct change_list *batch, void (*drop)(void *context, size_t place, const char *sentence), void *context)
{
    size_t place = 0;
    qsort(batch->items, batch->n, sizeof *batch->items, by_version);
    while (place < batch->n && batch->items[place]->kind != DOCUMENT_SUBSCRIPTION) {
        const struct change *change = batch->items[place];
        struct document_head *head = &heads[change->kind];
        struct error error;
        bool repeat = change->version == head->version && same_digest(&change->sha256, &head->sha256);
        if (!repeat && follows_head(head, change, &error) && keeps_rows(numbers, change, &error)) {
            *head = (struct document_head){change->version, change->sha256};
            place++;
        } else {
            drop(context, place, repeat ? NULL : error.text);
        }
    }
}
