// SPDX-License-Identifier: Apache-2.0
// The ground that a hub stands on: topics as they must be, registry and policy in force.
#pragma once
#include "hub/kafka/kafka.h"
#include <stdatomic.h>

struct ground_settings {
    const struct kafka_settings *kafka;
    uint32_t lanes; // that the deployment should have; 0: as many as it has
    const atomic_bool *stop;
    // Called with each sentence about what keeps a hub from starting, in the caller's thread; the last one sums up.
    void (*problem)(void *context, const struct error *error);
    void *context;
};

enum ground {
    GROUND_BEARS,
    GROUND_STOPPED,  // *stop has become true
    GROUND_SETTINGS, // nobody can be asked with these settings; what follows has problems that were said
    GROUND_BREAKS,
};

// Checks the topics, and waits until officers have put registry and policy into force. *lanes is how many lanes the
// deployment has, once that is known.
enum ground ground_find(const struct ground_settings *settings, uint32_t *lanes);
