// SPDX-License-Identifier: Apache-2.0
// What goes on while the demo keeps running: agencies send what they have sent before, so that nothing new is delivered
// but the console shows who speaks; one of the five falls silent. On a real Kafka some forces read with groups of their
// own.
#pragma once
#include "hub/cli/demo/setup.h"

struct traffic;

// NULL with a message.
struct traffic *traffic_start(struct setup *setup);
// Sends the next lines if they are due. false with a message if one of its processes has ended.
bool traffic_turn(struct traffic *traffic);
struct traffic *traffic_stop(struct traffic *traffic); // takes NULL, returns NULL
