// SPDX-License-Identifier: Apache-2.0
// The walks over what moves: sources, forces, topics, groups and their places. Topics and groups are labelled as Kafka
// has them.
#include "hub/observe/tell/metrics_write.h"
#include <string.h>

METRICS_WALK(SOURCE){
    METRICS_EACH(w, health->sources, health->n_sources, value, it, metrics_label(w, "agency", "", it->agency))}

METRICS_WALK(REFUSAL)
{
    for (size_t i = 0; i < health->n_sources; i++) {
        const struct source_health *source = &health->sources[i];
        METRICS_EACH(w, source->refusals, source->n_refusals, value, it, {
            metrics_label(w, "agency", "", source->agency);
            metrics_label(w, "code", "", it->code);
        })
    }
}

METRICS_WALK(FORCE){METRICS_EACH(w, health->forces, health->n_forces, value, it,
    {
        metrics_label(w, "force", "", it->id);
        metrics_label(w, "region", "", it->region);
    })}

METRICS_WALK(GROUP){
    METRICS_EACH(w, health->groups, health->n_groups, value, it, metrics_label(w, "group", w->prefix, it->name))}

METRICS_WALK(CONSUMER)
{
    METRICS_EACH(w, health->groups, health->n_groups, value, it, metrics_label(w, "consumergroup", w->prefix, it->name))
}

static void write_places(struct metrics_writer *w, const char *key, const struct group_health *group,
    metrics_value *value){METRICS_EACH(w, group->partitions, group->n_partitions, value, it,
    {
        metrics_label(w, key, w->prefix, group->name);
        metrics_label(w, "topic", w->prefix, it->topic);
        metrics_label_number(w, "partition", it->partition);
    })}

METRICS_WALK(PLACE)
{
    for (size_t i = 0; i < health->n_groups; i++)
        write_places(w, "group", &health->groups[i], value);
}

METRICS_WALK(CONSUMER_PLACE)
{
    for (size_t i = 0; i < health->n_groups; i++)
        write_places(w, "consumergroup", &health->groups[i], value);
}

static struct figure sum_of(struct figure a, struct figure b)
{
    bool known = a.state == FIGURE_KNOWN && b.state == FIGURE_KNOWN;
    return known ? figure_of(a.value + b.value) : (struct figure){FIGURE_UNKNOWN, 0};
}

// The sum over partitions of the topic that the place at first is of; a partial sum is none.
static struct group_partition topic_sum(const struct group_health *group, size_t first)
{
    struct group_partition sum = group->partitions[first];
    for (size_t i = first + 1; i < group->n_partitions; i++) {
        if (strcmp(group->partitions[i].topic, sum.topic) != 0)
            continue;
        sum.committed = sum_of(sum.committed, group->partitions[i].committed);
        sum.lag = sum_of(sum.lag, group->partitions[i].lag);
    }
    return sum;
}

static bool is_first_of_topic(const struct group_health *group, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(group->partitions[i].topic, group->partitions[at].topic) == 0)
            return false;
    return true;
}

METRICS_WALK(CONSUMER_TOPIC)
{
    for (size_t g = 0; g < health->n_groups; g++) {
        const struct group_health *group = &health->groups[g];
        for (size_t p = 0; p < group->n_partitions; p++) {
            if (!is_first_of_topic(group, p))
                continue;
            struct group_partition sum = topic_sum(group, p);
            METRICS_EACH(w, &sum, 1, value, it, {
                metrics_label(w, "consumergroup", w->prefix, group->name);
                metrics_label(w, "topic", w->prefix, it->topic);
            })
        }
    }
}

METRICS_WALK(TOPIC){
    METRICS_EACH(w, health->topics, health->n_topics, value, it, metrics_label(w, "topic", w->prefix, it->name))}

METRICS_WALK(PARTITION)
{
    for (size_t i = 0; i < health->n_topics; i++) {
        const struct topic_health *topic = &health->topics[i];
        METRICS_EACH(w, topic->partitions, topic->n_partitions, value, it, {
            metrics_label(w, "topic", w->prefix, topic->name);
            metrics_label_number(w, "partition", it->partition);
        })
    }
}
