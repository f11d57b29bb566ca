// SPDX-License-Identifier: Apache-2.0
// CloudEvents 1.0 headers of feed records, Kafka binding, binary mode (proto/README.md has the table).
#pragma once
#include "hub/base/arena.h"
#include "hub/run/bus.h"

struct feed_headers {
    struct bus_header rows[8];
    size_t n;
};

// Of an item decided in this lane; all but the parts. NULL if there is no memory. Lives in the arena.
struct feed_headers *feed_headers_new(struct arena *arena, const char *source, uint32_t lane,
    const struct record *record, const struct decision *decision);
// The same for a copy that carries these parts.
const struct feed_headers *feed_headers_for(struct arena *arena, const struct feed_headers *headers, uint32_t parts);
