// SPDX-License-Identifier: Apache-2.0
// A finding keeps its time as long as its verdict stays, snapshot after snapshot, and over a time in which nobody could
// say. It may come with a time of its own, by the facts, which counts if it is the earlier one: two observers then say
// the same, and so does one that was started again.
#include "hub/observe/judge/troubles_parts.h"
#include <stdlib.h>

static int by_name(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static int64_t earlier_of(int64_t a, int64_t b)
{
    return !a || (b && b < a) ? b : a;
}

// Since when it was so already, as far as the snapshot before tells; 0 if it was not.
static int64_t begun_ms(const struct finding *now, const struct finding *before)
{
    if (before && before->verdict == now->verdict)
        return before->since_ms;
    return before && before->known == now->verdict ? before->known_since_ms : 0;
}

static void keep_time(struct finding *now, const struct finding *before, int64_t at_ms)
{
    now->since_ms = earlier_of(begun_ms(now, before), now->since_ms);
    if (!now->since_ms)
        now->since_ms = at_ms;
    bool unknown = verdict_severity(now->verdict) == SEVERITY_UNKNOWN;
    now->known = unknown && before ? before->known : now->verdict;
    now->known_since_ms = unknown ? (before ? before->known_since_ms : 0) : now->since_ms;
}

static const struct finding *find_partition(
    const struct group_health *group, const struct group_partition *partition, size_t hint)
{
    for (size_t i = 0; i < group->n_partitions; i++) {
        const struct group_partition *other = &group->partitions[(hint + i) % group->n_partitions];
        if (other->partition == partition->partition && strcmp(other->topic, partition->topic) == 0)
            return &other->finding;
    }
    return NULL;
}

static void keep_partitions(
    const struct health *health, const struct item *item, const struct health *before, const struct item *was)
{
    struct group_health *group = &health->groups[item->index];
    for (size_t i = 0; i < group->n_partitions; i++) {
        const struct finding *old = was ? find_partition(&before->groups[was->index], &group->partitions[i], i) : NULL;
        keep_time(&group->partitions[i].finding, old, health->at_ms);
    }
}

static void read_before(struct inquiry *inquiry)
{
    if (!inquiry->before || inquiry->old)
        return;
    inquiry->old = trouble_items(inquiry->before, &inquiry->scratch, &inquiry->n_old);
    if (inquiry->old)
        qsort(inquiry->old, inquiry->n_old, sizeof *inquiry->old, by_name);
}

void troubles_since(struct inquiry *inquiry, bool forces)
{
    read_before(inquiry);
    for (size_t i = 0; i < inquiry->n_items; i++) {
        struct item *item = &inquiry->items[i];
        if ((item->of == THING_FORCE) != forces)
            continue;
        const struct item *was =
            inquiry->old ? bsearch(item, inquiry->old, inquiry->n_old, sizeof *inquiry->old, by_name) : NULL;
        keep_time(item->finding, was ? was->finding : NULL, inquiry->health->at_ms);
        if (item->of == THING_GROUP)
            keep_partitions(inquiry->health, item, inquiry->before, was);
    }
}
