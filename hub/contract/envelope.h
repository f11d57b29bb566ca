// SPDX-License-Identifier: Apache-2.0
// The envelope opened: slices into the record's own bytes, nothing copied, nothing serialised again.
#pragma once
#include "hub/base/arena.h"
#include "hub/base/digest.h"
#include "hub/contract/refusal.h"
#include <signalbox/v1/envelope.pb-c.h>
#include <signalbox/v1/header.pb-c.h>

#define ENVELOPE_PARTS 16
#define ENVELOPE_PATH  16

struct envelope_part {
    bool present;
    struct slice salt, content;
    // the whole field of the envelope, tag and length included: what is left out when a part is withheld
    struct slice field;
};

struct envelope {
    struct slice value;                         // all of it
    struct slice header;                        // serialised Header
    struct slice header_field;                  // with tag and length
    struct envelope_part parts[ENVELOPE_PARTS]; // by index; present says whether the envelope carries it
    uint32_t n_parts;                           // carried
    struct slice proof_field;                   // with tag and length
    struct slice key_id, signature;
    uint32_t batch_size, leaf_index;
    struct slice path[ENVELOPE_PATH];
    uint32_t n_path;
};

// Guards and opens value. Parts must be in ascending order of index, each once. Does not look into the header.
bool envelope_open(struct slice value, struct envelope *envelope, struct refusal *why);

// Guards and unpacks the header out of the arena. NULL and *why if refused.
const Signalbox__V1__Header *envelope_header(const struct envelope *envelope, struct arena *arena, struct refusal *why);

// Checks sizes and salted digests of the parts carried against the header, and that no part is carried that it does not
// list. complete: every part of the header must be carried (as inbound); otherwise some may be withheld (as on a feed).
bool envelope_digests(
    const struct envelope *envelope, const Signalbox__V1__Header *header, bool complete, struct refusal *why);

// Guards the content of every part carried as a body of the header's kind.
bool envelope_bodies(const struct envelope *envelope, const Signalbox__V1__Header *header, struct refusal *why);
// The type of body that a kind has; NULL for a kind without one.
const ProtobufCMessageDescriptor *envelope_body_type(Signalbox__V1__Kind kind);

// The same envelope with only the parts whose bit is set in parts: the original fields one after the other, out of the
// arena.
struct slice envelope_withhold(const struct envelope *envelope, uint32_t parts, struct arena *arena);
