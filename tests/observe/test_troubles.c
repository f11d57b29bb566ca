// SPDX-License-Identifier: Apache-2.0
// From findings to what operators read: one trouble a cause, whom it hurts, since when, and when it was over.
#include "tests/observe/wrongs.h"
#include "tests/kit/core/cost.h"
#include <stdio.h>

Test(troubles, a_well_deployment_has_none)
{
    struct health *health = kit_health_well(NOW_MS);
    cr_expect_eq(health->n_troubles, 0);
    cr_expect_eq(health->n_cleared, 0);
    cr_expect_eq(health->severity, SEVERITY_OK);
    for (size_t i = 0; i < health->n_forces; i++)
        cr_expect_eq(verdict_severity(health->forces[i].finding.verdict), SEVERITY_OK, "%s", health->forces[i].id);
    cr_expect_eq(force(health, "kent")->finding.verdict, VERDICT_FORCE_OK);
    cr_expect_str_eq(force(health, "kent")->cause, "");
    cr_expect_eq(health->forces[health->n_forces - 1].finding.verdict, VERDICT_FORCE_NO_READER);
    health_drop(health);
}

Test(troubles, a_deployment_of_which_nothing_has_been_heard_is_not_well)
{
    struct health *health = health_new();
    troubles_find(health, NULL);
    cr_expect_eq(health->severity, SEVERITY_UNKNOWN);
    health_drop(health);
}

static const char *thing_for(enum verdict verdict)
{
    static const char *const things[THING_COUNT] = {[THING_GROUP] = "group/feed-kent",
        [THING_TOPIC] = "topic/feed.kent",
        [THING_SOURCE] = "source/kent",
        [THING_LANE] = "lane/2",
        [THING_BROKER] = "broker",
        [THING_CONTROL] = "control",
        [THING_QUARANTINE] = "quarantine",
        [THING_CANARY] = "canary/1",
        [THING_LEDGER] = "ledger/3"};
    return things[verdict_row(verdict)->of];
}

static void expect_words(const struct trouble *trouble, const char *id)
{
    const char *texts[] = {
        trouble->title, trouble->effect, trouble->cause, trouble->next, trouble->command, trouble->rule};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(texts[i] && *texts[i] && !strpbrk(texts[i], "{}"), "%s: %s", id, texts[i]);
    cr_expect(trouble->title[0] >= 'A' && trouble->title[0] <= 'Z', "%s: %s", id, trouble->title);
    cr_expect_null(strstr(trouble->next, "AGENCY"), "%s: %s", id, trouble->next);
}

Test(troubles, every_verdict_that_is_not_well_is_told_in_words_and_no_other_is)
{
    for (int v = 0; v < VERDICT_COUNT; v++) {
        const struct verdict_row *row = verdict_row((enum verdict)v);
        struct health *health = kit_health_well(NOW_MS);
        if (row->of == THING_PROCESS)
            health->processes[0].finding.verdict = (enum verdict)v;
        else if (row->of == THING_KEY)
            health->keys[0].finding.verdict = (enum verdict)v;
        else if (row->of != THING_FORCE)
            put(health, thing_for((enum verdict)v), (enum verdict)v);
        troubles_find(health, NULL);
        bool wrong = row->severity != SEVERITY_OK && row->of != THING_FORCE;
        cr_expect_eq(health->n_troubles, wrong, "%s: %zu", row->id, health->n_troubles);
        if (wrong && health->n_troubles) {
            expect_words(&health->troubles[0], row->id);
            cr_expect_eq(health->troubles[0].verdict, (enum verdict)v);
            cr_expect_eq(health->severity, row->severity);
        }
        health_drop(health);
    }
}

