// SPDX-License-Identifier: Apache-2.0
// CloudEvents 1.0 headers of feed records, Kafka binding, binary mode (proto/README.md has the table).
#pragma once
#include "hub/base/arena.h"
#include "hub/decide/decision.h"
#include "hub/run/bus.h"

struct feed_headers {
    struct bus_header rows[8];
    size_t n;
};

// Of an item; all but what one receiver alone gets. NULL if there is no memory. Lives in the arena.
struct feed_headers *feed_headers_new(
    struct arena *arena, const char *source, const struct record *record, const struct decision *decision);
// The same for a delivery: its parts, and its receiver's own reasons.
const struct feed_headers *feed_headers_for(
    struct arena *arena, const struct feed_headers *headers, const struct delivery *delivery);
