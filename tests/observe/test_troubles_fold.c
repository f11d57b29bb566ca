// SPDX-License-Identifier: Apache-2.0
// One cause is one trouble: what follows from something else is told with it, and several of a kind by one name.
#include "tests/observe/wrongs.h"
#include <stdio.h>

// Changes beside the verdicts, for the folding of consequences.
static void plain(struct health *health)
{
    (void)health;
}

static void waits_for_the_hub(struct health *health)
{
    for (size_t i = 0; i < health->n_sources; i++)
        health->sources[i].waiting = figure_of(7);
}

static void killed(struct health *health)
{
    health->processes[1].finding =
        (struct finding){.verdict = VERDICT_PROCESS_SILENT, .rule = "not-heard", .numbers = "", .detail = ""};
    health->processes[1].heard_ms = health->at_ms - 10000;
    health->lanes[1].process = health->lanes[3].process = "";
    health->lanes[1].waiting = figure_of(4);
    health->lanes[3].waiting = figure_of(5);
    health->lanes[3].waiting_ms = figure_of(9000);
}

static void killed_but_listed(struct health *health)
{
    killed(health);
    health->lanes[1].process = health->lanes[3].process = health->processes[1].id;
}

static void left_long_before(struct health *health)
{
    killed(health);
    finding(health, "lane/1")->since_ms = health->at_ms - 11000;
}

static void answered_10_s_ago(struct health *health)
{
    health->broker_answered_ms = health->at_ms - 10000;
}

static void silent_since(struct health *health)
{
    answered_10_s_ago(health);
    finding(health, "source/kent")->since_ms = health->at_ms - 10000;
}

static void silent_before(struct health *health)
{
    answered_10_s_ago(health);
    finding(health, "source/kent")->since_ms = health->at_ms - 10001;
}

