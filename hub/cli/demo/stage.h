// SPDX-License-Identifier: Apache-2.0
// What the demo plays on: a broker, topics, registry, policy, subscriptions, keys and a running hub.
#pragma once
#include "hub/cli/demo/process.h"

#define STAGE_AGENCIES 5
#define STAGE_LANES    4
extern const char *const stage_agencies[STAGE_AGENCIES];

struct stage {
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
    unsigned organisations; // real ones, without the canary
    char console[128];      // its address; "" if the hub serves none
    bool failed;
};

// Makes the folder and the broker. false with a message on err.
bool stage_new(struct stage *stage, struct cli *cli);
// Topics, keys, registry, policy, subscriptions, hub: each told in a line. false with a message.
bool stage_set(struct stage *stage);
// Runs `signalbox publish --wait` for an agency and tells its result.
bool stage_publish(struct stage *stage, const char *agency);
// Ends the hub and all else. false if the hub did not stop in order.
bool stage_free(struct stage *stage);
// Says what went wrong and where the logs are. Always false.
bool stage_fail(struct stage *stage, const char *sentence);
