// SPDX-License-Identifier: Apache-2.0
// What a lane remembers in one table: an exact map from keys to values of a fixed size, in at most 1.25 times the bytes
// of its entries. What has a stamp below the floor is forgotten, unless the shape keeps it, and its room is used again.
#pragma once
#include "hub/base/slice.h"
#include "hub/decide/shape.h"

struct remembered;
struct remembered *remembered_new(const struct shape *shape); // NULL if there is no memory; the shape is copied
struct remembered *remembered_free(struct remembered *table); // takes NULL, returns NULL

// The value of a key, valid until the next put, or NULL if there is none or it is forgotten.
const uint8_t *remembered_find(const struct remembered *table, const uint8_t *key);
// The same by the first n bytes of a key, at least 5; if several begin so, that of the least.
const uint8_t *remembered_find_start(const struct remembered *table, const uint8_t *start, size_t n);
// Brings near what remembered_find will look at.
void remembered_prefetch(const struct remembered *table, const uint8_t *key);
// Entries packed as on the state topic, one after the other; the value of a key that is there is replaced. What is
// forgotten already is not taken in. false if the length is wrong, a stamp is 0, or there is no memory; entries before
// the failure are kept.
bool remembered_put(struct remembered *table, struct slice entries);
// Everything with a stamp below the floor is forgotten from now on. A floor never steps back: false if it stays where
// it was.
bool remembered_expire(struct remembered *table, uint64_t floor);

size_t remembered_count(const struct remembered *table); // entries held, forgotten ones that were not swept included
size_t remembered_bytes(const struct remembered *table); // memory held

// Copies up to n entries from *cursor (0 to begin) to out, in order of their keys; returns how many, 0 at the end.
// Between the first call and the last nothing may be put.
size_t remembered_export(const struct remembered *table, uint64_t *cursor, uint8_t *out, size_t n);
