// SPDX-License-Identifier: Apache-2.0
// Items for tests: made from a seed, so always the same; changed in place by the test; then sealed and signed as an
// agency does it. Running out of memory ends the program.
//
//     struct kit_item *item = kit_report(&arena, "kent", 1);
//     item->header->priority = SIGNALBOX__V1__PRIORITY__PRIORITY_THREAT_TO_LIFE;
//     struct slice value = kit_envelope(&arena, item);
#pragma once
#include "hub/base/arena.h"
#include "hub/contract/envelope.h"
#include "hub/contract/proof.h"
#include "hub/decide/step.h"
#include <signalbox/v1/followup.pb-c.h>
#include <signalbox/v1/guidance.pb-c.h>
#include <signalbox/v1/report.pb-c.h>

// The time of the broker in tests: 21 September 2026, 14:13:20 UTC. Items are made one minute before.
#define KIT_NOW_MS INT64_C(1790000000000)

// The deployment that everything in tests belongs to: PROOF_DEPLOYMENT_BYTES.
struct slice kit_deployment(void);

// An organisation's key, made from its name; any name has one. It lives until the program ends. Not for many threads at
// once.
struct kit_key {
    EVP_PKEY *key;
    uint8_t public_key[PROOF_PUBLIC_BYTES], key_id[PROOF_KEY_ID_BYTES];
};
const struct kit_key *kit_key(const char *organisation);

// Parts count from 0 in the order of their numbers. Sealing fills in what follows from the rest: id, slots, digests,
// sizes, numbers, and which slots are real.
struct kit_item {
    Signalbox__V1__Header *header;
    Signalbox__V1__Routing *routing;
    Signalbox__V1__PartInfo *infos[ENVELOPE_PARTS];
    ProtobufCMessage *bodies[ENVELOPE_PARTS]; // of the type that the kind names
    uint32_t n_parts;
    uint8_t salts[ENVELOPE_PARTS][ENVELOPE_SALT_BYTES];
    uint64_t shuffle;              // seed of the slots' order, the decoys and the gaps between numbers
    uint8_t slots[ENVELOPE_PARTS]; // of a sealed item: the slot that each part fills
    bool raw_id, raw_numbers;      // sealing leaves the id, or the parts' numbers, as they are
    const char *signer;            // whose key signs; the header's agency when made
    struct slice raw_infos[ENVELOPE_PARTS], raw_routing; // if set, are put and hashed instead of the message
    struct slice raw_header;                             // if set, is signed instead of the header
    const char *sign_agency, *sign_topic; // what the signature says; the header's agency and its topic when made
    struct slice sign_deployment;         // the same; kit_deployment if empty
};

// A report of a county line, graded, OFFICIAL, handling P, in one part: about 600 bytes sealed. Its line runs from
// metropolitan or merseyside into kent, essex or north-wales, one time in four by rail; the subject is one of 4,096
// lines.
struct kit_item *kit_report(struct arena *arena, const char *agency, uint64_t seed);
// A piece of best practice, OFFICIAL, in one part, for all four strands.
struct kit_item *kit_guidance(struct arena *arena, const char *agency, uint64_t seed);
// Adds a part of the same kind, marked OFFICIAL-SENSITIVE, with a body of its own.
void kit_add_part(struct arena *arena, struct kit_item *item);
// A later revision of an item: same id, subject and kind, its own copy of everything else, shuffled anew.
struct kit_item *kit_revision(struct arena *arena, const struct kit_item *item, uint32_t revision);
// Fresh salts, slots, decoys and numbers, as when the same file is published once more.
void kit_shuffle(struct kit_item *item, uint64_t seed);
// Names the item; revision 0 means all of them.
Signalbox__V1__ItemReference *kit_reference(struct arena *arena, const struct kit_item *item, uint32_t revision);
// A change of standing of the item, by its agency or by another issuer; number counts those of this issuer.
struct kit_item *kit_standing(struct arena *arena, const struct kit_item *item, const char *issuer,
    Signalbox__V1__Standing standing, uint32_t number);
// Makes the item one for a single named recipient: handling C, A2, S2, recipients.
void kit_restrict(struct arena *arena, struct kit_item *item, const char *recipient);

Signalbox__V1__ReportBody *kit_report_body(const struct kit_item *item, unsigned part);
Signalbox__V1__GuidanceBody *kit_guidance_body(const struct kit_item *item, unsigned part);
Signalbox__V1__StandingBody *kit_standing_body(const struct kit_item *item);

// Replaces a text or a list of texts of a message; the arena keeps the copies.
void kit_set_text(struct arena *arena, char **field, const char *text);
// The one force that the line exports from; none for the empty text.
void kit_set_exporter(struct arena *arena, Signalbox__V1__Header *header, const char *force);
void kit_set_texts(struct arena *arena, size_t *n_field, char ***field, const char *const *texts, size_t n);

// What the hub sees of the item outside of its bodies, without a seal.
struct item_view kit_view(const struct kit_item *item);

// The serialised header of a sealed item, and the value of the record: sealed, signed alone, serialised.
struct slice kit_seal(struct arena *arena, struct kit_item *item);
// The parts of a sealed item by ascending slot, and its routing block.
void kit_fill_envelope(struct arena *arena, const struct kit_item *item, Signalbox__V1__Envelope *envelope);
// A message serialised.
struct slice kit_packed(struct arena *arena, const ProtobufCMessage *message);
struct slice kit_envelope(struct arena *arena, struct kit_item *item);
// The same for n items under one signature, that of the first item's signer: item i at place i, what is left of the
// batch filled up, always the same.
void kit_batch(struct arena *arena, struct kit_item *const *items, uint32_t n, struct slice *values);

// The record as the hub would get it, on the right lane of as many as there are; offset and time can be changed.
struct record kit_record(struct arena *arena, const struct kit_item *item, struct slice value, uint32_t lanes);
