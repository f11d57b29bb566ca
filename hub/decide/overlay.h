// SPDX-License-Identifier: Apache-2.0
// What the open transaction has seen: laid over the set of what the lane has seen, merged when the commit is known,
// else forgotten.
#pragma once
#include "hub/decide/seen.h"

struct overlay;
struct overlay *overlay_new(void);                     // NULL if there is no memory
struct overlay *overlay_free(struct overlay *overlay); // takes NULL, returns NULL
// Sequence at which it was first seen in this transaction, or 0.
uint64_t overlay_find(const struct overlay *overlay, struct fingerprint fingerprint);
// A fingerprint already there keeps its first sequence. false if there is no memory.
bool overlay_add(struct overlay *overlay, struct fingerprint fingerprint, uint64_t sequence);
// Makes room for n more, so that the next n adds cannot fail. false if there is no memory.
bool overlay_reserve(struct overlay *overlay, size_t n);
// All entries packed, in order of adding; valid until the next add, merge or forget.
struct slice overlay_entries(const struct overlay *overlay);
bool overlay_merge(struct overlay *overlay, struct seen *seen); // and empties it; false if there is no memory
void overlay_forget(struct overlay *overlay);
