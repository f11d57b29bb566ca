// SPDX-License-Identifier: Apache-2.0
// One item as an agency writes it and as it travels: {"reference": "KL-2026-17", "header": {...}, "routing": {...},
// "parts": [{"info": {...}, "report": {...}}]}. connectors/sdk/README.md explains the form; what the agency leaves out
// is filled in here.
#pragma once
#include "connectors/sdk/nonce_key.h"
#include "connectors/sdk/problem.h"
#include "hub/base/arena.h"
#include "hub/contract/envelope.h"
#include "hub/contract/item_id.h"
#include <jansson.h>

#define ITEM_NAME_BYTES      48 // "<32 hexadecimal digits>-<revision>", terminator included
#define ITEM_REFERENCE_BYTES 64 // the longest reference

struct item_part {
    uint32_t slot;
    uint8_t salt[ENVELOPE_SALT_BYTES];
    struct slice info, content; // serialised
};

struct item {
    Signalbox__V1__Header *header;
    Signalbox__V1__Routing *routing;
    struct slice header_bytes, routing_bytes; // serialised; header_bytes are what is signed
    struct item_part parts[ENVELOPE_PARTS];   // in ascending order of slot
    uint32_t n_parts;
};

struct item_settings {
    const char *agency;                // who publishes
    const struct nonce_key *nonce_key; // of that agency
    int64_t now_ms;                    // for made_unix_ms
    const char *folder;                // that paths of attachments start from; NULL for the working directory
};

// Reads and completes an item: agency, nonce and item id (from the reference), what it is about and derived from,
// revision 1, status ACTUAL, made now, kind (from the body), grades and handling of a report's part (from its
// statements), and, fresh at each call, numbers, salts, slots and decoys of the parts and the routing block. The JSON
// value is used up: ids and attachments in it are rewritten. Everything in *item lives in the arena. false with *why.
bool item_from_json(
    json_t *value, const struct item_settings *settings, struct arena *arena, struct item *item, struct problem *why);

// The member of a part that holds the body of a kind, such as "report"; NULL for a kind without one.
const char *item_body_name(Signalbox__V1__Kind kind);

// "<item id in hexadecimal>-<revision>": the item's name in receipts and on feeds.
void item_name(const Signalbox__V1__Header *header, char out[ITEM_NAME_BYTES]);

// An item that came, in the form in which agencies write theirs, but without reference and routing, which do not
// travel: its name in front, ids in hexadecimal, the parts that came in the order of their numbers, and "newer": true
// if a newer contract says more than this program knows. bodies[i] is the i-th part's; NULL where this program does not
// know its type, which puts the bytes in its place. NULL if there is no memory. The caller releases it with
// json_decref.
json_t *item_to_json(
    const struct envelope *envelope, const Signalbox__V1__Header *header, const ProtobufCMessage *const *bodies);
