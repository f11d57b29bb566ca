// SPDX-License-Identifier: Apache-2.0
// What the files of the observer share.
#pragma once
#include "hub/observe/collect/ages.h"
#include "hub/contract/lanes.h"
#include "hub/observe/collect/observe_control.h"
#include "hub/observe/collect/observe_desk.h"
#include "hub/observe/collect/observe_groups.h"
#include "hub/observe/collect/observe_ledger.h"
#include "hub/observe/collect/observe_pulse.h"
#include "hub/observe/collect/observe_quarantine.h"
#include "hub/observe/collect/observe_topics.h"
#include "hub/observe/observer.h"
#include "hub/observe/judge/outages.h"
#include "hub/observe/collect/figure_history.h"
#include <pthread.h>

// For one question to the broker, and for all of one cycle: so that one who goes away in the middle shows within 10 s.
#define SURVEY_MS 3000
#define CYCLE_MS  6000

struct observer {
    struct kafka_settings kafka;
    struct observer_settings settings;
    pthread_t thread;
    pthread_mutex_t lock; // over newest and all tables below that somebody else reads; the thread alone writes them
    pthread_cond_t changed;
    bool stop;
    const struct health *newest;
    struct survey *survey;
    struct follow *follow;
    struct arena scratch; // of one cycle
    uint64_t number;
    int64_t began_ms, answered_ms;
    int64_t reachable_ms; // since when the broker answers without a break
    bool answered;        // the last time it was asked
    struct outages outages;
    uint32_t n_lanes;                        // as last told
    int64_t not_running_since_ms[LANES_MAX]; // by lane; 0 while it runs
    char version[64];
    struct ages ages;
    struct observe_topics topics;
    struct observe_groups groups;
    struct observe_control control;
    struct observe_pulse pulses;
    struct observe_ledger ledger;
    struct observe_quarantine quarantine;
    struct observe_desk desk;
    struct figure_history history;
    struct digest console_certificate; // that the console serves
    int64_t console_certificate_to_ms; // 0: it serves none
};

// One collection.
struct cycle {
    struct observer *observer;
    struct health *health; // being made
    struct arena *arena;   // until the end of the cycle
    int64_t now_ms;
    bool answered;       // by a broker
    int64_t deadline_ms; // for all questions, on the clock that only goes forward
    struct survey_topics topics;
    struct survey_groups groups;
};

// What is left of the cycle for a question that may take most_ms; 1 at least.
int cycle_left(const struct cycle *cycle, int most_ms);

// observe_lanes.c: fills health->lanes, health->ledgers and health->canaries.
void observe_lanes_report(struct cycle *cycle);
// observe_canaries.c: fills health->canaries. heard: whoever speaks would have been heard by now.
void observe_canaries_report(struct cycle *cycle, uint32_t n_lanes, bool heard);
// Wants the ages of what waits inbound.
void observe_lanes_want(struct cycle *cycle);
// Inbound records of an agency that are not decided yet.
struct figure observe_lanes_waiting(struct cycle *cycle, const char *agency);
// observe_keys.c: fills health->keys.
void observe_keys_report(struct cycle *cycle);
// observe_forces.c: fills health->sources and health->forces.
void observe_forces_report(struct cycle *cycle);
