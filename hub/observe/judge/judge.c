// SPDX-License-Identifier: Apache-2.0
// One function a kind of thing, the worst case first: each return is a rule with its name and the numbers behind it.
#include "hub/observe/judge/judge.h"
#include "hub/base/duration.h"
#include "hub/observe/words.h"
#include <inttypes.h>
#include <stdio.h>

#define ENDS_MS     (30 * DAY_MS)
#define ENDS_NOW_MS (7 * DAY_MS)
#define FAILURES    3
#define ELECTION_MS                                                                                                    \
    10000 // that a partition may be without a leader: brokers that come and go choose another within seconds
#define CHANGING_MS                                                                                                    \
    10000 // that a lane may take to go from one owner to the next: a start, a stop and a rebalance are no trouble
#define SILENT_PULSES 3
#define LOST_IN_ROW   1

static void say_finding(
    struct finding *finding, enum verdict verdict, const char *rule, const char *numbers, const char *detail)
{
    *finding = (struct finding){
        .verdict = verdict, .rule = rule, .numbers = numbers ? numbers : "", .detail = detail ? detail : ""};
}

// --- topics ---------------------------------------------------------------------------------------------------------

static void judge_stuck(const struct topic_signs *signs, struct arena *arena, struct finding *finding)
{
    say_finding(finding, VERDICT_TOPIC_STUCK_TRANSACTION, "stable-end-stands-still",
        words_print(arena, "partition=%d for=%" PRId64 "s allowed=%" PRId64 "s", signs->stuck, signs->stuck_ms / 1000,
            signs->stuck_after_ms / 1000),
        words_print(arena, "A transaction has been open on partition %d for at least %" PRId64 " s.", signs->stuck,
            signs->stuck_ms / 1000));
}

static void judge_no_leader(const struct topic_signs *signs, struct arena *arena, struct finding *finding)
{
    bool elects = signs->no_leader_ms <= ELECTION_MS;
    say_finding(finding, elects ? VERDICT_TOPIC_UNKNOWN : VERDICT_TOPIC_NO_LEADER, elects ? "election" : "no-leader",
        words_print(arena, "partition=%d for=%" PRId64 "s allowed=%ds", signs->no_leader, signs->no_leader_ms / 1000,
            ELECTION_MS / 1000),
        NULL);
}

void judge_topic(const struct topic_signs *signs, struct arena *arena, struct finding *finding)
{
    if (!signs->permitted)
        say_finding(finding, VERDICT_TOPIC_NOT_PERMITTED, "not-permitted", NULL, NULL);
    else if (signs->missing)
        say_finding(finding, VERDICT_TOPIC_MISSING, "not-there", NULL, NULL);
    else if (!signs->told)
        say_finding(finding, VERDICT_TOPIC_UNKNOWN, "not-told", NULL, NULL);
    else if (signs->no_leader >= 0)
        judge_no_leader(signs, arena, finding);
    else if (signs->stuck >= 0 && signs->stuck_ms > signs->stuck_after_ms)
        judge_stuck(signs, arena, finding);
    else if (signs->went_back >= 0)
        say_finding(finding, VERDICT_TOPIC_WENT_BACK, "end-went-back",
            words_print(arena, "partition=%d was=%" PRId64 " is=%" PRId64, signs->went_back, signs->was, signs->is),
            words_print(arena, "Partition %d ended at %" PRId64 ", and then at %" PRId64 ".", signs->went_back,
                signs->was, signs->is));
    else if (signs->out_of_step >= 0)
        say_finding(finding, VERDICT_TOPIC_UNDER_REPLICATED, "copies-out-of-step",
            words_print(arena, "partition=%d", signs->out_of_step), NULL);
    else if (signs->moved > 0)
        say_finding(finding, VERDICT_TOPIC_OK, "moves",
            words_print(arena, "moved=%" PRId64 " window=%" PRId64 "s", signs->moved, signs->window_ms / 1000), NULL);
    else
        say_finding(finding, VERDICT_TOPIC_IDLE, "nothing-came",
            words_print(arena, "moved=0 window=%" PRId64 "s", signs->window_ms > 0 ? signs->window_ms / 1000 : 0),
            NULL);
}

