// SPDX-License-Identifier: Apache-2.0
// Since when a trouble lasts, over snapshots, and what becomes of it when it is over.
#include "tests/observe/wrongs.h"

Test(troubles_time, a_verdict_keeps_its_time_from_snapshot_to_snapshot)
{
    static const struct wrong stopped[] = {
        {"group/feed-kent", VERDICT_READER_STOPPED}, {"lane/1", VERDICT_LANE_CLOSED}};
    static const struct wrong stalled[] = {
        {"group/feed-kent", VERDICT_READER_STALLED}, {"lane/1", VERDICT_LANE_CLOSED}};
    struct health *first = with(NOW_MS, stopped, 2, NULL);
    int64_t began = first->at_ms;
    cr_expect_eq(find(first, VERDICT_READER_STOPPED, NULL)->since_ms, began, "a new one begins now");
    struct health *second = with(NOW_MS + 5000, stopped, 2, first);
    health_drop(first);
    cr_expect_eq(find(second, VERDICT_READER_STOPPED, NULL)->since_ms, began);
    cr_expect_eq(finding(second, "group/feed-kent")->since_ms, began);
    cr_expect_eq(force(second, "kent")->finding.since_ms, began);
    struct health *third = with(NOW_MS + 10000, stalled, 2, second);
    health_drop(second);
    cr_expect_eq(find(third, VERDICT_READER_STALLED, NULL)->since_ms, third->at_ms, "another verdict begins anew");
    cr_expect_eq(find(third, VERDICT_LANE_CLOSED, NULL)->since_ms, began);
    cr_expect_eq(force(third, "essex")->finding.since_ms, began, "its force waits for the lane since then");
    health_drop(third);
}

static struct health *stopped_since(int64_t now_ms, int64_t since_ms, const struct health *before)
{
    struct health *health = kit_health_well(now_ms);
    put(health, "group/feed-kent", VERDICT_READER_STOPPED);
    finding(health, "group/feed-kent")->since_ms = since_ms;
    troubles_find(health, before);
    return health;
}

Test(troubles_time, what_the_facts_say_counts_if_it_is_earlier)
{
    struct health *first = stopped_since(NOW_MS, NOW_MS - 60000, NULL);
    cr_expect_eq(first->troubles[0].since_ms, NOW_MS - 60000, "a program that has only begun knows it all the same");
    struct health *second = stopped_since(NOW_MS + 5000, NOW_MS - 30000, first);
    cr_expect_eq(second->troubles[0].since_ms, NOW_MS - 60000, "the oldest record went, the trouble did not");
    struct health *third = stopped_since(NOW_MS + 10000, NOW_MS - 90000, second);
    cr_expect_eq(third->troubles[0].since_ms, NOW_MS - 90000);
    cr_expect_eq(force(third, "kent")->finding.since_ms, NOW_MS - 90000);
    health_drop(first);
    health_drop(second);
    health_drop(third);
}

Test(troubles_time, a_time_in_which_nobody_could_say_is_no_break)
{
    static const struct wrong stopped[] = {{"group/feed-kent", VERDICT_READER_STOPPED}};
    static const struct wrong away[] = {
        {"broker", VERDICT_BROKER_UNREACHABLE}, {"group/feed-kent", VERDICT_READER_UNKNOWN}};
    static const struct wrong stalled[] = {{"group/feed-kent", VERDICT_READER_STALLED}};
    struct health *first = with(NOW_MS, stopped, 1, NULL), *second = with(NOW_MS + 5000, away, 2, first);
    struct health *third = with(NOW_MS + 10000, away, 2, second), *fourth = with(NOW_MS + 15000, stopped, 1, third);
    cr_expect_eq(find(fourth, VERDICT_READER_STOPPED, NULL)->since_ms, first->at_ms, "it had stopped before");
    struct health *fifth = with(NOW_MS + 20000, NULL, 0, fourth), *sixth = with(NOW_MS + 25000, away, 2, fifth);
    struct health *seventh = with(NOW_MS + 30000, stopped, 1, sixth), *other = with(NOW_MS + 15000, stalled, 1, third);
    cr_expect_eq(find(seventh, VERDICT_READER_STOPPED, NULL)->since_ms, seventh->at_ms, "it read in between");
    cr_expect_eq(find(other, VERDICT_READER_STALLED, NULL)->since_ms, other->at_ms, "it is another trouble now");
    struct health *all[] = {first, second, third, fourth, fifth, sixth, seventh, other};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        health_drop(all[i]);
}

Test(troubles_time, a_partition_of_a_group_keeps_its_own_time)
{
    struct health *first = kit_health_well(NOW_MS), *second = kit_health_well(NOW_MS + 5000);
    struct group_partition two[] = {
        {.topic = "feed.kent",
            .partition = 0,
            .finding = {.verdict = VERDICT_READER_STOPPED, .since_ms = 11, .rule = "", .numbers = "", .detail = ""}},
        {.topic = "feed.kent",
            .partition = 1,
            .finding = {.verdict = VERDICT_READER_OK, .since_ms = 22, .rule = "", .numbers = "", .detail = ""}}};
    struct group_partition turned[] = {
        {.topic = "feed.kent",
            .partition = 1,
            .finding = {.verdict = VERDICT_READER_OK, .rule = "", .numbers = "", .detail = ""}},
        {.topic = "feed.kent",
            .partition = 0,
            .finding = {.verdict = VERDICT_READER_IDLE, .rule = "", .numbers = "", .detail = ""}},
        {.topic = "feed.essex",
            .partition = 1,
            .finding = {.verdict = VERDICT_READER_OK, .rule = "", .numbers = "", .detail = ""}}};
    first->groups[0].partitions = two;
    first->groups[0].n_partitions = 2;
    second->groups[0].partitions = turned;
    second->groups[0].n_partitions = 3;
    troubles_find(second, first);
    cr_expect_eq(turned[0].finding.since_ms, 22, "found in another place");
    cr_expect_eq(turned[1].finding.since_ms, second->at_ms, "another verdict");
    cr_expect_eq(turned[2].finding.since_ms, second->at_ms, "another topic");
    health_drop(first);
    health_drop(second);
}