Test(troubles, a_bad_night_reads_like_this)
{
    static const struct {
        const char *thing, *title, *effect, *command, *force;
    } rows[] = {
        {"group/feed-kent", "Kent Police's reader has stopped", "kent: 70 records wait, the oldest for 3 min",
            "signalbox status group/feed-kent", "kent"},
        {"source/police-scotland", "Police Scotland has fallen silent",
            "police-scotland: Nothing came for 4 h; at this hour of the week it is usually never silent for 14 min.",
            "signalbox status source/police-scotland", NULL},
        {"source/merseyside", "Merseyside Police has many records refused",
            "merseyside: 18 of 60 records were refused in the last hour, most often SIGNATURE_BAD.",
            "signalbox status source/merseyside", NULL},
        {"group/feed-btp", "British Transport Police's reader may not be seen",
            "btp: nobody can say whether the feed is read", "signalbox status group/feed-btp", "btp"},
        {"group/feed-norfolk", "Norfolk Constabulary's reader is falling behind",
            "norfolk: 400 records wait, the oldest for 61 s", "signalbox status group/feed-norfolk", "norfolk"},
    };
    struct health *health = kit_health_night(NOW_MS);
    cr_assert_eq(health->n_troubles, sizeof rows / sizeof *rows);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct trouble *trouble = &health->troubles[i];
        cr_expect_str_eq(trouble->thing, rows[i].thing);
        cr_expect_str_eq(trouble->title, rows[i].title);
        cr_expect_str_eq(trouble->effect, rows[i].effect);
        cr_expect_str_eq(trouble->command, rows[i].command);
        cr_expect_eq(trouble->n_forces, rows[i].force != NULL);
        if (rows[i].force)
            cr_expect_str_eq(trouble->forces[0], rows[i].force);
    }
    cr_expect_eq(health->severity, SEVERITY_CRITICAL);
    cr_expect_str_eq(find(health, VERDICT_SOURCE_REFUSED, NULL)->next,
        "Tell the agency the code and field: signalbox status source/merseyside names the most frequent.");
    health_drop(health);
}

