// SPDX-License-Identifier: Apache-2.0
// Who ever received an item, as a number: the same few sets of organisations come again and again, so each is kept once
// for a lane. A set is bits by Organisation.number, the lowest first, without zero bytes at its end. Sets are numbered
// from 1 in the order in which they came; 0 is nobody. What the open transaction added is forgotten with it.
#pragma once
#include "hub/base/slice.h"

#define HOLDER_SETS_MAX ((UINT32_C(1) << 24) - 1)

struct holder_sets;
struct holder_sets *holder_sets_new(void);                      // NULL if there is no memory
struct holder_sets *holder_sets_free(struct holder_sets *sets); // takes NULL, returns NULL

// The bits of a set, as long as the sets live; empty for 0 and for a number that was never given.
struct slice holder_sets_bits(const struct holder_sets *sets, uint32_t number);
// The number of the set that has the members of both; before may be 0, bits as long as a registry can make them (128
// bytes). 0 if there is no memory, or if there are HOLDER_SETS_MAX sets.
uint32_t holder_sets_join(struct holder_sets *sets, uint32_t before, struct slice bits);

// How many sets are committed and, from there on, how many there are with the open transaction's.
uint32_t holder_sets_committed(const struct holder_sets *sets);
uint32_t holder_sets_count(const struct holder_sets *sets);
void holder_sets_merge(struct holder_sets *sets);         // after the commit is known
void holder_sets_forget(struct holder_sets *sets);        // after an abort
size_t holder_sets_bytes(const struct holder_sets *sets); // memory held, about
