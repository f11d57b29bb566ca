// SPDX-License-Identifier: Apache-2.0
// What a cluster has against what it should have. A setting that may be more and is more is no difference, so that an
// operator can keep things longer than the table asks for.
#include "hub/control/topics.h"
#include "hub/base/list.h"
#include <stdio.h>
#include <stdlib.h>

const char *topic_difference_name(enum topic_difference_kind kind)
{
    static const char *const names[] = {
        [TOPIC_MISSING] = "missing",
        [TOPIC_PARTITIONS] = "partitions",
        [TOPIC_SETTING] = "setting",
        [TOPIC_STRANGE] = "strange",
    };
    return names[kind];
}

bool topic_difference_matters(const struct topic_difference *difference)
{
    return difference->kind != TOPIC_STRANGE;
}

// Names of no organisation that only the hub may ever use.
static bool is_reserved(const char *name)
{
    static const char *const reserved[] = {"held", "link", "linked", "checkpoint"};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            return true;
    return false;
}

static const char *partitions_remedy(const struct topic_difference *difference)
{
    if (difference->want->partitions == 1)
        return "A topic's partitions cannot be taken away: delete it when its readers have read it, and apply again.";
    return "The number of lanes is fixed for the life of a deployment: go on with the number it was made with "
           "(--lanes), or begin "
           "a new deployment under another --prefix.";
}

void topic_difference_explain(const struct topic_difference *d, char *text, size_t size)
{
    if (d->kind == TOPIC_SETTING)
        snprintf(text, size, "Topic %s has %s=%s and should have %s%s. Set it with signalbox topics apply.", d->name,
            d->setting->name, *d->have ? d->have : "(nothing)", d->setting->least ? "at least " : "", d->should);
    else if (d->kind == TOPIC_PARTITIONS)
        snprintf(text, size, "Topic %s has %s partitions and should have %s. %s", d->name, d->have, d->should,
            partitions_remedy(d));
    else if (d->kind == TOPIC_MISSING)
        snprintf(text, size, "Topic %s is missing. Create it with signalbox topics apply.", d->name);
    else if (is_reserved(d->name))
        snprintf(
            text, size, "Topic %s has a name that is kept for the hub, which has no such topic. Delete it.", d->name);
    else
        snprintf(text, size,
            "Topic %s belongs to no organisation in the registry. Enter the organisation, or delete the topic.",
            d->name);
}

static struct topic_difference *add_difference(
    struct topic_differences *list, enum topic_difference_kind kind, const char *name)
{
    if (!list_room(&list->rows, &list->room, list->n + 1, sizeof *list->rows)) {
        list->failed = true;
        return NULL;
    }
    struct topic_difference *row = &list->rows[list->n++];
    *row = (struct topic_difference){.kind = kind};
    snprintf(row->name, sizeof row->name, "%s", name);
    return row;
}

static const char *value_of(const struct kafka_topic *topic, const char *name)
{
    for (size_t i = 0; i < topic->n_configs; i++)
        if (strcmp(topic->configs[i].name, name) == 0)
            return topic->configs[i].value ? topic->configs[i].value : "";
    return "";
}

static bool satisfies_setting(const struct topic_setting *setting, const char *value)
{
    if (strcmp(setting->value, value) == 0)
        return true;
    if (!setting->least || !*value)
        return false;
    long long have = strtoll(value, NULL, 10);
    return have == -1 || have >= strtoll(setting->value, NULL, 10);
}

static void compare_settings(
    struct topic_differences *list, const struct topic_want *want, const struct kafka_topic *have)
{
    for (size_t i = 0; have->n_configs && i < want->n_settings; i++) {
        const char *value = value_of(have, want->settings[i].name);
        if (satisfies_setting(&want->settings[i], value))
            continue;
        struct topic_difference *row = add_difference(list, TOPIC_SETTING, want->name);
        if (!row)
            return;
        row->want = want;
        row->setting = &want->settings[i];
        snprintf(row->have, sizeof row->have, "%s", value);
        snprintf(row->should, sizeof row->should, "%s", want->settings[i].value);
    }
}

static void compare_topic(struct topic_differences *list, const struct topic_want *want, const struct kafka_topic *have)
{
    if (!have) {
        struct topic_difference *row = add_difference(list, TOPIC_MISSING, want->name);
        if (!row)
            return;
        row->want = want;
        snprintf(row->should, sizeof row->should, "%d partition%s", want->partitions, want->partitions == 1 ? "" : "s");
        return;
    }
    if (have->partitions != want->partitions) {
        struct topic_difference *row = add_difference(list, TOPIC_PARTITIONS, want->name);
        if (!row)
            return;
        row->want = want;
        snprintf(row->have, sizeof row->have, "%d", have->partitions);
        snprintf(row->should, sizeof row->should, "%d", want->partitions);
    }
    compare_settings(list, want, have);
}

static bool is_planned(const struct topic_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->n; i++)
        if (strcmp(plan->rows[i].name, name) == 0)
            return true;
    return false;
}

static bool is_of_an_organisation(const char *name)
{
    for (enum topic_id id = 0; id < TOPIC_IDS; id++)
        if (topic_owned(id) && strncmp(name, topic_name(id), strlen(topic_name(id))) == 0)
            return true;
    return false;
}

struct topic_differences topic_differences_of(const struct topic_plan *plan, const struct kafka_topics *existing)
{
    struct topic_differences list = {0};
    for (size_t i = 0; i < plan->n; i++)
        compare_topic(&list, &plan->rows[i], admin_topics_find(existing, plan->rows[i].name));
    for (size_t i = 0; i < existing->n; i++) {
        const char *name = existing->rows[i].name;
        if (is_reserved(name) || (plan->whole && is_of_an_organisation(name) && !is_planned(plan, name)))
            add_difference(&list, TOPIC_STRANGE, name);
    }
    return list;
}

void topic_differences_deinit(struct topic_differences *differences)
{
    free(differences->rows);
    *differences = (struct topic_differences){0};
}
