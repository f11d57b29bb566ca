// SPDX-License-Identifier: Apache-2.0
// Each kind of thing with its rules and both sides of their boundaries.
#include "hub/observe/judge/judge.h"
#include "hub/observe/judge/topic_past.h"
#include "hub/base/duration.h"
#include <criterion/criterion.h>

#define NOW_MS INT64_C(1790000000000)

#define EXPECT(row, finding)                                                                                           \
    do {                                                                                                               \
        cr_expect_str_eq(verdict_row((finding).verdict)->id, (row)->verdict, "%s: %s", (row)->name,                    \
            verdict_row((finding).verdict)->id);                                                                       \
        cr_expect_str_eq((finding).rule, (row)->rule, "%s: %s", (row)->name, (finding).rule);                          \
        cr_expect((finding).numbers && (finding).detail, "%s", (row)->name);                                           \
    } while (0)
#define EACH(row, rows) (size_t i_ = 0; i_ < sizeof(rows) / sizeof *(rows) && ((row) = &(rows)[i_], true); i_++)

// What a well topic shows; a row changes one thing.
#define WELL_TOPIC                                                                                                     \
    .told = true, .permitted = true, .no_leader = -1, .went_back = -1, .stuck = -1, .out_of_step = -1,                 \
    .stuck_after_ms = 15000, .window_ms = 45000

static const struct {
    const char *name;
    struct topic_signs signs;
    const char *verdict, *rule;
} topics[] = {
    {"records came", {WELL_TOPIC, .moved = 3}, "TOPIC_OK", "moves"},
    {"nothing came", {WELL_TOPIC}, "TOPIC_IDLE", "nothing-came"},
    {"it may not be seen", {.told = false, .permitted = false, .missing = true}, "TOPIC_NOT_PERMITTED",
        "not-permitted"},
    {"it is missing", {.permitted = true, .missing = true}, "TOPIC_MISSING", "not-there"},
    {"the broker did not tell", {.permitted = true}, "TOPIC_UNKNOWN", "not-told"},
    {"the third partition has had no leader for longer than an election takes",
        {.told = true,
            .permitted = true,
            .no_leader = 2,
            .no_leader_ms = 10001,
            .went_back = -1,
            .stuck = -1,
            .out_of_step = 2},
        "TOPIC_NO_LEADER", "no-leader"},
    {"an election goes on",
        {.told = true,
            .permitted = true,
            .no_leader = 2,
            .no_leader_ms = 10000,
            .went_back = -1,
            .stuck = -1,
            .out_of_step = 2},
        "TOPIC_UNKNOWN", "election"},
    {"a transaction stands for exactly as long as it may",
        {.told = true,
            .permitted = true,
            .no_leader = -1,
            .went_back = -1,
            .out_of_step = -1,
            .stuck_ms = 15000,
            .stuck_after_ms = 15000},
        "TOPIC_IDLE", "nothing-came"},
    {"a transaction stands a millisecond longer than it may",
        {.told = true,
            .permitted = true,
            .no_leader = -1,
            .went_back = -1,
            .out_of_step = -1,
            .stuck_ms = 15001,
            .stuck_after_ms = 15000,
            .moved = 5},
        "TOPIC_STUCK_TRANSACTION", "stable-end-stands-still"},
    {"its end went back, though records came since",
        {.told = true,
            .permitted = true,
            .no_leader = -1,
            .stuck = -1,
            .out_of_step = -1,
            .was = 90,
            .is = 4,
            .moved = 5},
        "TOPIC_WENT_BACK", "end-went-back"},
    {"a copy is out of step",
        {.told = true, .permitted = true, .no_leader = -1, .went_back = -1, .stuck = -1, .moved = 1},
        "TOPIC_UNDER_REPLICATED", "copies-out-of-step"},
};

Test(judge, a_topic_is_judged_by_the_worst_sign)
{
    struct arena arena;
    const __typeof__(*topics) *row;
    arena_init(&arena, 0);
    for
        EACH(row, topics)
        {
            struct finding finding;
            judge_topic(&row->signs, &arena, &finding);
            EXPECT(row, finding);
        }
    arena_deinit(&arena);
}

