// SPDX-License-Identifier: Apache-2.0
// The births of lanes: the first record of every partition of the topic state.
#pragma once
#include "hub/kafka/kafka.h"

// The birth of every lane, on a topic state that has none yet. deployment_id is 16 random bytes. false with a sentence.
bool lane_births_write(const struct kafka_settings *settings, uint32_t lanes, int64_t now_ms,
    const uint8_t deployment_id[16], struct error *error);
// The same, for those of the lanes that which says.
bool lane_births_write_some(const struct kafka_settings *settings, uint32_t lanes, const bool *which, int64_t now_ms,
    const uint8_t deployment_id[16], struct error *error);
// The id in the first birth that the topic state still has. false with a sentence if there is none, or it cannot be
// read.
bool lane_births_deployment(const struct kafka_settings *settings, uint8_t deployment_id[16], struct error *error);
