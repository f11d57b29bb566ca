// SPDX-License-Identifier: Apache-2.0
// What the demo plays on: a broker, topics, registry, policy, subscriptions, keys and a running hub.
#pragma once
#include "hub/cli/demo/process.h"
#include "hub/cli/demo/published.h"
#include <stdatomic.h>

#define SETUP_AGENCIES 5
#define SETUP_LANES    4
extern const char *const setup_agencies[SETUP_AGENCIES];

struct setup {
    struct cli *cli;
    FILE *out;
    const atomic_bool *stop;
    char folder[64]; // logs and keys of this run; removed at the end unless something failed
    char keys[80];
    const char *samples;
    struct broker *broker; // NULL on a real Kafka
    struct kafka_settings kafka;
    struct process_place place;
    pid_t hub;
    struct published published; // by setup_publish
    unsigned organisations;     // real ones, without the canary
    char console[128];          // its address; "" if the hub serves none
    bool failed;
};

// Makes the folder and the broker. false with a message on err.
bool setup_new(struct setup *setup, struct cli *cli);
// Topics, keys, registry, policy, subscriptions, hub: each told in a line. false with a message.
bool setup_set(struct setup *setup);
// Runs `signalbox publish --wait` for an agency and tells its result.
bool setup_publish(struct setup *setup, const char *agency);
// Ends the hub and all else. false if the hub did not stop in order.
bool setup_free(struct setup *setup);
// Says what went wrong and where the logs are. Always false.
bool setup_fail(struct setup *setup, const char *sentence);