// --- the hub --------------------------------------------------------------------------------------------------------

static void judge_running(const struct lane_signs *signs, struct arena *arena, struct finding *finding)
{
    if (signs->failures >= FAILURES)
        say_finding(finding, VERDICT_LANE_ABORTING, "failures-in-a-row",
            words_print(arena, "failures=%u", signs->failures), signs->problem);
    else if (signs->waiting_ms.state == FIGURE_KNOWN && signs->waiting_ms.value > signs->slow_ms)
        say_finding(finding, VERDICT_LANE_BEHIND, "records-wait",
            words_print(arena, "waiting=%" PRId64 " oldest=%" PRId64 "s allowed=%" PRId64 "s", signs->waiting.value,
                signs->waiting_ms.value / 1000, signs->slow_ms / 1000),
            words_print(arena, "%" PRId64 " inbound records wait, the oldest for %" PRId64 " s.", signs->waiting.value,
                signs->waiting_ms.value / 1000));
    else
        say_finding(finding, VERDICT_LANE_OK, "runs", NULL, NULL);
}

void judge_lane(const struct lane_signs *signs, struct arena *arena, struct finding *finding)
{
    if (!signs->heard)
        say_finding(finding, VERDICT_LANE_UNKNOWN, "nobody-heard", NULL, NULL);
    else if (signs->not_running_ms > 0 && signs->not_running_ms <= CHANGING_MS && !signs->failures && !signs->doubts)
        say_finding(finding, VERDICT_LANE_CHANGING, "changes-hands",
            words_print(arena, "changing=%" PRId64 "s allowed=%ds", signs->not_running_ms / 1000, CHANGING_MS / 1000),
            NULL);
    else if (!signs->owned)
        say_finding(finding, VERDICT_LANE_NOT_OWNED, "nobody-owns-it", NULL, NULL);
    else if (signs->doubts > 0)
        say_finding(finding, VERDICT_LANE_WITNESS, "witnesses-disagree", words_print(arena, "doubts=%u", signs->doubts),
            signs->problem);
    else if (signs->transaction_age_ms.state == FIGURE_KNOWN &&
             signs->transaction_age_ms.value > signs->transaction_limit_ms)
        say_finding(finding, VERDICT_LANE_LONG_TRANSACTION, "transaction-too-long",
            words_print(arena, "open=%" PRId64 "s allowed=%" PRId64 "s", signs->transaction_age_ms.value / 1000,
                signs->transaction_limit_ms / 1000),
            NULL);
    else if (signs->state == SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_CLOSED)
        say_finding(
            finding, VERDICT_LANE_CLOSED, "closed", words_print(arena, "failures=%u", signs->failures), signs->problem);
    else if (signs->state != SIGNALBOX__V1__LANE_PULSE_STATE__LANE_PULSE_STATE_RUNNING)
        say_finding(finding, VERDICT_LANE_RESTORING, "restores",
            signs->restored_percent.state == FIGURE_KNOWN
                ? words_print(arena, "restored=%" PRId64 "%%", signs->restored_percent.value)
                : NULL,
            signs->problem);
    else
        judge_running(signs, arena, finding);
}

void judge_process(const struct process_signs *signs, struct arena *arena, struct finding *finding)
{
    int64_t from = signs->heard_ms > signs->reachable_ms ? signs->heard_ms : signs->reachable_ms;
    int64_t silent = signs->now_ms - from, allowed = SILENT_PULSES * signs->every_ms;
    const char *numbers = words_print(
        arena, "heard=%" PRId64 "s ago every=%" PRId64 "ms", (signs->now_ms - signs->heard_ms) / 1000, signs->every_ms);
    if (signs->stopping)
        say_finding(finding, VERDICT_PROCESS_STOPPED, "said-good-bye", NULL, NULL);
    else if (silent > allowed)
        say_finding(finding, VERDICT_PROCESS_SILENT, "pulses-missing", numbers, NULL);
    else
        say_finding(finding, VERDICT_PROCESS_OK, "speaks", numbers, NULL);
}

