// SPDX-License-Identifier: Apache-2.0
// From what was seen of a thing to the verdict on it, for all that is not a reader (window.h) or a source (rhythm.h).
// Pure: time is given. Texts live in the arena or are static; finding.since_ms is left 0.
#pragma once
#include "hub/observe/canary.h"
#include "hub/observe/health.h"

// --- topics ---------------------------------------------------------------------------------------------------------

struct topic_signs {
    bool told;            // the broker told of it in this cycle
    bool permitted;       // false: the broker does not let us see it
    bool missing;         // it should be there and is not
    int32_t no_leader;    // a partition without a leader, -1 if there is none
    int64_t no_leader_ms; // for how long, as far as was seen
    int32_t went_back;    // a partition whose end lies before where it was, -1 if there is none
    int64_t was, is;      // of that end
    int32_t stuck;        // the partition whose stable end has stood still the longest before its end, -1 if none does
    int64_t stuck_ms;     // for how long
    int64_t stuck_after_ms;   // how long it may
    int32_t out_of_step;      // a partition with copies that are not in step, -1 if there is none
    int64_t moved, window_ms; // offsets that came in the window, and how long it is; -1 if not known
};
void judge_topic(const struct topic_signs *signs, struct arena *arena, struct finding *finding);

// --- the hub --------------------------------------------------------------------------------------------------------

struct lane_signs {
    bool heard; // any process has been heard since the broker answers
    bool owned;
    Signalbox__V1__LanePulseState state;
    uint32_t failures, doubts;
    const char *problem; // may be ""
    struct figure transaction_age_ms;
    int64_t transaction_limit_ms;
    struct figure waiting, waiting_ms;
    int64_t slow_ms;
    struct figure restored_percent;
    int64_t not_running_ms; // for how long it has not run, as far as was seen; 0 if it runs
};
void judge_lane(const struct lane_signs *signs, struct arena *arena, struct finding *finding);

struct process_signs {
    int64_t now_ms, heard_ms, every_ms;
    int64_t reachable_ms; // since when the broker has answered without a break: silence before it says nothing
    bool stopping;
};
void judge_process(const struct process_signs *signs, struct arena *arena, struct finding *finding);

struct broker_signs {
    bool asked, answered;
    int64_t now_ms, answered_ms; // last answer, 0 if there never was one
    const char *error;           // a sentence, if it did not answer
};
void judge_broker(const struct broker_signs *signs, struct arena *arena, struct finding *finding);

struct control_signs {
    bool told; // the control topics have been read to their end
    bool permitted;
    uint64_t registry_version, policy_version, subscriptions_version;
    const char *refused; // the newest record of a control topic was refused: a sentence; or ""
    const char *behind;  // the id of a process that has not taken these versions in time, or ""
    const char *problem; // what it says of that, or ""
};
void judge_control(const struct control_signs *signs, struct arena *arena, struct finding *finding);

struct canary_signs {
    const struct canary_report *report;
    int64_t slow_ms;
    bool disturbed; // no broker answered at some time while the last one may have been under way
};
void judge_canary(const struct canary_signs *signs, struct arena *arena, struct finding *finding);

// Of a lane on which nobody who speaks now sends any.
struct no_canary_signs {
    bool silent_sender; // somebody who sent some is silent, without a good-bye
    int64_t silent_ms;  // for how long; -1 if that is forgotten
    bool heard;         // somebody was heard, or would have been by now
};
void judge_no_canary(const struct no_canary_signs *signs, struct arena *arena, struct finding *finding);

// --- what is kept ---------------------------------------------------------------------------------------------------

// other: the holder has another key that is valid for more than 30 days from now.
void judge_key(int64_t to_ms, bool other, int64_t now_ms, struct arena *arena, struct finding *finding);

struct quarantine_signs {
    bool told;
    uint64_t waiting;
    struct quarantine_kind {
        uint64_t waiting;
        const char *agency; // of the newest, or ""
        int64_t oldest_ms;  // when the first of them came
    } spills, poisons;
};
void judge_quarantine(const struct quarantine_signs *signs, struct arena *arena, struct finding *finding);

struct ledger_signs {
    bool told; // read to its end
    bool permitted;
    const char *broken; // what is wrong with the chain, or ""
    bool head_differs;  // the lane says another head of the same sequence
    uint64_t sequence;
};
void judge_ledger(const struct ledger_signs *signs, struct arena *arena, struct finding *finding);