static const struct {
    const char *name;
    struct wrong wrongs[8];
    void (*change)(struct health *health);
    const char *told; // "thing thing", in order
} follows[] = {
    {"no broker: all that cannot be known",
        {{"broker", VERDICT_BROKER_UNREACHABLE}, {"group/feed-kent", VERDICT_READER_UNKNOWN},
            {"topic/feed.kent", VERDICT_TOPIC_UNKNOWN}, {"lane/1", VERDICT_LANE_NOT_OWNED},
            {"canary/1", VERDICT_CANARY_LOST}, {"source/kent", VERDICT_SOURCE_SILENT},
            {"control", VERDICT_CONTROL_UNKNOWN}},
        answered_10_s_ago, "broker"},
    {"no broker: what was wrong before stays",
        {{"broker", VERDICT_BROKER_UNREACHABLE}, {"source/kent", VERDICT_SOURCE_SILENT}}, silent_before,
        "broker source/kent"},
    {"no broker: what began with its last answer does not",
        {{"broker", VERDICT_BROKER_UNREACHABLE}, {"source/kent", VERDICT_SOURCE_SILENT}}, silent_since, "broker"},
    {"no broker: a spill stays", {{"broker", VERDICT_BROKER_UNREACHABLE}, {"quarantine", VERDICT_QUARANTINE_SPILL}},
        answered_10_s_ago, "broker quarantine"},
    {"no broker: what was set aside stays",
        {{"broker", VERDICT_BROKER_UNREACHABLE}, {"quarantine", VERDICT_QUARANTINE_POISON}}, answered_10_s_ago,
        "broker quarantine"},
    {"two lanes without owner are one", {{"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/3", VERDICT_LANE_NOT_OWNED}}, plain,
        "lane/1"},
    {"two lanes wrong in two ways are two", {{"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/3", VERDICT_LANE_CLOSED}},
        plain, "lane/1 lane/3"},
    {"two topics without leader are one",
        {{"topic/feed.kent", VERDICT_TOPIC_NO_LEADER}, {"topic/feed.essex", VERDICT_TOPIC_NO_LEADER}}, plain,
        "topic/feed.essex"},
    {"two stopped readers are two",
        {{"group/feed-kent", VERDICT_READER_STOPPED}, {"group/feed-essex", VERDICT_READER_STOPPED}}, plain,
        "group/feed-essex group/feed-kent"},
    {"two readers that may not be seen are one",
        {{"group/feed-kent", VERDICT_READER_NOT_PERMITTED}, {"group/feed-essex", VERDICT_READER_NOT_PERMITTED}}, plain,
        "group/feed-essex"},
    {"a killed process takes its lanes", {{"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/3", VERDICT_LANE_NOT_OWNED}},
        killed, "PROCESS"},
    {"a killed process that is still listed takes its lanes",
        {{"lane/1", VERDICT_LANE_LONG_TRANSACTION}, {"lane/3", VERDICT_LANE_UNKNOWN}}, killed_but_listed, "PROCESS"},
    {"a killed process takes lanes of which nothing is heard", {{"lane/1", VERDICT_LANE_UNKNOWN}}, killed, "PROCESS"},
    {"a killed process does not take a lane that runs", {{"lane/1", VERDICT_LANE_BEHIND}}, killed, "PROCESS lane/1"},
    {"a killed process does not take another's", {{"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/2", VERDICT_LANE_CLOSED}},
        killed, "lane/2 PROCESS"},
    {"a lane without owner before the process died", {{"lane/1", VERDICT_LANE_NOT_OWNED}}, left_long_before,
        "lane/1 PROCESS"},
    {"a canary on a lane that stands", {{"lane/1", VERDICT_LANE_CLOSED}, {"canary/1", VERDICT_CANARY_LOST}}, plain,
        "lane/1"},
    {"a canary on another lane", {{"lane/1", VERDICT_LANE_CLOSED}, {"canary/2", VERDICT_CANARY_LOST}}, plain,
        "canary/2 lane/1"},
    {"a canary whose sender was killed", {{"canary/1", VERDICT_CANARY_UNKNOWN}}, killed, "PROCESS"},
    {"a canary of which nobody spoke yet",
        {{"topic/pulse", VERDICT_TOPIC_NOT_PERMITTED}, {"canary/1", VERDICT_CANARY_UNKNOWN}}, plain, "topic/pulse"},
    {"a canary on a killed process's lane", {{"lane/1", VERDICT_LANE_NOT_OWNED}, {"canary/1", VERDICT_CANARY_LOST}},
        killed, "PROCESS"},
    {"a source whose records wait for a lane is not silent",
        {{"lane/1", VERDICT_LANE_CLOSED}, {"source/kent", VERDICT_SOURCE_SILENT}}, waits_for_the_hub, "lane/1"},
    {"a source that sent nothing is", {{"lane/1", VERDICT_LANE_CLOSED}, {"source/kent", VERDICT_SOURCE_SILENT}}, plain,
        "lane/1 source/kent"},
    {"a source whose records wait, and all lanes run", {{"source/kent", VERDICT_SOURCE_SILENT}}, waits_for_the_hub,
        "source/kent"},
    {"a feed that is missing takes its reader's verdict",
        {{"topic/feed.kent", VERDICT_TOPIC_MISSING}, {"group/feed-kent", VERDICT_READER_UNKNOWN}}, plain,
        "topic/feed.kent"},
    {"an under-replicated feed says all there is to say",
        {{"topic/feed.kent", VERDICT_TOPIC_UNDER_REPLICATED}, {"group/feed-kent", VERDICT_READER_UNKNOWN}}, plain,
        "group/feed-kent topic/feed.kent"},
    {"and no other's", {{"topic/feed.kent", VERDICT_TOPIC_MISSING}, {"group/feed-essex", VERDICT_READER_UNKNOWN}},
        plain, "topic/feed.kent group/feed-essex"},
    {"a feed that went back takes its reader back",
        {{"topic/feed.kent", VERDICT_TOPIC_WENT_BACK}, {"group/feed-kent", VERDICT_READER_REWOUND}}, plain,
        "topic/feed.kent"},
    {"a feed that went back does not stop its reader",
        {{"topic/feed.kent", VERDICT_TOPIC_WENT_BACK}, {"group/feed-kent", VERDICT_READER_STOPPED}}, plain,
        "group/feed-kent topic/feed.kent"},
    {"state without leader closes lanes",
        {{"topic/state", VERDICT_TOPIC_NO_LEADER}, {"lane/0", VERDICT_LANE_CLOSED}, {"lane/1", VERDICT_LANE_RESTORING}},
        plain, "topic/state"},
    {"a ledger that may not be read hides the sources",
        {{"topic/ledger", VERDICT_TOPIC_NOT_PERMITTED}, {"source/kent", VERDICT_SOURCE_UNKNOWN},
            {"ledger/0", VERDICT_LEDGER_UNKNOWN}},
        plain, "topic/ledger"},
    {"an under-replicated ledger hides nothing",
        {{"topic/ledger", VERDICT_TOPIC_UNDER_REPLICATED}, {"source/kent", VERDICT_SOURCE_UNKNOWN}}, plain,
        "source/kent topic/ledger"},
};

