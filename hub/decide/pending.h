// SPDX-License-Identifier: Apache-2.0
// What the open transaction adds to a table of memory or changes in it: laid over what is remembered, merged when the
// commit is known, else forgotten.
#pragma once
#include "hub/decide/remembered.h"

struct pending;
struct pending *pending_new(const struct shape *shape); // NULL if there is no memory; the shape is copied
struct pending *pending_free(struct pending *pending);  // takes NULL, returns NULL
// The value that this transaction gave to a key, valid until the next put, or NULL.
const uint8_t *pending_find(const struct pending *pending, const uint8_t *key);
// The same by the first n bytes of a key, at least 4; if several begin so, that of any of them.
const uint8_t *pending_find_start(const struct pending *pending, const uint8_t *start, size_t n);
// The last value of a key counts. false if there is no memory.
bool pending_put(struct pending *pending, const uint8_t *key, const uint8_t *value);
// Makes room for n more, so that the next n puts cannot fail. false if there is no memory.
bool pending_reserve(struct pending *pending, size_t n);
// All entries packed, in the order in which their keys came; valid until the next put, merge or forget.
struct slice pending_entries(const struct pending *pending);
bool pending_merge(struct pending *pending, struct remembered *table); // and empties it; false if there is no memory
void pending_forget(struct pending *pending);