void judge_broker(const struct broker_signs *signs, struct arena *arena, struct finding *finding)
{
    if (!signs->asked)
        say_finding(finding, VERDICT_BROKER_UNKNOWN, "not-asked-yet", NULL, NULL);
    else if (signs->answered)
        say_finding(finding, VERDICT_BROKER_OK, "answers", NULL, NULL);
    else
        say_finding(finding, VERDICT_BROKER_UNREACHABLE, "no-answer",
            signs->answered_ms
                ? words_print(arena, "answered=%" PRId64 "s ago", (signs->now_ms - signs->answered_ms) / 1000)
                : "answered=never",
            words_copy(arena, signs->error));
}

void judge_control(const struct control_signs *signs, struct arena *arena, struct finding *finding)
{
    const char *numbers = words_print(arena, "registry=%" PRIu64 " policy=%" PRIu64 " subscriptions=%" PRIu64,
        signs->registry_version, signs->policy_version, signs->subscriptions_version);
    if (!signs->told)
        say_finding(finding, VERDICT_CONTROL_UNKNOWN, signs->permitted ? "not-read-yet" : "not-permitted", NULL, NULL);
    else if (!signs->registry_version || !signs->policy_version)
        say_finding(finding, VERDICT_CONTROL_MISSING, "no-registry-or-policy", numbers, NULL);
    else if (*signs->behind)
        say_finding(finding, VERDICT_CONTROL_BEHIND, "process-behind", numbers,
            words_print(arena, "Process %.8s has not taken it. %s", signs->behind, signs->problem));
    else if (*signs->refused)
        say_finding(finding, VERDICT_CONTROL_REFUSED, "record-refused", numbers, words_copy(arena, signs->refused));
    else
        say_finding(finding, VERDICT_CONTROL_OK, "in-force", numbers, NULL);
}

void judge_canary(const struct canary_signs *signs, struct arena *arena, struct finding *finding)
{
    const struct canary_report *report = signs->report;
    const char *numbers = words_print(arena, "sent=%" PRIu64 " returned=%" PRIu64 " lost=%" PRIu64 " lost-in-a-row=%u",
        report->sent, report->returned, report->lost, report->lost_in_row);
    bool lost = report->lost_in_row >= LOST_IN_ROW;
    bool slow = report->last_ms.state == FIGURE_KNOWN && report->last_ms.value > signs->slow_ms;
    if (signs->disturbed && (lost || slow))
        say_finding(finding, VERDICT_CANARY_UNKNOWN, "broker-was-away", numbers,
            "No broker answered while the last one was under way; the next one tells more.");
    else if (lost)
        say_finding(finding, VERDICT_CANARY_LOST, "did-not-return", numbers, NULL);
    else if (slow)
        say_finding(finding, VERDICT_CANARY_SLOW, "took-too-long", numbers,
            words_print(arena, "The last one took %" PRId64 " ms.", report->last_ms.value));
    else
        say_finding(finding, VERDICT_CANARY_OK, "returns", numbers, NULL);
}

