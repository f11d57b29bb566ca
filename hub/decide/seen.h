// SPDX-License-Identifier: Apache-2.0
// What a lane has seen: an exact set of fingerprints, each with the ledger sequence at which it was first seen, in at
// most 22 bytes an entry. 40 bits stand for the sequence. Expiry is a sequence: what lies below the floor is forgotten,
// and its room used again.
#pragma once
#include "hub/base/slice.h"
#include "hub/decide/fingerprint.h"

#define SEEN_ENTRY_BYTES 16

struct seen;
struct seen *seen_new(void);               // NULL if there is no memory
struct seen *seen_free(struct seen *seen); // takes NULL, returns NULL

// Sequence at which it was first seen, or 0 if it was not, or below the floor.
uint64_t seen_find(const struct seen *seen, struct fingerprint fingerprint);
// sequence is 1 to 2^40-1. A fingerprint already there keeps its first sequence, unless that one has expired. What lies
// below the floor is not kept. false if there is no memory or the sequence is outside. For tests and benchmarks, one
// entry at a time; the lanes add packed ones.
bool seen_add(struct seen *seen, struct fingerprint fingerprint, uint64_t sequence);
// Everything below the sequence is forgotten from now on.
void seen_expire(struct seen *seen, uint64_t floor);

size_t seen_count(const struct seen *seen); // entries held, expired ones that have not been swept included
size_t seen_bytes(const struct seen *seen); // memory held

// Entries packed as on the state topic: 11 bytes of fingerprint, 5 bytes of sequence, big-endian. Expired ones are left
// out.
void seen_entry_pack(struct fingerprint fingerprint, uint64_t sequence, uint8_t out[SEEN_ENTRY_BYTES]);
// false if the length is wrong, an entry has no sequence, or there is no memory; entries before the failure are kept.
bool seen_add_packed(struct seen *seen, struct slice entries);
// Copies up to n entries from *cursor (0 to begin) to out, in order of fingerprint; returns how many, 0 at the end.
// Between the first call and the last nothing may be added.
size_t seen_export(const struct seen *seen, uint64_t *cursor, uint8_t *out, size_t n);
