// SPDX-License-Identifier: Apache-2.0
// The envelope opened: slices into the record's own bytes, nothing copied, nothing serialised again.
//
// On the wire a part fills a slot of the header, and slots stand in random order. Inside the program the parts of an
// item stand in the order of PartInfo.number, counted from 0: bit i of every set of parts is the i-th of them.
#pragma once
#include "hub/base/arena.h"
#include "hub/base/digest.h"
#include "hub/contract/refusal.h"
#include <signalbox/v1/envelope.pb-c.h>
#include <signalbox/v1/header.pb-c.h>

#define ENVELOPE_PARTS      16
#define ENVELOPE_PATH       10
#define ENVELOPE_SALT_BYTES 16

struct envelope_part {
    uint32_t slot;
    struct slice salt, info_bytes, content;
    // the whole field of the envelope, tag and length included: what is left out when a part is withheld
    struct slice field;
    const Signalbox__V1__PartInfo *info; // NULL before envelope_infos
};

struct envelope {
    struct slice value;         // all of it
    struct slice header;        // serialised Header
    struct slice header_field;  // with tag and length
    struct slice routing;       // serialised Routing; empty on a feed
    struct slice routing_field; // with tag and length
    struct slice proof_field;   // with tag and length
    struct slice key_id, signature;
    uint32_t batch_size, leaf_index;
    uint32_t n_parts, n_path; // carried
    bool slots_fit;           // envelope_slots_fit has passed
    bool *newer; // of a reader: becomes true when something is passed over that this contract does not know; else NULL
    struct envelope_part parts[ENVELOPE_PARTS]; // by slot as opened, by number after envelope_infos
    struct slice path[ENVELOPE_PATH];
};

// Guards and opens value. Parts must be in ascending order of slot, each once. Does not look into header, routing or
// infos. newer is NULL for the hub, which takes nothing unknown; a reader's bool must live as long as the envelope.
bool envelope_open(struct slice value, bool *newer, struct envelope *envelope, struct refusal *why);

// Guards and unpacks the header out of the arena. NULL and *why if refused.
const Signalbox__V1__Header *envelope_header(const struct envelope *envelope, struct arena *arena, struct refusal *why);
// Guards and unpacks the routing block, and holds it against the header: its digest, and that exactly the slots are
// filled that it says are. NULL and *why if refused, or if it is not there.
const Signalbox__V1__Routing *envelope_routing(
    const struct envelope *envelope, const Signalbox__V1__Header *header, struct arena *arena, struct refusal *why);
// Checks each part carried against the header's slot: what is said of it is what was signed. To be asked before
// envelope_infos by whoever wants nothing read that nobody vouches for.
bool envelope_slots_fit(struct envelope *envelope, const Signalbox__V1__Header *header, struct refusal *why);
// Guards and unpacks what is said of each part carried, and puts the parts into the order of their numbers, which must
// all differ.
bool envelope_infos(struct envelope *envelope, struct arena *arena, struct refusal *why);

// Checks each part carried against the header's slot, unless that was done, and its content against size and digest in
// its PartInfo.
bool envelope_digests(const struct envelope *envelope, const Signalbox__V1__Header *header, struct refusal *why);

// Guards the content of every part carried as a body of the header's kind.
bool envelope_bodies(const struct envelope *envelope, const Signalbox__V1__Header *header, struct refusal *why);
// The type of body that a kind has; NULL for a kind without one.
const ProtobufCMessageDescriptor *envelope_body_type(Signalbox__V1__Kind kind);

// A slot's digest, as the header holds it.
struct digest envelope_slot(uint32_t slot, struct slice salt, struct slice info_bytes);
// The digest of a routing block, as the header holds it.
struct digest envelope_routing_digest(struct slice routing);
// How many slots an item with so many parts (1 to 16) has: the fewest of 4, 8 and 16 that hold them.
uint32_t envelope_slots(uint32_t parts);

// The copy for a reader who may have the parts whose bit is set: the original fields, never the routing block. Bytes of
// the value itself where they lie together, else out of the arena (data NULL if there is no memory).
struct slice envelope_copy(const struct envelope *envelope, uint32_t parts, struct arena *arena);
// The slots that these parts fill, bit i for slot i.
uint32_t envelope_filled(const struct envelope *envelope, uint32_t parts);
