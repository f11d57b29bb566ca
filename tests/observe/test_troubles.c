// SPDX-License-Identifier: Apache-2.0
// From findings to what operators read: one trouble a cause, whom it hurts, since when, and when it was over.
#include "hub/observe/things.h"
#include "hub/observe/judge/troubles.h"
#include "tests/kit/sick.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NOW_MS 1790000000000
#define NONE   ((enum verdict)VERDICT_COUNT)

struct wrong {
    const char *thing;
    enum verdict verdict;
};

static struct finding *finding(struct health *health, const char *thing)
{
    struct thing_place place;
    cr_assert(things_find(health, thing, &place), "%s", thing);
    return (struct finding *)place.finding;
}

static void put(struct health *health, const char *thing, enum verdict verdict)
{
    *finding(health, thing) = (struct finding){verdict, 0, "a-rule", "a=1", ""};
}

// A well deployment at that time with these things wrong; before may be NULL.
static struct health *with(int64_t now_ms, const struct wrong *wrongs, size_t n, const struct health *before)
{
    struct health *health = kit_health_well(now_ms);
    for (size_t i = 0; i < n; i++)
        put(health, wrongs[i].thing, wrongs[i].verdict);
    troubles_find(health, before);
    return health;
}

static const struct trouble *find(const struct health *health, enum verdict verdict, const char *thing)
{
    for (size_t i = 0; i < health->n_troubles; i++)
        if (health->troubles[i].verdict == verdict && (!thing || strcmp(health->troubles[i].thing, thing) == 0))
            return &health->troubles[i];
    return NULL;
}

static const struct force_health *force(const struct health *health, const char *id)
{
    size_t i = 0;
    while (i < health->n_forces && strcmp(health->forces[i].id, id) != 0)
        i++;
    cr_assert_lt(i, health->n_forces, "%s", id);
    return &health->forces[i];
}

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
    static const char *const things[THING_COUNT] = {
        [THING_GROUP] = "group/feed-kent", [THING_TOPIC] = "topic/feed.kent", [THING_SOURCE] = "source/kent",
        [THING_LANE] = "lane/2", [THING_BROKER] = "broker", [THING_CONTROL] = "control", [THING_QUARANTINE] = "quarantine",
        [THING_CANARY] = "canary/1", [THING_LEDGER] = "ledger/3"};
    return things[verdict_row(verdict)->of];
}

