// SPDX-License-Identifier: Apache-2.0
// An agency's rhythm, learned per hour of the week from the ledger, and the verdict on what it does now. Pure: time is
// given.
//
// Promise: once the rhythm is known (two weeks), at most one false verdict per agency in RHYTHM_FALSE_WEEKS weeks, over
// all verdicts together; tests/observe/test_rhythm_calm.c measures it. 28 kB of memory per agency, whatever it sends.
#pragma once
#include "hub/observe/health.h"
#include "hub/observe/judge/outages.h"

#define RHYTHM_HOURS       168 // of a week, Monday 00:00 UTC first
#define RHYTHM_REGIONS     32
#define RHYTHM_FALSE_WEEKS 104

// What the ledger says of one record of the agency. A forwarded record has two entries: the one that says FORWARDED
// counts as forwarded only; the other, from topic relane, is the record.
struct rhythm_event {
    int64_t at_ms; // append time
    bool refused, forwarded, duplicate;
    const char *code;            // of the outcome; static
    uint32_t regions;            // of the forces named, bit by place in the policy's list; 0 if not known
    int64_t made_ms, decided_ms; // 0 if not known
};

struct rhythm;
struct rhythm *rhythm_new(void); // NULL without memory
struct rhythm *rhythm_free(struct rhythm *rhythm);
// Events come in order of time, or nearly: one that is older than an hour counts for its own hour only.
void rhythm_take(struct rhythm *rhythm, const struct rhythm_event *event);

struct rhythm_settings {
    int64_t silent_after_ms; // for an agency whose rhythm is not known yet; default one day
    int64_t known_since_ms;  // since when the agency could have published: its registration, or the ledger's beginning
    int64_t waiting_ms; // append time of its newest inbound record while some are not decided yet, else 0: what waits
                        // in the hub is no silence of the agency
    const struct outages *outages; // times in which nobody could publish; NULL for none
};

// Fills everything of *out that comes from the ledger (not agency, name, region, waiting). Texts live in the arena.
void rhythm_judge(const struct rhythm *rhythm, const struct rhythm_settings *settings, int64_t now_ms,
    struct arena *arena, struct source_health *out);
