// SPDX-License-Identifier: Apache-2.0
// A hub process says every few seconds how it is, on the topic pulse. A thread of its own: a stuck lane does not
// silence it, and a full broker queue does not stop a lane.
#pragma once
#include "hub/base/arena.h"
#include "hub/kafka/kafka.h"
#include <signalbox/v1/pulse.pb-c.h>

struct pulse;

// Fills lanes, counters, versions and control_problem; what it allocates lives in the arena. What it has no memory for
// it leaves out.
typedef void pulse_fill(void *context, Signalbox__V1__Pulse *message, struct arena *arena);

struct pulse_settings {
    uint32_t every_ms;   // default 2,000
    const char *version; // of the program
    pulse_fill *fill;
    void *context;
};

// NULL with a sentence. kafka must outlive it.
struct pulse *pulse_start(
    const struct kafka_settings *kafka, const struct pulse_settings *settings, struct error *error);
// Says good-bye: the last pulse has stopping set. Takes NULL, returns NULL.
struct pulse *pulse_stop(struct pulse *pulse);
// A message with what fill adds to it, packed; out of the arena, which was reset before. Empty without memory. For
// pulse.c, and its test.
struct slice pulse_pack(const struct pulse_settings *settings, Signalbox__V1__Pulse *message, struct arena *arena);
