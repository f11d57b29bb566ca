// SPDX-License-Identifier: Apache-2.0
// The hub's own checks, run on an agency's side before sending and on a force's side after reading.
#pragma once
#include "connectors/sdk/problem.h"
#include "hub/contract/envelope.h"
#include "hub/contract/proof.h"
#include "hub/rules/snapshot.h"

// An envelope that passed. Everything in it lives in the arena or in the value.
struct inspected {
    struct envelope envelope;
    const Signalbox__V1__Header *header;
    const Signalbox__V1__Routing *routing;          // before sending; NULL on a feed
    const ProtobufCMessage *bodies[ENVELOPE_PARTS]; // of the parts carried; NULL for a kind that a newer contract added
    bool newer; // the contract of who made it says more than this program knows; all it does know was checked
};

// Before sending: everything that the hub would check but the key and the signature. Without a snapshot only what needs
// no registry and policy: form, limits, digests, bodies.
bool inspect_outgoing(struct slice value, const struct snapshot *snapshot, const char *agency, int64_t now_ms,
    struct arena *arena, struct problem *why);

// After reading from the feed of a force: form, limits, key and signature of the agency that the header names, path,
// the item's id, slots, digests and bodies of the parts that are there, that this force may have each of them, and that
// nothing came that is for the hub alone. What a newer contract added is passed over. roots may be NULL; *out must not
// be moved.
bool inspect_incoming(struct slice value, const struct snapshot *snapshot, const char *force, int64_t at_ms,
    struct proof_cache *roots, struct arena *arena, struct inspected *out, struct problem *why);

// Why a force belongs to the audience of an item that passed (bits AudienceReason), as far as a copy can tell; 0 if the
// policy of today does not.
uint32_t inspect_audience(
    const struct inspected *item, const struct snapshot *snapshot, const char *force, int64_t at_ms);