Test(troubles, a_force_is_as_well_as_the_worst_of_its_feed_its_readers_and_the_lanes)
{
    static const struct {
        struct wrong wrongs[3];
        enum verdict kent, essex;
        const char *cause; // of kent
    } rows[] = {
        {{{"group/feed-kent", VERDICT_READER_STOPPED}}, VERDICT_FORCE_NOT_SERVED, VERDICT_FORCE_OK, "group/feed-kent"},
        {{{"group/feed-kent", VERDICT_READER_STALLED}}, VERDICT_FORCE_NOT_SERVED, VERDICT_FORCE_OK, "group/feed-kent"},
        {{{"group/feed-kent", VERDICT_READER_BEHIND}}, VERDICT_FORCE_WAITS, VERDICT_FORCE_OK, "group/feed-kent"},
        {{{"group/feed-kent", VERDICT_READER_REWOUND}}, VERDICT_FORCE_WAITS, VERDICT_FORCE_OK, "group/feed-kent"},
        {{{"group/feed-kent", VERDICT_READER_BEHIND_RETENTION}}, VERDICT_FORCE_NOT_SERVED, VERDICT_FORCE_OK,
            "group/feed-kent"},
        {{{"group/feed-kent", VERDICT_READER_NOT_PERMITTED}}, VERDICT_FORCE_UNKNOWN, VERDICT_FORCE_OK,
            "group/feed-kent"},
        {{{"group/feed-kent", VERDICT_READER_IDLE}}, VERDICT_FORCE_OK, VERDICT_FORCE_OK, ""},
        {{{"topic/feed.kent", VERDICT_TOPIC_NO_LEADER}}, VERDICT_FORCE_NOT_SERVED, VERDICT_FORCE_OK, "topic/feed.kent"},
        {{{"topic/feed.kent", VERDICT_TOPIC_STUCK_TRANSACTION}}, VERDICT_FORCE_NOT_SERVED, VERDICT_FORCE_OK,
            "topic/feed.kent"},
        {{{"topic/feed.kent", VERDICT_TOPIC_UNDER_REPLICATED}}, VERDICT_FORCE_OK, VERDICT_FORCE_OK, ""},
        {{{"topic/in.kent", VERDICT_TOPIC_NO_LEADER}}, VERDICT_FORCE_OK, VERDICT_FORCE_OK, ""},
        {{{"topic/state", VERDICT_TOPIC_NO_LEADER}}, VERDICT_FORCE_NOT_SERVED, VERDICT_FORCE_NOT_SERVED, "topic/state"},
        {{{"topic/desk", VERDICT_TOPIC_NO_LEADER}}, VERDICT_FORCE_OK, VERDICT_FORCE_OK, ""},
        {{{"lane/1", VERDICT_LANE_NOT_OWNED}}, VERDICT_FORCE_WAITS, VERDICT_FORCE_WAITS, "lane/1"},
        {{{"lane/1", VERDICT_LANE_CLOSED}}, VERDICT_FORCE_WAITS, VERDICT_FORCE_WAITS, "lane/1"},
        {{{"lane/1", VERDICT_LANE_RESTORING}}, VERDICT_FORCE_OK, VERDICT_FORCE_OK, ""},
        {{{"source/kent", VERDICT_SOURCE_SILENT}}, VERDICT_FORCE_OK, VERDICT_FORCE_OK, ""},
        {{{"lane/1", VERDICT_LANE_NOT_OWNED}, {"group/feed-kent", VERDICT_READER_STOPPED}}, VERDICT_FORCE_NOT_SERVED,
            VERDICT_FORCE_WAITS, "group/feed-kent"},
        {{{"lane/1", VERDICT_LANE_NOT_OWNED}, {"group/feed-kent", VERDICT_READER_BEHIND}}, VERDICT_FORCE_WAITS,
            VERDICT_FORCE_WAITS, "lane/1"},
        {{{"control", VERDICT_CONTROL_MISSING}, {"group/feed-kent", VERDICT_READER_STOPPED}}, VERDICT_FORCE_NOT_SERVED,
            VERDICT_FORCE_WAITS, "group/feed-kent"},
        {{{"topic/feed.kent", VERDICT_TOPIC_MISSING}, {"group/feed-kent", VERDICT_READER_UNKNOWN}},
            VERDICT_FORCE_NOT_SERVED, VERDICT_FORCE_OK, "topic/feed.kent"},
        {{{"broker", VERDICT_BROKER_UNREACHABLE}, {"group/feed-kent", VERDICT_READER_UNKNOWN}}, VERDICT_FORCE_UNKNOWN,
            VERDICT_FORCE_UNKNOWN, "broker"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = 0;
        while (n < 3 && rows[i].wrongs[n].thing)
            n++;
        struct health *health = with(NOW_MS, rows[i].wrongs, n, NULL);
        const struct force_health *kent = force(health, "kent");
        cr_expect_eq(kent->finding.verdict, rows[i].kent, "row %zu: %s", i, verdict_row(kent->finding.verdict)->id);
        cr_expect_str_eq(kent->cause, rows[i].cause, "row %zu: %s", i, kent->cause);
        cr_expect_eq(force(health, "essex")->finding.verdict, rows[i].essex, "row %zu", i);
        health_drop(health);
    }
}

Test(troubles, a_force_whose_readers_the_embedded_broker_does_not_tell_is_not_said_to_have_none)
{
    struct health *health = kit_health_well(NOW_MS);
    health->embedded = true;
    health->n_groups = 0;
    troubles_find(health, NULL);
    cr_expect_eq(force(health, "kent")->finding.verdict, VERDICT_FORCE_OK);
    cr_expect_str_eq(force(health, "kent")->finding.rule, "readers-not-told");
    health_drop(health);
}

Test(troubles, what_nobody_can_say_yet_is_no_trouble_but_what_is_forbidden_is)
{
    static const struct {
        const char *thing, *rule;
        enum verdict verdict;
        int64_t began_ago_ms;
        bool told;
    } rows[] = {
        {"group/feed-kent", "not-answered", VERDICT_READER_UNKNOWN, 100000, true},
        {"group/feed-kent", "not-answered", VERDICT_READER_UNKNOWN, 99999, false},
        {"group/feed-kent", "not-answered", VERDICT_READER_UNKNOWN, 0, false},
        {"group/feed-kent", "window-not-full", VERDICT_READER_UNKNOWN, 3600000, false},
        {"group/feed-kent", "no-commit-yet", VERDICT_READER_UNKNOWN, 3600000, false},
        {"topic/feed.kent", "not-asked-yet", VERDICT_TOPIC_UNKNOWN, 3600000, false},
        {"group/feed-kent", "not-permitted", VERDICT_READER_NOT_PERMITTED, 0, true},
        {"topic/feed.kent", "not-permitted", VERDICT_TOPIC_NOT_PERMITTED, 0, true},
        {"group/feed-kent", "no-member-and-lag", VERDICT_READER_STOPPED, 0, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct health *health = kit_health_well(NOW_MS);
        put(health, rows[i].thing, rows[i].verdict);
        finding(health, rows[i].thing)->rule = rows[i].rule;
        health->began_ms = health->at_ms - rows[i].began_ago_ms;
        troubles_find(health, NULL);
        cr_expect_eq(health->n_troubles, rows[i].told, "row %zu", i);
        health_drop(health);
    }
}

Test(troubles, a_broker_that_has_just_come_back_need_not_tell_everything_at_once)
{
    static const struct {
        int64_t back_ms;
        enum verdict verdict;
        size_t told;
    } rows[] = {{0, VERDICT_TOPIC_UNKNOWN, 0}, {29999, VERDICT_TOPIC_UNKNOWN, 0}, {30000, VERDICT_TOPIC_UNKNOWN, 1},
        {0, VERDICT_TOPIC_NO_LEADER, 1}, {0, VERDICT_TOPIC_NOT_PERMITTED, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct health *health = kit_health_well(NOW_MS);
        cr_assert_eq(health->every_ms, 5000);
        put(health, "topic/feed.kent", rows[i].verdict);
        health->began_ms = health->at_ms - 3600000;
        health->broker.since_ms = health->at_ms - rows[i].back_ms;
        troubles_find(health, NULL);
        cr_expect_eq(health->n_troubles, rows[i].told, "row %zu", i);
        health_drop(health);
    }
}

Test(troubles, the_worst_come_first_and_of_those_what_hurts_most_forces_and_then_the_longest)
{
    struct health *health = kit_health_unwell(NOW_MS);
    cr_expect_gt(health->n_troubles, 25);
    for (size_t i = 1; i < health->n_troubles; i++) {
        const struct trouble *a = &health->troubles[i - 1], *b = &health->troubles[i];
        int pain_a = severity_pain(verdict_severity(a->verdict)), pain_b = severity_pain(verdict_severity(b->verdict));
        bool longer = a->since_ms <= b->since_ms,
             hurts_more = a->n_forces > b->n_forces || (a->n_forces == b->n_forces && longer);
        cr_expect(pain_a > pain_b || (pain_a == pain_b && hurts_more), "%s before %s", a->thing, b->thing);
    }
    cr_expect_eq(health->severity, verdict_severity(health->troubles[0].verdict));
    health_drop(health);
}

Test(troubles, a_hostile_name_stays_one_word_of_the_command_to_copy)
{
    struct health *health = kit_health_well(NOW_MS);
    health->groups[0].name = "x; touch 'it'\n\x1b[2J";
    health->groups[0].finding =
        (struct finding){.verdict = VERDICT_READER_STOPPED, .rule = "r", .numbers = "", .detail = ""};
    troubles_find(health, NULL);
    cr_assert_eq(health->n_troubles, 1);
    cr_expect_str_eq(health->troubles[0].command, "signalbox status 'group/x; touch '\\''it'\\''??[2J'");
    health_drop(health);
    health = kit_health_hostile(NOW_MS);
    cr_expect_gt(health->n_troubles, 4);
    health_drop(health);
}

Test(troubles, hundreds_of_troubles_are_found_in_the_time_of_hashing_forty_megabytes)
{
    enum { GROUPS = 500, PARTITIONS = 8 };
    struct health *health = kit_health_well(NOW_MS);
    struct group_health *groups = arena_alloc(&health->arena, GROUPS * sizeof *groups);
    for (size_t i = 0; i < GROUPS; i++) {
        groups[i] = health->groups[i % 60];
        groups[i].name = arena_printf(&health->arena, "g-%03zu", i);
        groups[i].partitions = arena_alloc(&health->arena, PARTITIONS * sizeof *groups[i].partitions);
        groups[i].n_partitions = PARTITIONS;
        for (int p = 0; p < PARTITIONS; p++)
            groups[i].partitions[p] = (struct group_partition){.topic = "feed.kent", .partition = p};
        groups[i].finding = (struct finding){.verdict = i % 2 ? VERDICT_READER_STOPPED : VERDICT_READER_UNKNOWN,
            .rule = "r",
            .numbers = "",
            .detail = ""};
    }
    health->groups = groups;
    health->n_groups = GROUPS;
    struct cost cost;
    char text[COST_TEXT_BYTES];
    cost_begin(&cost, 40e6);
    while (cost_again(&cost)) {
        cost_start(&cost);
        troubles_find(health, NULL);
        cost_stop(&cost);
        cr_expect_eq(health->n_troubles, 251);
    }
    printf("%zu troubles of %d groups: %s\n", health->n_troubles, GROUPS, cost_text(&cost, text));
    cr_expect(cost_kept(&cost), "and not in the square of it: %s", text);
    health_drop(health);
}
