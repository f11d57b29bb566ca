// SPDX-License-Identifier: Apache-2.0
#include "hub/control/topics.h"
#include <criterion/criterion.h>
#include <stdio.h>

static Signalbox__V1__Organisation kent = SIGNALBOX__V1__ORGANISATION__INIT,
                                   council = SIGNALBOX__V1__ORGANISATION__INIT;
static Signalbox__V1__Registry registry = SIGNALBOX__V1__REGISTRY__INIT;

// Kent publishes and subscribes, the council only subscribes.
static struct topics_for two_organisations(int replication)
{
    static Signalbox__V1__Organisation *rows[] = {&kent, &council};
    kent.id = "kent";
    kent.publishes = kent.subscribes = true;
    council.id = "lb-camden";
    council.publishes = false;
    council.subscribes = true;
    registry.organisations = rows;
    registry.n_organisations = 2;
    return (struct topics_for){.lanes = 4, .replication = replication, .registry = &registry, .dedup_window_days = 90};
}

static const char *setting(const struct topic_want *want, const char *name)
{
    for (size_t i = 0; i < want->n_settings; i++)
        if (strcmp(want->settings[i].name, name) == 0)
            return want->settings[i].value;
    return "";
}

static const struct {
    const char *name;
    int partitions;
    const char *cleanup, *retention, *time;
} golden[] = {
    {"ctl.registry", 1, "delete", "-1", "LogAppendTime"},
    {"ctl.policy", 1, "delete", "-1", "LogAppendTime"},
    {"ctl.subscriptions", 1, "delete", "-1", "LogAppendTime"},
    {"state", 4, "delete", "34560000000", ""},
    {"ledger", 4, "delete", "220924800000", ""},
    {"quarantine", 4, "delete", "2592000000", ""},
    {"relane", 4, "delete", "604800000", "LogAppendTime"},
    {"desk", 1, "delete", "220924800000", "LogAppendTime"},
    {"pulse", 1, "delete", "604800000", "LogAppendTime"},
    {"in.kent", 4, "delete", "2592000000", "LogAppendTime"},
    {"receipt.kent", 1, "delete", "2592000000", ""},
    {"feed.kent", 1, "delete", "2592000000", "LogAppendTime"},
    {"feed.lb-camden", 1, "delete", "2592000000", "LogAppendTime"},
    {"exercise.kent", 1, "delete", "2592000000", "LogAppendTime"},
    {"exercise.lb-camden", 1, "delete", "2592000000", "LogAppendTime"},
};

// What holds items, and is gone when its time is over: no later because the broker did not begin another segment.
static const char *const end_in_time[] = {"in.kent", "relane", "feed.kent", "exercise.kent", "quarantine"};

// Topics that belong to no organisation.
static size_t once(void)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof golden / sizeof *golden; i++)
        n += !strstr(golden[i].name, "kent") && !strstr(golden[i].name, "camden");
    return n;
}

Test(topics, are_laid_out_for_a_registry)
{
    struct topics_for what = two_organisations(1);
    struct topic_plan plan = topic_plan_of(&what);
    cr_assert_eq(plan.n, sizeof golden / sizeof *golden);
    for (size_t i = 0; i < plan.n; i++) {
        cr_expect_str_eq(plan.rows[i].name, golden[i].name);
        cr_expect_eq(plan.rows[i].partitions, golden[i].partitions, "%s", golden[i].name);
        cr_expect_str_eq(setting(&plan.rows[i], "cleanup.policy"), golden[i].cleanup, "%s", golden[i].name);
        cr_expect_str_eq(setting(&plan.rows[i], "retention.ms"), golden[i].retention, "%s", golden[i].name);
        cr_expect_str_eq(setting(&plan.rows[i], "message.timestamp.type"), golden[i].time, "%s", golden[i].name);
        cr_expect_str_eq(setting(&plan.rows[i], "unclean.leader.election.enable"), "false");
        cr_expect_str_eq(setting(&plan.rows[i], "min.insync.replicas"), "");
    }
    topic_plan_deinit(&plan);
}

static const struct topic_want *wanted(const struct topic_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->n; i++)
        if (strcmp(plan->rows[i].name, name) == 0)
            return &plan->rows[i];
    cr_assert_fail("there is no topic %s", name);
    return NULL;
}

Test(topics, of_three_replicas_need_two_in_sync_and_state_outlives_a_long_window)
{
    struct topics_for what = two_organisations(3);
    what.dedup_window_days = 366;
    struct topic_plan plan = topic_plan_of(&what);
    cr_expect_str_eq(setting(&plan.rows[0], "min.insync.replicas"), "2");
    cr_expect_str_eq(setting(wanted(&plan, "state"), "retention.ms"), "34646400000", "366 and 35 days");
    topic_plan_deinit(&plan);
}

Test(topics, that_hold_items_end_exactly_in_time_and_those_of_officers_never)
{
    static const char *const control[] = {"ctl.registry", "ctl.policy", "ctl.subscriptions"};
    struct topics_for what = two_organisations(1);
    struct topic_plan plan = topic_plan_of(&what);
    for (size_t i = 0; i < sizeof end_in_time / sizeof *end_in_time; i++) {
        const struct topic_want *want = wanted(&plan, end_in_time[i]);
        cr_expect_str_eq(setting(want, "segment.ms"), "86400000", "%s", want->name);
        for (size_t k = 0; k < want->n_settings; k++)
            if (strcmp(want->settings[k].name, "retention.ms") == 0 ||
                strcmp(want->settings[k].name, "segment.ms") == 0)
                cr_expect_not(want->settings[k].least, "%s: %s", want->name, want->settings[k].name);
    }
    for (size_t i = 0; i < sizeof control / sizeof *control; i++)
        cr_expect_str_eq(setting(wanted(&plan, control[i]), "retention.bytes"), "-1", "%s", control[i]);
    topic_plan_deinit(&plan);
}