Test(troubles_fold, what_follows_from_something_else_is_told_with_it)
{
    for (size_t i = 0; i < sizeof follows / sizeof *follows; i++) {
        struct health *health = kit_health_well(NOW_MS);
        for (size_t w = 0; w < 8 && follows[i].wrongs[w].thing; w++)
            put(health, follows[i].wrongs[w].thing, follows[i].wrongs[w].verdict);
        follows[i].change(health);
        troubles_find(health, NULL);
        char told[512] = "";
        for (size_t k = 0; k < health->n_troubles; k++) {
            bool process = health->troubles[k].verdict == VERDICT_PROCESS_SILENT;
            snprintf(told + strlen(told), sizeof told - strlen(told), "%s%s", k ? " " : "",
                process ? "PROCESS" : health->troubles[k].thing);
        }
        cr_expect_str_eq(told, follows[i].told, "%s: %s", follows[i].name, told);
        health_drop(health);
    }
}

#define EVERY SIZE_MAX

// The text with the number in the place of the mark, if it has one.
static const char *replace(const char *text, const char *mark, size_t number)
{
    static char out[256];
    const char *at = strstr(text, mark);
    if (!at)
        return text;
    snprintf(out, sizeof out, "%.*s%zu%s", (int)(at - text), text, number, at + strlen(mark));
    return out;
}

