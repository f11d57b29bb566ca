// SPDX-License-Identifier: Apache-2.0
// The table of topics, laid out for one registry.
#include "hub/control/topics.h"
#include "hub/base/duration.h"
#include <stdio.h>
#include <stdlib.h>

enum topic_of { OF_ONCE, OF_AGENCY, OF_FORCE };
enum topic_partitions { PARTITIONS_ONE, PARTITIONS_LANES };

#define MARGIN_DAYS 35 // how much longer than the window of deduplication the state is kept

struct topic_row {
    const char *name;
    enum topic_of of;
    enum topic_partitions partitions;
    struct {
        const char *name, *value;
        bool least;
    } settings[TOPIC_SETTINGS - 2];
};

static const struct topic_row table[] = {
#define EXACT(name, value)                                                                                             \
    {                                                                                                                  \
        name, value, false                                                                                             \
    }
#define LEAST(name, value)                                                                                             \
    {                                                                                                                  \
        name, value, true                                                                                              \
    }
#define TOPIC(id, name, of, partitions, ...) [TOPIC_##id] = {name, OF_##of, PARTITIONS_##partitions, {__VA_ARGS__}},
#include "hub/control/topics.def"
#undef TOPIC
#undef EXACT
#undef LEAST
};

const char *topic_name(enum topic_id id)
{
    return table[id].name;
}

bool topic_owned(enum topic_id id)
{
    return table[id].of != OF_ONCE;
}

size_t topic_setting_names(const char *const **names)
{
    static const char *const all[] = {"cleanup.policy", "retention.ms", "retention.bytes", "segment.ms",
        "message.timestamp.type", "max.message.bytes", "compression.type", "unclean.leader.election.enable",
        "min.insync.replicas"};
    *names = all;
    return sizeof all / sizeof *all;
}

static void add_setting(struct topic_want *want, const char *name, const char *value, bool least)
{
    struct topic_setting *setting = &want->settings[want->n_settings++];
    setting->name = name;
    setting->least = least;
    snprintf(setting->value, sizeof setting->value, "%s", value);
}

// A state that is kept for a shorter time than fingerprints count would let repeats through.
static void stretch_retention(struct topic_want *want, uint32_t window_days)
{
    long long needed = (window_days + MARGIN_DAYS) * DAY_MS;
    for (size_t i = 0; i < want->n_settings; i++) {
        struct topic_setting *setting = &want->settings[i];
        if (strcmp(setting->name, "retention.ms") == 0 && strtoll(setting->value, NULL, 10) < needed)
            snprintf(setting->value, sizeof setting->value, "%lld", needed);
    }
}

static void add_topic(struct topic_plan *plan, enum topic_id id, const char *owner, const struct topics_for *what)
{
    const struct topic_row *row = &table[id];
    struct topic_want *want = &plan->rows[plan->n++];
    *want = (struct topic_want){.id = id};
    snprintf(want->name, sizeof want->name, "%s%s", row->name, owner);
    want->partitions = row->partitions == PARTITIONS_LANES ? (int32_t)what->lanes : 1;
    for (size_t i = 0; i < sizeof row->settings / sizeof *row->settings && row->settings[i].name; i++)
        add_setting(want, row->settings[i].name, row->settings[i].value, row->settings[i].least);
    add_setting(want, "unclean.leader.election.enable", "false", false);
    if (what->replication >= 3)
        add_setting(want, "min.insync.replicas", "2", true);
    if (id == TOPIC_STATE)
        stretch_retention(want, what->dedup_window_days);
}

static void add_topics(struct topic_plan *plan, enum topic_id id, const struct topics_for *what)
{
    if (table[id].of == OF_ONCE) {
        add_topic(plan, id, "", what);
        return;
    }
    for (size_t i = 0; what->registry && i < what->registry->n_organisations; i++) {
        const Signalbox__V1__Organisation *organisation = what->registry->organisations[i];
        if (table[id].of == OF_AGENCY ? organisation->publishes : organisation->subscribes)
            add_topic(plan, id, organisation->id, what);
    }
}

struct topic_plan topic_plan_of(const struct topics_for *what)
{
    size_t organisations = what->registry ? what->registry->n_organisations : 0;
    struct topic_plan plan = {
        .rows = calloc(TOPIC_IDS * (organisations + 1), sizeof *plan.rows), .whole = what->registry != NULL};
    for (enum topic_id id = 0; plan.rows && id < TOPIC_IDS; id++)
        add_topics(&plan, id, what);
    return plan;
}

void topic_plan_deinit(struct topic_plan *plan)
{
    free(plan->rows);
    *plan = (struct topic_plan){0};
}

uint32_t topics_lanes(const struct kafka_topics *existing)
{
    const struct kafka_topic *state = admin_topics_find(existing, table[TOPIC_STATE].name);
    return state ? (uint32_t)state->partitions : 0;
}
