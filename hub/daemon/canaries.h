// SPDX-License-Identifier: Apache-2.0
// Sends a signed test item through every lane again and again, and waits for it on the canary's own feed: the whole
// path as an agency and a force see it. In a thread of its own; whatever goes wrong with it is logged and counted, and
// never stops a lane.
#pragma once
#include "hub/kafka/kafka.h"
#include "hub/observe/canary.h"
#include "hub/rules/control_source.h"
#include "hub/run/worker.h"
#include <openssl/evp.h>

struct canaries_settings {
    const struct kafka_settings *kafka;
    struct control_source *control;
    unsigned taker; // number by which it takes snapshots: one that no worker has
    EVP_PKEY *key;
    uint32_t lanes, every_ms;
    struct canary_board *board;
};

struct canaries;
// All that the settings point to must outlive it. NULL with a sentence.
struct canaries *canaries_start(const struct canaries_settings *settings, struct error *error);
struct canaries *canaries_stop(struct canaries *canaries); // takes NULL, returns NULL