static void expect_words(const struct trouble *trouble, const char *id)
{
    const char *texts[] = {trouble->title, trouble->effect, trouble->cause, trouble->next, trouble->command, trouble->rule};
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
        {"source/police-scotland", "Police Scotland has fallen silent",
            "police-scotland: Nothing came for 4 h; at this hour of the week it is usually never silent for 14 min.",
            "signalbox status source/police-scotland", NULL},
        {"source/merseyside", "Merseyside Police has many records refused",
            "merseyside: 18 of 60 records were refused in the last hour, most often SIGNATURE_BAD.",
            "signalbox status source/merseyside", NULL},
        {"group/feed-kent", "Kent Police's reader has stopped", "kent: 70 records wait, the oldest for 3 min",
            "signalbox status group/feed-kent", "kent"},
        {"group/feed-btp", "British Transport Police's reader may not be seen", "btp: nobody can say whether the feed is read",
            "signalbox status group/feed-btp", "btp"},
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
        {{{"group/feed-kent", VERDICT_READER_BEHIND_RETENTION}}, VERDICT_FORCE_NOT_SERVED, VERDICT_FORCE_OK, "group/feed-kent"},
        {{{"group/feed-kent", VERDICT_READER_NOT_PERMITTED}}, VERDICT_FORCE_UNKNOWN, VERDICT_FORCE_OK, "group/feed-kent"},
        {{{"group/feed-kent", VERDICT_READER_IDLE}}, VERDICT_FORCE_OK, VERDICT_FORCE_OK, ""},
        {{{"topic/feed.kent", VERDICT_TOPIC_NO_LEADER}}, VERDICT_FORCE_NOT_SERVED, VERDICT_FORCE_OK, "topic/feed.kent"},
        {{{"topic/feed.kent", VERDICT_TOPIC_STUCK_TRANSACTION}}, VERDICT_FORCE_NOT_SERVED, VERDICT_FORCE_OK, "topic/feed.kent"},
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
        {{{"topic/feed.kent", VERDICT_TOPIC_MISSING}, {"group/feed-kent", VERDICT_READER_UNKNOWN}}, VERDICT_FORCE_NOT_SERVED,
            VERDICT_FORCE_OK, "topic/feed.kent"},
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
    health->processes[1].finding = (struct finding){VERDICT_PROCESS_SILENT, 0, "not-heard", "", ""};
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

Test(troubles, what_follows_from_something_else_is_told_with_it)
{
    static const struct {
        const char *name;
        struct wrong wrongs[8];
        void (*change)(struct health *health);
        const char *told; // "thing thing", in order
    } rows[] = {
        {"no broker: all that cannot be known", {{"broker", VERDICT_BROKER_UNREACHABLE}, {"group/feed-kent", VERDICT_READER_UNKNOWN},
            {"topic/feed.kent", VERDICT_TOPIC_UNKNOWN}, {"lane/1", VERDICT_LANE_NOT_OWNED}, {"canary/1", VERDICT_CANARY_LOST},
            {"source/kent", VERDICT_SOURCE_SILENT}, {"control", VERDICT_CONTROL_UNKNOWN}}, answered_10_s_ago, "broker"},
        {"no broker: what was wrong before stays", {{"broker", VERDICT_BROKER_UNREACHABLE}, {"source/kent", VERDICT_SOURCE_SILENT}},
            silent_before, "source/kent broker"},
        {"no broker: what began with its last answer does not", {{"broker", VERDICT_BROKER_UNREACHABLE},
            {"source/kent", VERDICT_SOURCE_SILENT}}, silent_since, "broker"},
        {"no broker: a spill stays", {{"broker", VERDICT_BROKER_UNREACHABLE}, {"quarantine", VERDICT_QUARANTINE_SPILL}},
            answered_10_s_ago, "broker quarantine"},
        {"two lanes without owner are one", {{"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/3", VERDICT_LANE_NOT_OWNED}}, plain, "lane/1"},
        {"two lanes wrong in two ways are two", {{"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/3", VERDICT_LANE_CLOSED}}, plain, "lane/1 lane/3"},
        {"two topics without leader are one", {{"topic/feed.kent", VERDICT_TOPIC_NO_LEADER}, {"topic/feed.essex", VERDICT_TOPIC_NO_LEADER}},
            plain, "topic/feed.essex"},
        {"two stopped readers are two", {{"group/feed-kent", VERDICT_READER_STOPPED}, {"group/feed-essex", VERDICT_READER_STOPPED}}, plain,
            "group/feed-essex group/feed-kent"},
        {"two readers that may not be seen are one", {{"group/feed-kent", VERDICT_READER_NOT_PERMITTED},
            {"group/feed-essex", VERDICT_READER_NOT_PERMITTED}}, plain, "group/feed-essex"},
        {"a killed process takes its lanes", {{"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/3", VERDICT_LANE_NOT_OWNED}}, killed, "PROCESS"},
        {"a killed process that is still listed takes its lanes", {{"lane/1", VERDICT_LANE_LONG_TRANSACTION},
            {"lane/3", VERDICT_LANE_UNKNOWN}}, killed_but_listed, "PROCESS"},
        {"a killed process takes lanes of which nothing is heard", {{"lane/1", VERDICT_LANE_UNKNOWN}}, killed, "PROCESS"},
        {"a killed process does not take a lane that runs", {{"lane/1", VERDICT_LANE_BEHIND}}, killed, "PROCESS lane/1"},
        {"a killed process does not take another's", {{"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/2", VERDICT_LANE_CLOSED}}, killed, "lane/2 PROCESS"},
        {"a lane without owner before the process died", {{"lane/1", VERDICT_LANE_NOT_OWNED}}, left_long_before, "lane/1 PROCESS"},
        {"a canary on a lane that stands", {{"lane/1", VERDICT_LANE_CLOSED}, {"canary/1", VERDICT_CANARY_LOST}}, plain, "lane/1"},
        {"a canary on another lane", {{"lane/1", VERDICT_LANE_CLOSED}, {"canary/2", VERDICT_CANARY_LOST}}, plain, "canary/2 lane/1"},
        {"a canary on a killed process's lane", {{"lane/1", VERDICT_LANE_NOT_OWNED}, {"canary/1", VERDICT_CANARY_LOST}}, killed, "PROCESS"},
        {"a source whose records wait for a lane is not silent", {{"lane/1", VERDICT_LANE_CLOSED}, {"source/kent", VERDICT_SOURCE_SILENT}},
            waits_for_the_hub, "lane/1"},
        {"a source that sent nothing is", {{"lane/1", VERDICT_LANE_CLOSED}, {"source/kent", VERDICT_SOURCE_SILENT}}, plain, "lane/1 source/kent"},
        {"a source whose records wait, and all lanes run", {{"source/kent", VERDICT_SOURCE_SILENT}}, waits_for_the_hub, "source/kent"},
        {"a feed that is missing takes its reader's verdict", {{"topic/feed.kent", VERDICT_TOPIC_MISSING},
            {"group/feed-kent", VERDICT_READER_UNKNOWN}}, plain, "topic/feed.kent"},
        {"an under-replicated feed says all there is to say", {{"topic/feed.kent", VERDICT_TOPIC_UNDER_REPLICATED},
            {"group/feed-kent", VERDICT_READER_UNKNOWN}}, plain, "group/feed-kent topic/feed.kent"},
        {"and no other's", {{"topic/feed.kent", VERDICT_TOPIC_MISSING}, {"group/feed-essex", VERDICT_READER_UNKNOWN}}, plain,
            "topic/feed.kent group/feed-essex"},
        {"a feed that went back takes its reader back", {{"topic/feed.kent", VERDICT_TOPIC_WENT_BACK},
            {"group/feed-kent", VERDICT_READER_REWOUND}}, plain, "topic/feed.kent"},
        {"a feed that went back does not stop its reader", {{"topic/feed.kent", VERDICT_TOPIC_WENT_BACK},
            {"group/feed-kent", VERDICT_READER_STOPPED}}, plain, "group/feed-kent topic/feed.kent"},
        {"state without leader closes lanes", {{"topic/state", VERDICT_TOPIC_NO_LEADER}, {"lane/0", VERDICT_LANE_CLOSED},
            {"lane/1", VERDICT_LANE_RESTORING}}, plain, "topic/state"},
        {"a ledger that may not be read hides the sources", {{"topic/ledger", VERDICT_TOPIC_NOT_PERMITTED},
            {"source/kent", VERDICT_SOURCE_UNKNOWN}, {"ledger/0", VERDICT_LEDGER_UNKNOWN}}, plain, "topic/ledger"},
        {"an under-replicated ledger hides nothing", {{"topic/ledger", VERDICT_TOPIC_UNDER_REPLICATED},
            {"source/kent", VERDICT_SOURCE_UNKNOWN}}, plain, "source/kent topic/ledger"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct health *health = kit_health_well(NOW_MS);
        for (size_t w = 0; w < 8 && rows[i].wrongs[w].thing; w++)
            put(health, rows[i].wrongs[w].thing, rows[i].wrongs[w].verdict);
        rows[i].change(health);
        troubles_find(health, NULL);
        char told[512] = "";
        for (size_t k = 0; k < health->n_troubles; k++) {
            bool process = health->troubles[k].verdict == VERDICT_PROCESS_SILENT;
            snprintf(told + strlen(told), sizeof told - strlen(told), "%s%s", k ? " " : "",
                process ? "PROCESS" : health->troubles[k].thing);
        }
        cr_expect_str_eq(told, rows[i].told, "%s: %s", rows[i].name, told);
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

Test(troubles, one_that_tells_of_several_names_them)
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
             {"lane/3", VERDICT_LANE_NOT_OWNED}}, plain, "All 4 lanes have no owner", "all %zu forces: nothing waits", EVERY},
        {{{"lane/1", VERDICT_LANE_NOT_OWNED}, {"lane/3", VERDICT_LANE_NOT_OWNED}}, killed,
            "Hub process 4212 on hub-b.example is silent", "all %zu forces: lanes 1 and 3 stand; 9 records wait, the oldest for 9 s", EVERY},
        {{{NULL, NONE}}, killed, "Hub process 4212 on hub-b.example is silent", "Other processes have its lanes, or it had none.", 0},
        {{{"topic/feed.kent", VERDICT_TOPIC_NO_LEADER}, {"topic/feed.essex", VERDICT_TOPIC_NO_LEADER}}, plain,
            "Essex Police's feed and Kent Police's feed have no leader", "essex and kent: nothing can be written or read there", 2},
        {{{"topic/feed.kent", VERDICT_TOPIC_NO_LEADER}, {"topic/feed.essex", VERDICT_TOPIC_NO_LEADER},
             {"topic/feed.btp", VERDICT_TOPIC_NO_LEADER}, {"topic/feed.surrey", VERDICT_TOPIC_NO_LEADER},
             {"topic/feed.sussex", VERDICT_TOPIC_NO_LEADER}}, plain,
            "British Transport Police's feed, Essex Police's feed, Kent Police's feed and 2 more have no leader",
            "essex, kent, surrey, sussex and 1 more: nothing can be written or read there", 5},
        {{{"topic/receipt.nca", VERDICT_TOPIC_MISSING}}, plain, "Topic receipt.nca is missing", "nca: there is nowhere to write to", 0},
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

Test(troubles, one_that_tells_of_several_began_with_the_first)
{
    struct health *health = kit_health_well(NOW_MS);
    for (size_t i = 0; i < 3; i++)
        health->lanes[i].finding = (struct finding){VERDICT_LANE_CLOSED, NOW_MS - (i == 1 ? 9000 : 5000), "r", "", ""};
    troubles_find(health, NULL);
    cr_assert_eq(health->n_troubles, 1);
    cr_expect_eq(health->troubles[0].since_ms, NOW_MS - 9000);
    health_drop(health);
}

Test(troubles, a_lane_that_comes_back_makes_forces_wait_only_if_something_waits_for_it)
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

Test(troubles, a_force_with_two_readers_is_told_which_one)
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

Test(troubles, the_worst_come_first_and_of_those_the_longest)
{
    struct health *health = kit_health_sick(NOW_MS);
    cr_expect_gt(health->n_troubles, 25);
    for (size_t i = 1; i < health->n_troubles; i++) {
        const struct trouble *a = &health->troubles[i - 1], *b = &health->troubles[i];
        int pain_a = severity_pain(verdict_severity(a->verdict)), pain_b = severity_pain(verdict_severity(b->verdict));
        cr_expect(pain_a > pain_b || (pain_a == pain_b && a->since_ms <= b->since_ms), "%s before %s", a->thing, b->thing);
    }
    cr_expect_eq(health->severity, verdict_severity(health->troubles[0].verdict));
    health_drop(health);
}

Test(troubles, a_verdict_keeps_its_time_from_snapshot_to_snapshot)
{
    static const struct wrong stopped[] = {{"group/feed-kent", VERDICT_READER_STOPPED}, {"lane/1", VERDICT_LANE_CLOSED}};
    static const struct wrong stalled[] = {{"group/feed-kent", VERDICT_READER_STALLED}, {"lane/1", VERDICT_LANE_CLOSED}};
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

Test(troubles, a_partition_of_a_group_keeps_its_own_time)
{
    struct health *first = kit_health_well(NOW_MS), *second = kit_health_well(NOW_MS + 5000);
    struct group_partition two[] = {{.topic = "feed.kent", .partition = 0, .finding = {VERDICT_READER_STOPPED, 11, "", "", ""}},
        {.topic = "feed.kent", .partition = 1, .finding = {VERDICT_READER_OK, 22, "", "", ""}}};
    struct group_partition turned[] = {{.topic = "feed.kent", .partition = 1, .finding = {VERDICT_READER_OK, 0, "", "", ""}},
        {.topic = "feed.kent", .partition = 0, .finding = {VERDICT_READER_IDLE, 0, "", "", ""}},
        {.topic = "feed.essex", .partition = 1, .finding = {VERDICT_READER_OK, 0, "", "", ""}}};
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

Test(troubles, what_is_over_is_kept_newest_first_with_words_of_its_own)
{
    static const struct wrong both[] = {{"group/feed-kent", VERDICT_READER_STOPPED}, {"source/btp", VERDICT_SOURCE_SILENT}};
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

Test(troubles, what_is_wrong_in_another_way_or_cannot_be_seen_has_not_cleared)
{
    static const struct {
        const char *name;
        struct wrong before[2], now[2];
        size_t n_cleared;
    } rows[] = {
        {"another verdict", {{"group/feed-kent", VERDICT_READER_STALLED}}, {{"group/feed-kent", VERDICT_READER_STOPPED}}, 0},
        {"the broker went", {{"group/feed-kent", VERDICT_READER_STOPPED}},
            {{"broker", VERDICT_BROKER_UNREACHABLE}, {"group/feed-kent", VERDICT_READER_UNKNOWN}}, 0},
        {"one of two lanes came back", {{"lane/1", VERDICT_LANE_CLOSED}, {"lane/2", VERDICT_LANE_CLOSED}}, {{"lane/2", VERDICT_LANE_CLOSED}}, 0},
        {"both lanes came back", {{"lane/1", VERDICT_LANE_CLOSED}, {"lane/2", VERDICT_LANE_CLOSED}}, {{NULL, NONE}}, 1},
        {"it reads again", {{"group/feed-kent", VERDICT_READER_STOPPED}}, {{"group/feed-kent", VERDICT_READER_OK}}, 1},
        {"it is another's turn", {{"group/feed-kent", VERDICT_READER_STOPPED}}, {{"group/feed-essex", VERDICT_READER_STOPPED}}, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct health *before = with(NOW_MS, rows[i].before, 1 + (rows[i].before[1].thing != NULL), NULL);
        struct health *now = with(NOW_MS + 5000, rows[i].now, (size_t)(rows[i].now[0].thing != NULL) + (rows[i].now[1].thing != NULL), before);
        cr_expect_eq(now->n_cleared, rows[i].n_cleared, "%s: %zu", rows[i].name, now->n_cleared);
        health_drop(before);
        health_drop(now);
    }
}

Test(troubles, fifty_that_are_over_are_kept_and_a_thing_that_is_gone_is_over)
{
    struct health *before = kit_health_well(NOW_MS);
    for (size_t i = 0; i < 40; i++)
        before->groups[i].finding = (struct finding){VERDICT_READER_STOPPED, 0, "r", "", ""};
    troubles_find(before, NULL);
    for (int64_t round = 1; round <= 3; round++) {
        struct health *now = kit_health_well(NOW_MS + round * 5000);
        if (round == 1)
            now->groups += 40, now->n_groups -= 40;
        for (size_t i = 0; i < 20 && round == 2; i++)
            now->groups[i].finding = (struct finding){VERDICT_READER_STALLED, 0, "r", "", ""};
        troubles_find(now, before);
        cr_expect_eq(now->n_cleared, round == 3 ? 50 : 40, "round %d: %zu", (int)round, now->n_cleared);
        cr_expect_eq(now->cleared[0].verdict, round == 3 ? VERDICT_READER_STALLED : VERDICT_READER_STOPPED);
        cr_expect_eq(now->cleared[now->n_cleared - 1].verdict, VERDICT_READER_STOPPED);
        health_drop(before);
        before = now;
    }
    health_drop(before);
}

Test(troubles, a_hostile_name_stays_one_word_of_the_command_to_copy)
{
    struct health *health = kit_health_well(NOW_MS);
    health->groups[0].name = "x; touch 'it'\n\x1b[2J";
    health->groups[0].finding = (struct finding){VERDICT_READER_STOPPED, 0, "r", "", ""};
    troubles_find(health, NULL);
    cr_assert_eq(health->n_troubles, 1);
    cr_expect_str_eq(health->troubles[0].command, "signalbox status 'group/x; touch '\\''it'\\''??[2J'");
    health_drop(health);
    health = kit_health_hostile(NOW_MS);
    cr_expect_gt(health->n_troubles, 4);
    health_drop(health);
}

Test(troubles, hundreds_of_troubles_are_found_in_milliseconds)
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
        groups[i].finding = (struct finding){i % 2 ? VERDICT_READER_STOPPED : VERDICT_READER_UNKNOWN, 0, "r", "", ""};
    }
    health->groups = groups;
    health->n_groups = GROUPS;
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    troubles_find(health, NULL);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    double ms = (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
    printf("%zu troubles of %d groups in %.1f ms\n", health->n_troubles, GROUPS, ms);
    cr_expect_eq(health->n_troubles, 251);
    cr_expect_lt(ms, 500, "and not in the square of it");
    health_drop(health);
}