Test(topics, asks_for_every_setting_that_the_table_has)
{
    const char *const *names;
    size_t n = topic_setting_names(&names);
    struct topics_for what = two_organisations(3);
    struct topic_plan plan = topic_plan_of(&what);
    for (size_t i = 0; i < plan.n; i++)
        for (size_t k = 0; k < plan.rows[i].n_settings; k++) {
            bool asked = false;
            for (size_t j = 0; j < n; j++)
                asked |= strcmp(names[j], plan.rows[i].settings[k].name) == 0;
            cr_expect(asked, "%s", plan.rows[i].settings[k].name);
        }
    topic_plan_deinit(&plan);
}

// What the plan of two organisations finds on a cluster with this one topic.
static const struct {
    const char *name;
    int partitions;
    const char *setting, *value;
    enum topic_difference_kind kind;
    const char *sentence; // NULL if there is nothing to find
} clusters[] = {
    {"in.kent", 4, "message.timestamp.type", "CreateTime", TOPIC_SETTING,
        "has message.timestamp.type=CreateTime and should have LogAppendTime"},
    {"receipt.kent", 1, "retention.ms", "31536000000", TOPIC_SETTING, NULL},
    {"receipt.kent", 1, "retention.ms", "-1", TOPIC_SETTING, NULL},
    {"receipt.kent", 1, "retention.ms", "3600000", TOPIC_SETTING,
        "has retention.ms=3600000 and should have at least 2592000000"},
    {"in.kent", 4, "retention.ms", "31536000000", TOPIC_SETTING,
        "has retention.ms=31536000000 and should have 2592000000"},
    {"exercise.kent", 1, "retention.ms", "-1", TOPIC_SETTING, "has retention.ms=-1 and should have 2592000000"},
    {"feed.kent", 1, "segment.ms", "604800000", TOPIC_SETTING, "has segment.ms=604800000 and should have 86400000"},
    {"ctl.registry", 1, "cleanup.policy", "compact", TOPIC_SETTING,
        "has cleanup.policy=compact and should have delete"},
    {"ctl.policy", 1, "retention.ms", "34560000000", TOPIC_SETTING, "should have -1"},
    {"state", 4, "retention.ms", "604800000", TOPIC_SETTING, "should have at least 34560000000"},
    {"ledger", 4, "retention.bytes", "1000000", TOPIC_SETTING, "should have -1"},
    {"in.kent", 8, NULL, NULL, TOPIC_PARTITIONS, "has 8 partitions and should have 4. The number of lanes is fixed"},
    {"feed.kent", 2, NULL, NULL, TOPIC_PARTITIONS,
        "has 2 partitions and should have 1. A topic's partitions cannot be taken away"},
    {"feed.nobody", 1, NULL, NULL, TOPIC_STRANGE, "belongs to no organisation"},
    {"exercise.nobody", 1, NULL, NULL, TOPIC_STRANGE, "belongs to no organisation"},
    {"held", 4, NULL, NULL, TOPIC_STRANGE, "has a name that is kept for the hub"},
    {"link", 4, NULL, NULL, TOPIC_STRANGE, "has a name that is kept for the hub"},
    {"linked", 4, NULL, NULL, TOPIC_STRANGE, "has a name that is kept for the hub"},
    {"checkpoint", 4, NULL, NULL, TOPIC_STRANGE, "has a name that is kept for the hub"},
    {"somebody-elses", 1, NULL, NULL, TOPIC_STRANGE, NULL},
};

static const struct topic_difference *find(
    const struct topic_differences *all, const char *name, enum topic_difference_kind kind, const char *setting_name)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->rows[i].name, name) == 0 && all->rows[i].kind == kind &&
            (!setting_name || strcmp(all->rows[i].setting->name, setting_name) == 0))
            return &all->rows[i];
    return NULL;
}

Test(topics, differences_are_explained_and_more_is_as_good_where_the_table_says_so)
{
    struct topics_for what = two_organisations(1);
    struct topic_plan plan = topic_plan_of(&what);
    for (size_t i = 0; i < sizeof clusters / sizeof *clusters; i++) {
        struct kafka_config config = {clusters[i].setting, clusters[i].value};
        struct kafka_topic topic = {clusters[i].name, clusters[i].partitions, 1, &config, clusters[i].setting != NULL};
        struct kafka_topics existing = {&topic, 1};
        struct topic_differences all = topic_differences_of(&plan, &existing);
        const struct topic_difference *found = find(&all, clusters[i].name, clusters[i].kind, clusters[i].setting);
        char text[512] = "";
        if (found)
            topic_difference_explain(found, text, sizeof text);
        if (clusters[i].sentence)
            cr_expect(strstr(text, clusters[i].sentence), "case %zu: %s", i, text);
        else
            cr_expect_null(found, "case %zu: %s", i, text);
        cr_expect(find(&all, "relane", TOPIC_MISSING, NULL), "case %zu", i);
        topic_differences_deinit(&all);
    }
    topic_plan_deinit(&plan);
}

Test(topics, of_no_organisation_are_strange_only_if_a_registry_says_who_there_is)
{
    struct topics_for what = {.lanes = 4, .replication = -1};
    struct topic_plan plan = topic_plan_of(&what);
    struct kafka_topic topic = {"feed.kent", 1, 1, NULL, 0};
    struct kafka_topics existing = {&topic, 1};
    struct topic_differences all = topic_differences_of(&plan, &existing);
    cr_expect_eq(plan.n, once());
    cr_expect_null(find(&all, "feed.kent", TOPIC_STRANGE, NULL));
    topic_differences_deinit(&all);
    topic_plan_deinit(&plan);
}