Test(judge, a_rate_by_the_minute_needs_a_minute_of_looks_however_often_they_come)
{
    static const int64_t apart_ms[] = {100, 1000, 2500, 5000, 7000, 30000};
    for (size_t i = 0; i < sizeof apart_ms / sizeof *apart_ms; i++) {
        struct topic_past past = {0};
        int64_t at_ms = 0;
        for (; at_ms < RATE_LEAST_MS; at_ms += apart_ms[i]) {
            topic_past_add(&past, NOW_MS + at_ms, 50, at_ms ? 50 : 2);
            cr_expect_eq(topic_past_per_minute(&past).state, FIGURE_UNKNOWN, "48 records in one step are no rate yet");
        }
        for (int64_t n = 0; n < 3 * ENDS_KEPT; n++, at_ms += apart_ms[i])
            topic_past_add(&past, NOW_MS + at_ms, 50, 50);
        cr_expect_eq(topic_past_per_minute(&past).state, FIGURE_KNOWN, "every %d ms", (int)apart_ms[i]);
        cr_expect_leq(topic_past_per_minute(&past).value, 48);
        cr_expect_eq(past.at_ms[past.n - 1], NOW_MS + at_ms - apart_ms[i], "the newest look is kept");
    }
}

Test(judge, ends_over_time_give_a_rate_and_tell_what_went_back_and_what_stands)
{
    struct topic_past past = {0};
    topic_past_add(&past, NOW_MS, 10, 10);
    cr_expect_eq(topic_past_per_minute(&past).state, FIGURE_UNKNOWN, "one look is no rate");
    topic_past_add(&past, NOW_MS + 5000, 12, 20);
    cr_expect_eq(topic_past_per_minute(&past).state, FIGURE_UNKNOWN, "nor are five seconds");
    cr_expect_eq(past.stands_since_ms, NOW_MS + 5000, "something is open");
    topic_past_add(&past, NOW_MS + 10000, 12, 22);
    cr_expect_eq(past.stands_since_ms, NOW_MS + 5000, "it is still the same");
    topic_past_add(&past, NOW_MS + 15000, 14, 23);
    cr_expect_eq(past.stands_since_ms, NOW_MS + 15000, "the stable end moved: this is another one");
    cr_expect_eq(past.moved_ms, NOW_MS + 15000);
    topic_past_add(&past, NOW_MS + 20000, 23, 23);
    cr_expect_eq(past.stands_since_ms, 0);
    cr_expect_eq(past.moved_ms, NOW_MS + 15000, "what became stable is not new");
    topic_past_add(&past, NOW_MS + 25000, 3, 3);
    cr_expect_eq(past.back_ms, NOW_MS + 25000);
    cr_expect_eq(past.moved_ms, NOW_MS + 25000);
    cr_expect_eq(past.was, 23);
    cr_expect_eq(past.is, 3);
    topic_past_add(&past, NOW_MS + 30000, 9, 9);
    cr_expect_eq(past.n, 2, "the rate begins anew");
    cr_expect_eq(past.back_ms, NOW_MS + 25000, "it has not come back yet");
    topic_past_add(&past, NOW_MS + 35000, 23, 23);
    cr_expect_eq(past.back_ms, 0, "it has reached its old end");
    topic_past_add(&past, NOW_MS + 40000, 1, 1);
    topic_past_add(&past, NOW_MS + 40000 + 3600000, 2, 2);
    cr_expect_neq(past.back_ms, 0);
    topic_past_add(&past, NOW_MS + 40001 + 3600000, 2, 2);
    cr_expect_eq(past.back_ms, 0, "after an hour it is history");
    for (int i = 0; i < 3 * ENDS_KEPT; i++)
        topic_past_add(&past, NOW_MS + 9000000 + i * 5000, 100 + i, 100 + i);
    cr_expect_eq(past.n, ENDS_KEPT);
    cr_expect_eq(topic_past_per_minute(&past).value, 12);
}

#define RUNNING   SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RUNNING
#define CLOSED    SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_CLOSED
#define RESTORED  SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RESTORED
#define RESTORING SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RESTORING
#define OWNED     .heard = true, .owned = true, .problem = "", .transaction_limit_ms = 15000, .slow_ms = 10000
#define KNOWN(x)                                                                                                       \
    {                                                                                                                  \
        .state = FIGURE_KNOWN, .value = (x)                                                                            \
    }