Test(troubles_time, what_is_over_is_kept_newest_first_with_words_of_its_own)
{
    static const struct wrong both[] = {
        {"group/feed-kent", VERDICT_READER_STOPPED}, {"source/btp", VERDICT_SOURCE_SILENT}};
    struct health *first = with(NOW_MS, both, 2, NULL);
    struct health *second = with(NOW_MS + 5000, both, 1, first);
    health_drop(first);
    cr_assert_eq(second->n_cleared, 1);
    cr_expect_str_eq(second->cleared[0].thing, "source/btp");
    cr_expect_eq(second->cleared[0].cleared_ms, second->at_ms);
    struct health *third = with(NOW_MS + 10000, NULL, 0, second);
    health_drop(second);
    cr_assert_eq(third->n_cleared, 2);
    cr_expect_str_eq(third->cleared[0].thing, "group/feed-kent");
    cr_expect_str_eq(third->cleared[0].title, "Kent Police's reader has stopped");
    cr_expect_str_eq(third->cleared[0].forces[0], "kent");
    cr_expect_eq(third->cleared[0].since_ms, NOW_MS - 1200);
    cr_expect_str_eq(third->cleared[1].thing, "source/btp");
    cr_expect_eq(third->cleared[1].cleared_ms, NOW_MS + 5000 - 1200);
    cr_expect_eq(third->n_troubles, 0);
    health_drop(third);
}

Test(troubles_time, what_is_wrong_in_another_way_or_cannot_be_seen_has_not_cleared)
{
    static const struct {
        const char *name;
        struct wrong before[2], now[2];
        size_t n_cleared;
    } rows[] = {
        {"another verdict", {{"group/feed-kent", VERDICT_READER_STALLED}},
            {{"group/feed-kent", VERDICT_READER_STOPPED}}, 0},
        {"the broker went", {{"group/feed-kent", VERDICT_READER_STOPPED}},
            {{"broker", VERDICT_BROKER_UNREACHABLE}, {"group/feed-kent", VERDICT_READER_UNKNOWN}}, 0},
        {"one of two lanes came back", {{"lane/1", VERDICT_LANE_CLOSED}, {"lane/2", VERDICT_LANE_CLOSED}},
            {{"lane/2", VERDICT_LANE_CLOSED}}, 0},
        {"both lanes came back", {{"lane/1", VERDICT_LANE_CLOSED}, {"lane/2", VERDICT_LANE_CLOSED}}, {{NULL, NONE}}, 1},
        {"it reads again", {{"group/feed-kent", VERDICT_READER_STOPPED}}, {{"group/feed-kent", VERDICT_READER_OK}}, 1},
        {"it is another's turn", {{"group/feed-kent", VERDICT_READER_STOPPED}},
            {{"group/feed-essex", VERDICT_READER_STOPPED}}, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct health *before = with(NOW_MS, rows[i].before, 1 + (rows[i].before[1].thing != NULL), NULL);
        struct health *now = with(NOW_MS + 5000, rows[i].now,
            (size_t)(rows[i].now[0].thing != NULL) + (rows[i].now[1].thing != NULL), before);
        cr_expect_eq(now->n_cleared, rows[i].n_cleared, "%s: %zu", rows[i].name, now->n_cleared);
        health_drop(before);
        health_drop(now);
    }
}

Test(troubles_time, fifty_that_are_over_are_kept_and_a_thing_that_is_gone_is_over)
{
    struct health *before = kit_health_well(NOW_MS);
    for (size_t i = 0; i < 40; i++)
        before->groups[i].finding =
            (struct finding){.verdict = VERDICT_READER_STOPPED, .rule = "r", .numbers = "", .detail = ""};
    troubles_find(before, NULL);
    for (int64_t round = 1; round <= 3; round++) {
        struct health *now = kit_health_well(NOW_MS + round * 5000);
        if (round == 1)
            now->groups += 40, now->n_groups -= 40;
        for (size_t i = 0; i < 20 && round == 2; i++)
            now->groups[i].finding =
                (struct finding){.verdict = VERDICT_READER_STALLED, .rule = "r", .numbers = "", .detail = ""};
        troubles_find(now, before);
        cr_expect_eq(now->n_cleared, round == 3 ? 50 : 40, "round %d: %zu", (int)round, now->n_cleared);
        cr_expect_eq(now->cleared[0].verdict, round == 3 ? VERDICT_READER_STALLED : VERDICT_READER_STOPPED);
        cr_expect_eq(now->cleared[now->n_cleared - 1].verdict, VERDICT_READER_STOPPED);
        health_drop(before);
        before = now;
    }
    health_drop(before);
}
