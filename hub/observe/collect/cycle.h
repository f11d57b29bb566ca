// SPDX-License-Identifier: Apache-2.0
// One look at the cluster: what the parts of the observer need of it, and what comes of it.
//
// Without memory a part leaves out what it cannot make and goes on; an arena of the cycle remembers, or cycle_fail
// does. Whoever made the cycle asks cycle_is_whole once, at its end: what is not whole is for nobody, and the next
// cycle makes it anew. So what a part remembers between cycles is either as it was or as a whole cycle would have left
// it.
#pragma once
#include "hub/kafka/follow.h"
#include "hub/kafka/survey.h"
#include "hub/observe/judge/outages.h"
#include "hub/observe/observer.h"

// For one question to the broker, and for all of one cycle: so that one who goes away in the middle shows within 10 s.
#define SURVEY_MS 3000
#define CYCLE_MS  6000

struct cycle {
    const struct observer_settings *settings;
    struct survey *survey;
    struct follow *follow;
    const struct outages *outages;
    struct health *health; // being made
    struct arena *arena;   // until the end of the cycle
    int64_t now_ms;
    bool answered;        // by a broker
    int64_t answered_ms;  // the last answer; now_ms if answered
    int64_t reachable_ms; // since when the broker answers without a break
    int64_t deadline_ms;  // for all questions, on the clock that only goes forward
    struct survey_topics topics;
    struct survey_groups groups;
    bool failed; // for want of memory that is in no arena
};

// What is left of the cycle for a question that may take most_ms; 1 at least.
int cycle_left(const struct cycle *cycle, int most_ms);
// There was no memory for something that the look needs.
void cycle_fail(struct cycle *cycle);
// Whether there was memory for all of it.
bool cycle_is_whole(const struct cycle *cycle);