static const struct {
    const char *name;
    struct lane_signs signs;
    const char *verdict, *rule;
} lanes[] = {
    {"it runs", {OWNED, .state = RUNNING, .waiting = KNOWN(0), .waiting_ms = KNOWN(0)}, "LANE_OK", "runs"},
    {"it runs, and what waits is not known", {OWNED, .state = RUNNING}, "LANE_OK", "runs"},
    {"nobody has been heard yet", {.problem = ""}, "LANE_UNKNOWN", "nobody-heard"},
    {"others have been heard, its owner has not", {.heard = true, .problem = ""}, "LANE_NOT_OWNED", "nobody-owns-it"},
    {"witnesses disagree before it is even closed", {OWNED, .state = CLOSED, .doubts = 1}, "LANE_WITNESS",
        "witnesses-disagree"},
    {"its transaction is as old as it may be", {OWNED, .state = RUNNING, .transaction_age_ms = KNOWN(15000)}, "LANE_OK",
        "runs"},
    {"its transaction is older", {OWNED, .state = RUNNING, .transaction_age_ms = KNOWN(15001)}, "LANE_LONG_TRANSACTION",
        "transaction-too-long"},
    {"it is closed", {OWNED, .state = CLOSED, .failures = 7}, "LANE_CLOSED", "closed"},
    {"it reads its state back", {OWNED, .state = RESTORING, .restored_percent = KNOWN(40)}, "LANE_RESTORING",
        "restores"},
    {"it waits for control data", {OWNED, .state = RESTORED}, "LANE_RESTORING", "restores"},
    {"it has had no owner for a moment", {.heard = true, .problem = "", .not_running_ms = 10000}, "LANE_CHANGING",
        "changes-hands"},
    {"it has had no owner for longer than a change takes", {.heard = true, .problem = "", .not_running_ms = 10001},
        "LANE_NOT_OWNED", "nobody-owns-it"},
    {"it was given to somebody a moment ago", {OWNED, .state = CLOSED, .not_running_ms = 1}, "LANE_CHANGING",
        "changes-hands"},
    {"it has failed to open", {OWNED, .state = CLOSED, .failures = 1, .not_running_ms = 1}, "LANE_CLOSED", "closed"},
    {"it reads its state back for longer than a change takes", {OWNED, .state = RESTORING, .not_running_ms = 10001},
        "LANE_RESTORING", "restores"},
    {"two failures in a row", {OWNED, .state = RUNNING, .failures = 2}, "LANE_OK", "runs"},
    {"three failures in a row", {OWNED, .state = RUNNING, .failures = 3}, "LANE_ABORTING", "failures-in-a-row"},
    {"a record waits for as long as it may", {OWNED, .state = RUNNING, .waiting = KNOWN(1), .waiting_ms = KNOWN(10000)},
        "LANE_OK", "runs"},
    {"a record waits for longer", {OWNED, .state = RUNNING, .waiting = KNOWN(1), .waiting_ms = KNOWN(10001)},
        "LANE_BEHIND", "records-wait"},
};

Test(judge, a_lane_is_judged_by_its_owner_and_by_what_waits)
{
    struct arena arena;
    const __typeof__(*lanes) *row;
    arena_init(&arena, 0);
    for
        EACH(row, lanes)
        {
            struct finding finding;
            judge_lane(&row->signs, &arena, &finding);
            EXPECT(row, finding);
        }
    arena_deinit(&arena);
}

static const struct {
    const char *name;
    struct process_signs signs;
    const char *verdict, *rule;
} processes[] = {
    {"it spoke just now", {NOW_MS, NOW_MS, 2000, NOW_MS - 90000, false}, "PROCESS_OK", "speaks"},
    {"silent for three pulses", {NOW_MS, NOW_MS - 6000, 2000, NOW_MS - 90000, false}, "PROCESS_OK", "speaks"},
    {"silent for longer", {NOW_MS, NOW_MS - 6001, 2000, NOW_MS - 90000, false}, "PROCESS_SILENT", "pulses-missing"},
    {"silent since before the broker answered again", {NOW_MS, NOW_MS - 60000, 2000, NOW_MS - 6000, false},
        "PROCESS_OK", "speaks"},
    {"silent for three pulses since the broker answered again", {NOW_MS, NOW_MS - 60000, 2000, NOW_MS - 6001, false},
        "PROCESS_SILENT", "pulses-missing"},
    {"it speaks seldom, and says so", {NOW_MS, NOW_MS - 29000, 10000, NOW_MS - 90000, false}, "PROCESS_OK", "speaks"},
    {"it said good-bye", {NOW_MS, NOW_MS - 500000, 2000, NOW_MS - 900000, true}, "PROCESS_STOPPED", "said-good-bye"},
};

