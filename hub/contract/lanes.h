// SPDX-License-Identifier: Apache-2.0
// How many lanes a deployment can have, and which of them an item belongs to. Lane n is partition n of every inbound
// topic.
#pragma once
#include "hub/base/slice.h"

#define LANES_MAX 1024

// The lane of all items of a subject, 0 to lanes - 1: what Kafka's own partitioner makes of it as a key.
uint32_t lanes_place(struct slice subject, uint32_t lanes);
