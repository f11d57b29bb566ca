// SPDX-License-Identifier: Apache-2.0
// Records that no publisher of ours would send, written past it: what the hub is for.
#pragma once
#include "hub/kafka/kafka.h"

struct spoilt_result {
    const char *agency, *what; // "a forged signature"
    char code[64];             // of the receipt; empty if none came
};

#define SPOILT_COUNT 6

// Sends them all and waits for their receipts, at most timeout_ms. samples holds agencies/ and spill.jsonl, keys the
// agencies' key files. false with a sentence if they cannot be sent.
bool spoilt_send(const struct kafka_settings *kafka, const char *samples, const char *keys, int timeout_ms,
    struct spoilt_result results[SPOILT_COUNT], struct error *error);