Test(judge, a_process_is_silent_after_three_pulses)
{
    struct arena arena;
    const __typeof__(*processes) *row;
    arena_init(&arena, 0);
    for
        EACH(row, processes)
        {
            struct finding finding;
            judge_process(&row->signs, &arena, &finding);
            EXPECT(row, finding);
        }
    arena_deinit(&arena);
}

static const struct {
    const char *name;
    struct broker_signs signs;
    const char *verdict, *rule;
} brokers[] = {
    {"not asked", {.error = ""}, "BROKER_UNKNOWN", "not-asked-yet"},
    {"it answers", {true, true, NOW_MS, NOW_MS, ""}, "BROKER_OK", "answers"},
    {"it never answered", {true, false, NOW_MS, 0, "No broker answers."}, "BROKER_UNREACHABLE", "no-answer"},
    {"it no longer answers", {true, false, NOW_MS, NOW_MS - 4000, "No broker answers."}, "BROKER_UNREACHABLE",
        "no-answer"},
};

static const struct {
    const char *name;
    struct control_signs signs;
    const char *verdict, *rule;
} controls[] = {
    {"not read yet", {false, true, 0, 0, 0, "", "", ""}, "CONTROL_UNKNOWN", "not-read-yet"},
    {"not permitted", {false, false, 0, 0, 0, "", "", ""}, "CONTROL_UNKNOWN", "not-permitted"},
    {"there is nothing", {true, true, 0, 0, 0, "", "", ""}, "CONTROL_MISSING", "no-registry-or-policy"},
    {"there is no policy", {true, true, 3, 0, 0, "", "", ""}, "CONTROL_MISSING", "no-registry-or-policy"},
    {"all is in force", {true, true, 3, 1, 0, "", "", ""}, "CONTROL_OK", "in-force"},
    {"the newest was refused", {true, true, 3, 1, 0, "ctl.policy at offset 9: no", "", ""}, "CONTROL_REFUSED",
        "record-refused"},
    {"a process has not taken it, and one was refused", {true, true, 3, 1, 0, "no", "4f2a", "It cannot."},
        "CONTROL_BEHIND", "process-behind"},
};

Test(judge, broker_and_control_documents)
{
    struct arena arena;
    struct finding finding;
    const __typeof__(*brokers) *broker;
    const __typeof__(*controls) *control;
    arena_init(&arena, 0);
    for
        EACH(broker, brokers)
        {
            judge_broker(&broker->signs, &arena, &finding);
            EXPECT(broker, finding);
        }
    for
        EACH(control, controls)
        {
            judge_control(&control->signs, &arena, &finding);
            EXPECT(control, finding);
        }
    arena_deinit(&arena);
}

static const struct {
    const char *name;
    int64_t left_ms; // -1: it has no end
    bool other;
    const char *verdict, *rule;
} keys[] = {
    {"without end", -1, false, "KEY_OK", "no-end"},
    {"a millisecond more than 30 days", 30 * DAY_MS + 1, false, "KEY_OK", "valid"},
    {"30 days", 30 * DAY_MS, false, "KEY_ENDS", "ends-within-30-days"},
    {"a millisecond more than 7 days", 7 * DAY_MS + 1, false, "KEY_ENDS", "ends-within-30-days"},
    {"7 days", 7 * DAY_MS, false, "KEY_ENDS_NOW", "ends-within-7-days"},
    {"a millisecond", 1, false, "KEY_ENDS_NOW", "ends-within-7-days"},
    {"it ends at this moment", 0, false, "KEY_EXPIRED", "has-ended"},
    {"it ended a year ago", -365 * DAY_MS, false, "KEY_EXPIRED", "has-ended"},
    {"it ends tomorrow, and the next one is there", DAY_MS, true, "KEY_OK", "another-is-valid"},
};

Test(judge, a_key_is_told_of_in_time_unless_another_takes_its_place)
{
    struct arena arena;
    const __typeof__(*keys) *row;
    arena_init(&arena, 0);
    for
        EACH(row, keys)
        {
            struct finding finding;
            judge_key(row->left_ms == -1 ? 0 : NOW_MS + row->left_ms, row->other, NOW_MS, &arena, &finding);
            EXPECT(row, finding);
            int64_t ahead_ms = finding.verdict == VERDICT_KEY_ENDS       ? 30 * DAY_MS
                               : finding.verdict == VERDICT_KEY_ENDS_NOW ? 7 * DAY_MS
                                                                         : 0;
            bool wrong = finding.verdict != VERDICT_KEY_OK;
            cr_expect_eq(finding.since_ms, wrong ? NOW_MS + row->left_ms - ahead_ms : 0, "%s: it is told from a day on",
                row->name);
        }
    arena_deinit(&arena);
}