Test(troubles_fold, one_that_tells_of_several_names_them)
{
    static const struct {
        struct wrong wrongs[5];
        void (*change)(struct health *health);
        const char *title, *effect;
        size_t n_forces;
    } rows[] = {
        {{{"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/3", VERDICT_LANE_NOT_OWNED}}, plain, "Lanes 1 and 3 have no owner",
            "all %zu forces: nothing waits", EVERY},
        {{{"lane/0", VERDICT_LANE_NOT_OWNED}, {"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/2", VERDICT_LANE_NOT_OWNED},
             {"lane/3", VERDICT_LANE_NOT_OWNED}},
            plain, "All 4 lanes have no owner", "all %zu forces: nothing waits", EVERY},
        {{{"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/3", VERDICT_LANE_NOT_OWNED}}, killed,
            "Hub process 4212 on hub-b.example is silent",
            "all %zu forces: lanes 1 and 3 stand; 9 records wait, the oldest for 9 s", EVERY},
        {{{NULL, NONE}}, killed, "Hub process 4212 on hub-b.example is silent",
            "Other processes have its lanes, or it had none.", 0},
        {{{"topic/feed.kent", VERDICT_TOPIC_NO_LEADER}, {"topic/feed.essex", VERDICT_TOPIC_NO_LEADER}}, plain,
            "Essex Police's feed and Kent Police's feed have no leader",
            "essex and kent: nothing can be written or read there", 2},
        {{{"topic/feed.kent", VERDICT_TOPIC_NO_LEADER}, {"topic/feed.essex", VERDICT_TOPIC_NO_LEADER},
             {"topic/feed.btp", VERDICT_TOPIC_NO_LEADER}, {"topic/feed.surrey", VERDICT_TOPIC_NO_LEADER},
             {"topic/feed.sussex", VERDICT_TOPIC_NO_LEADER}},
            plain, "British Transport Police's feed, Essex Police's feed, Kent Police's feed and 2 more have no leader",
            "essex, kent, surrey, sussex and 1 more: nothing can be written or read there", 5},
        {{{"topic/receipt.nca", VERDICT_TOPIC_MISSING}}, plain, "Topic receipt.nca is missing",
            "nca: there is nowhere to write to", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct health *health = kit_health_well(NOW_MS);
        for (size_t w = 0; w < 5 && rows[i].wrongs[w].thing; w++)
            put(health, rows[i].wrongs[w].thing, rows[i].wrongs[w].verdict);
        rows[i].change(health);
        troubles_find(health, NULL);
        cr_assert_eq(health->n_troubles, 1, "row %zu: %zu", i, health->n_troubles);
        cr_expect_str_eq(health->troubles[0].title, rows[i].title);
        size_t n_forces = rows[i].n_forces == EVERY ? health->n_forces : rows[i].n_forces;
        cr_expect_str_eq(health->troubles[0].effect, replace(rows[i].effect, "%zu", health->n_forces));
        cr_expect_eq(health->troubles[0].n_forces, n_forces, "row %zu: %zu", i, health->troubles[0].n_forces);
        if (rows[i].n_forces == EVERY)
            cr_expect_str_eq(force(health, health->troubles[0].forces[0])->cause, health->troubles[0].thing);
        cr_expect_eq(health->troubles[0].forces[7] != NULL, n_forces >= 8, "row %zu", i);
        health_drop(health);
    }
}

Test(troubles_fold, one_that_tells_of_several_began_with_the_first)
{
    struct health *health = kit_health_well(NOW_MS);
    for (size_t i = 0; i < 3; i++)
        health->lanes[i].finding = (struct finding){.verdict = VERDICT_LANE_CLOSED,
            .since_ms = NOW_MS - (i == 1 ? 9000 : 5000),
            .rule = "r",
            .numbers = "",
            .detail = ""};
    troubles_find(health, NULL);
    cr_assert_eq(health->n_troubles, 1);
    cr_expect_eq(health->troubles[0].since_ms, NOW_MS - 9000);
    health_drop(health);
}

Test(troubles_fold, a_lane_that_comes_back_makes_forces_wait_only_if_something_waits_for_it)
{
    static const struct {
        struct figure waiting;
        enum verdict force;
    } rows[] = {{{FIGURE_KNOWN, 0}, VERDICT_FORCE_OK}, {{FIGURE_KNOWN, 1}, VERDICT_FORCE_WAITS},
        {{FIGURE_UNKNOWN, 0}, VERDICT_FORCE_WAITS}};
    for (size_t i = 0; i < 3; i++) {
        struct health *health = kit_health_well(NOW_MS);
        health->lanes[1].waiting = rows[i].waiting;
        put(health, "lane/1", VERDICT_LANE_RESTORING);
        troubles_find(health, NULL);
        cr_expect_eq(force(health, "kent")->finding.verdict, rows[i].force, "row %zu", i);
        health_drop(health);
    }
}

Test(troubles_fold, a_force_with_two_readers_is_told_which_one)
{
    struct health *health = kit_health_well(NOW_MS);
    struct thing_place kent, essex;
    cr_assert(things_find(health, "group/feed-kent", &kent) && things_find(health, "group/feed-essex", &essex));
    health->groups[essex.index].force = "kent";
    put(health, "group/feed-kent", VERDICT_READER_STOPPED);
    troubles_find(health, NULL);
    cr_expect_str_eq(health->troubles[0].title, "Kent Police's reader (feed-kent) has stopped");
    health_drop(health);
}
