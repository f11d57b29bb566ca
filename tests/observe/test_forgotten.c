// SPDX-License-Identifier: Apache-2.0
// Which places of readers are remembered when the broker no longer tells of them: feeds kent and essex are there,
// nothing else is.
#include "hub/observe/collect/observe_groups.h"
#include "hub/observe/collect/observe_topics.h"
#include <criterion/criterion.h>
#include <stdlib.h>

struct stage {
    struct observe_groups groups;
    struct observe_topics topics;
    struct survey_partition part;
    struct survey_topic feeds[2];
};

static void begin(struct stage *stage)
{
    static const char *const names[] = {"feed.kent", "feed.essex"};
    *stage = (struct stage){0};
    for (size_t i = 0; i < 2; i++) {
        stage->feeds[i] = (struct survey_topic){.name = names[i], .partitions = &stage->part, .n_partitions = 1};
        struct topic_seen *seen = thing_table_thing(&stage->topics.seen, names[i], sizeof *seen);
        seen->now = &stage->feeds[i];
    }
}

static void end(struct stage *stage)
{
    observe_groups_deinit(&stage->groups);
    observe_topics_deinit(&stage->topics);
}

static struct group_seen *group_of(struct stage *stage, const char *name)
{
    struct group_seen *group = thing_table_thing(&stage->groups.feeds, name, sizeof *group);
    group->permitted = true;
    return group;
}

static void add(struct group_seen *group, const char *topic, int64_t committed, bool told)
{
    group->places = realloc(group->places, (group->n_places + 1) * sizeof *group->places);
    group->places[group->n_places++] =
        (struct place_seen){.topic = strdup(topic), .committed = committed, .told = told};
}

static bool remembers(struct stage *stage, const char *name, const char *topic)
{
    const struct group_seen *group = thing_table_find(&stage->groups.feeds, name);
    for (size_t i = 0; group && i < group->n_places; i++)
        if (strcmp(group->places[i].topic, topic) == 0)
            return group->places[i].forgotten;
    return false;
}

static size_t places(struct stage *stage, const char *name)
{
    const struct group_seen *group = thing_table_find(&stage->groups.feeds, name);
    return group ? group->n_places : 0;
}

Test(forgotten, a_group_that_is_gone_is_remembered_where_nobody_else_reads)
{
    struct stage stage;
    begin(&stage);
    struct group_seen *gone = group_of(&stage, "gone"), *other = group_of(&stage, "other");
    add(gone, "feed.kent", 7, false); // the other one reads there
    add(gone, "feed.essex", 7, false);
    add(other, "feed.kent", 3, true);
    other->told = other->answered = true;
    observe_groups_settle(&stage.groups, &stage.topics, true);
    cr_expect(remembers(&stage, "gone", "feed.essex"));
    cr_expect_eq(places(&stage, "gone"), 1);
    cr_expect_eq(places(&stage, "other"), 1);
    end(&stage);
}

Test(forgotten, of_several_that_are_gone_the_one_that_had_read_furthest_is_remembered)
{
    struct stage stage;
    begin(&stage);
    static const int64_t committed[] = {5, 9, 9, 2};
    for (size_t i = 0; i < 4; i++)
        add(group_of(&stage, (const char *[]){"a", "b", "c", "d"}[i]), "feed.kent", committed[i], false);
    observe_groups_settle(&stage.groups, &stage.topics, true);
    cr_expect_eq(stage.groups.feeds.n, 1);
    cr_expect(remembers(&stage, "b", "feed.kent"));
    end(&stage);
}

Test(forgotten, nothing_is_forgotten_while_nobody_can_say_and_a_feed_that_is_gone_takes_its_readers_along)
{
    struct stage stage;
    begin(&stage);
    add(group_of(&stage, "gone"), "feed.kent", 7, false);
    add(group_of(&stage, "left"), "feed.surrey", 7, false);
    add(group_of(&stage, "new"), "feed.essex", -1, false); // has never said how far it had read
    observe_groups_settle(&stage.groups, &stage.topics, false);
    cr_expect(
        stage.groups.feeds.n == 3 && !remembers(&stage, "gone", "feed.kent"), "the broker did not list its groups");
    observe_groups_settle(&stage.groups, &stage.topics, true);
    cr_expect(stage.groups.feeds.n == 1 && remembers(&stage, "gone", "feed.kent"));
    struct group_seen *back = group_of(&stage, "gone");
    back->told = back->answered = back->places[0].told = true;
    observe_groups_settle(&stage.groups, &stage.topics, true);
    cr_expect(places(&stage, "gone") == 1 && !remembers(&stage, "gone", "feed.kent"), "it is back");
    end(&stage);
}