static const struct {
    const char *name;
    struct quarantine_signs signs;
    const char *verdict, *rule;
} quarantines[] = {
    {"not read", {false, 0, {.agency = ""}, {.agency = ""}}, "QUARANTINE_UNKNOWN", "not-read"},
    {"a spill is told before all is read", {false, 1, {1, "kent", NOW_MS - 7000}, {.agency = ""}}, "QUARANTINE_SPILL",
        "spill-waits"},
    {"a poisonous one, too", {false, 1, {.agency = ""}, {1, "kent", NOW_MS - 7000}}, "QUARANTINE_POISON",
        "poison-waits"},
    {"empty", {true, 0, {.agency = ""}, {.agency = ""}}, "QUARANTINE_OK", "empty"},
    {"some wait", {true, 4, {.agency = ""}, {.agency = ""}}, "QUARANTINE_WAITS", "records-wait"},
    {"a poisonous one among them", {true, 4, {.agency = ""}, {1, "kent", NOW_MS - 7000}}, "QUARANTINE_POISON",
        "poison-waits"},
    {"a spill comes before it", {true, 4, {1, "essex", NOW_MS - 7000}, {1, "kent", NOW_MS - 7000}}, "QUARANTINE_SPILL",
        "spill-waits"},
};

static const struct {
    const char *name;
    struct ledger_signs signs;
    const char *verdict, *rule;
} ledgers[] = {
    {"not read yet", {false, true, "", false, 0}, "LEDGER_UNKNOWN", "not-read-yet"},
    {"not permitted", {false, false, "", false, 0}, "LEDGER_UNKNOWN", "not-permitted"},
    {"broken before all is read", {false, true, "The chain is broken.", false, 9}, "LEDGER_BROKEN",
        "chain-does-not-hold"},
    {"the lane says another head", {true, true, "", true, 9}, "LEDGER_BROKEN", "head-differs"},
    {"whole", {true, true, "", false, 9}, "LEDGER_OK", "chain-holds"},
};

static const struct {
    const char *name;
    struct canary_report report;
    const char *verdict, *rule;
} canaries[] = {
    {"none came back yet, none is lost", {.sent = 1}, "CANARY_OK", "returns"},
    {"as slow as it may be", {.sent = 5, .returned = 5, .last_ms = KNOWN(10000)}, "CANARY_OK", "returns"},
    {"slower", {.sent = 5, .returned = 5, .last_ms = KNOWN(10001)}, "CANARY_SLOW", "took-too-long"},
    {"the last one was lost", {.sent = 5, .returned = 4, .lost = 1, .last_ms = KNOWN(20), .lost_in_row = 1},
        "CANARY_LOST", "did-not-return"},
    {"one was lost, and the next came back", {.sent = 6, .returned = 5, .lost = 1, .last_ms = KNOWN(20)}, "CANARY_OK",
        "returns"},
};

Test(judge, quarantine_ledger_and_canaries)
{
    struct arena arena;
    struct finding finding;
    const __typeof__(*quarantines) *quarantine;
    const __typeof__(*ledgers) *ledger;
    const __typeof__(*canaries) *canary;
    arena_init(&arena, 0);
    for
        EACH(quarantine, quarantines)
        {
            judge_quarantine(&quarantine->signs, &arena, &finding);
            EXPECT(quarantine, finding);
            bool wrong = verdict_severity(finding.verdict) == SEVERITY_CRITICAL;
            cr_expect_eq(
                finding.since_ms, wrong ? NOW_MS - 7000 : 0, "%s: since the first of them came", quarantine->name);
        }
    for
        EACH(ledger, ledgers)
        {
            judge_ledger(&ledger->signs, &arena, &finding);
            EXPECT(ledger, finding);
        }
    for
        EACH(canary, canaries)
        {
            struct canary_signs signs = {&canary->report, 10000, false};
            judge_canary(&signs, &arena, &finding);
            EXPECT(canary, finding);
            bool well = finding.verdict == VERDICT_CANARY_OK;
            signs.disturbed = true;
            judge_canary(&signs, &arena, &finding);
            cr_expect_eq(finding.verdict, well ? VERDICT_CANARY_OK : VERDICT_CANARY_UNKNOWN,
                "%s, and the broker was away", canary->name);
        }
    arena_deinit(&arena);
}