void judge_no_canary(const struct no_canary_signs *signs, struct arena *arena, struct finding *finding)
{
    if (signs->silent_sender && signs->silent_ms >= 0)
        say_finding(finding, VERDICT_CANARY_UNKNOWN, "sender-silent",
            words_print(arena, "silent=%" PRId64 "s", signs->silent_ms / 1000),
            words_print(arena, "Whoever sends them has been silent for %" PRId64 " s.", signs->silent_ms / 1000));
    else if (signs->silent_sender)
        say_finding(finding, VERDICT_CANARY_UNKNOWN, "sender-silent", NULL, "Whoever sends them fell silent long ago.");
    else if (!signs->heard)
        say_finding(finding, VERDICT_CANARY_UNKNOWN, "nobody-heard", NULL, NULL);
    else
        say_finding(finding, VERDICT_CANARY_OFF, "none-sent", NULL, NULL);
}

// --- what is kept ---------------------------------------------------------------------------------------------------

void judge_key(int64_t to_ms, bool other, int64_t now_ms, struct arena *arena, struct finding *finding)
{
    int64_t left = to_ms - now_ms;
    if (to_ms == 0) {
        say_finding(finding, VERDICT_KEY_OK, "no-end", NULL, NULL);
        return;
    }
    const char *numbers = words_print(arena, "left=%" PRId64 "d", left / DAY_MS);
    if (other || left > ENDS_MS) {
        say_finding(finding, VERDICT_KEY_OK, other ? "another-is-valid" : "valid", numbers, NULL);
        return;
    }
    if (left <= 0)
        say_finding(finding, VERDICT_KEY_EXPIRED, "has-ended", numbers, NULL);
    else
        say_finding(finding, left <= ENDS_NOW_MS ? VERDICT_KEY_ENDS_NOW : VERDICT_KEY_ENDS,
            left <= ENDS_NOW_MS ? "ends-within-7-days" : "ends-within-30-days", numbers, NULL);
    finding->since_ms = to_ms - (left <= 0 ? 0 : left <= ENDS_NOW_MS ? ENDS_NOW_MS : ENDS_MS);
}

static void say_kind(struct finding *finding, enum verdict verdict, const char *rule, const char *numbers,
    const struct quarantine_kind *kind, struct arena *arena)
{
    say_finding(finding, verdict, rule, numbers, words_print(arena, "The newest came from %s.", kind->agency));
    finding->since_ms = kind->oldest_ms;
}

void judge_quarantine(const struct quarantine_signs *signs, struct arena *arena, struct finding *finding)
{
    const char *numbers = words_print(arena, "waiting=%" PRIu64 " spills=%" PRIu64 " poisons=%" PRIu64, signs->waiting,
        signs->spills.waiting, signs->poisons.waiting);
    if (signs->spills.waiting)
        say_kind(finding, VERDICT_QUARANTINE_SPILL, "spill-waits", numbers, &signs->spills, arena);
    else if (signs->poisons.waiting)
        say_kind(finding, VERDICT_QUARANTINE_POISON, "poison-waits", numbers, &signs->poisons, arena);
    else if (!signs->told)
        say_finding(finding, VERDICT_QUARANTINE_UNKNOWN, "not-read", NULL, NULL);
    else if (signs->waiting)
        say_finding(finding, VERDICT_QUARANTINE_WAITS, "records-wait", numbers, NULL);
    else
        say_finding(finding, VERDICT_QUARANTINE_OK, "empty", numbers, NULL);
}

void judge_ledger(const struct ledger_signs *signs, struct arena *arena, struct finding *finding)
{
    const char *numbers = words_print(arena, "sequence=%" PRIu64, signs->sequence);
    if (*signs->broken)
        say_finding(finding, VERDICT_LEDGER_BROKEN, "chain-does-not-hold", numbers, words_copy(arena, signs->broken));
    else if (signs->head_differs)
        say_finding(finding, VERDICT_LEDGER_BROKEN, "head-differs", numbers,
            "The last block of the ledger is not the one that the lane wrote.");
    else if (!signs->told)
        say_finding(finding, VERDICT_LEDGER_UNKNOWN, signs->permitted ? "not-read-yet" : "not-permitted", NULL, NULL);
    else
        say_finding(finding, VERDICT_LEDGER_OK, "chain-holds", numbers, NULL);
}
