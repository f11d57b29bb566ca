// SPDX-License-Identifier: Apache-2.0
// One item as an agency writes it and as it travels: {"header": {...}, "parts": [{"info": {...}, "report": {...}}]}.
// connectors/sdk/README.md explains the form; what the agency leaves out is filled in here.
#pragma once
#include "connectors/sdk/problem.h"
#include "hub/base/arena.h"
#include "hub/contract/envelope.h"
#include <jansson.h>

#define ITEM_ID_BYTES   16
#define ITEM_NAME_BYTES 48 // "<32 hexadecimal digits>-<revision>", terminator included
#define ITEM_SALT_BYTES 16

struct item {
    Signalbox__V1__Header *header;
    struct slice header_bytes; // what is signed
    uint8_t salts[ENVELOPE_PARTS][ITEM_SALT_BYTES];
    struct slice contents[ENVELOPE_PARTS];
};

struct item_settings {
    const char *agency; // who publishes
    int64_t now_ms;     // for made_unix_ms
    const char *folder; // that paths of attachments start from; NULL for the working directory
};

// Reads and completes an item: agency, item id (random), revision 1, status ACTUAL, standing RELEASED, made now, kind
// (from the body), grades and handling of a report's part (from its statements), and per part size, salt and digest.
// The JSON value is used up: ids and attachments in it are rewritten. Everything in *item lives in the arena. false
// with *why.
bool item_from_json(
    json_t *value, const struct item_settings *settings, struct arena *arena, struct item *item, struct problem *why);

// The member of a part that holds the body of a kind, such as "report"; NULL for a kind without one.
const char *item_body_name(Signalbox__V1__Kind kind);

// "<item id in hexadecimal>-<revision>": the item's name in receipts and on feeds.
void item_name(const Signalbox__V1__Header *header, char out[ITEM_NAME_BYTES]);

// An item that came, in the same form: parts that are withheld have "withheld": true in place of a body. bodies[i] is
// NULL for them. NULL if there is no memory. The caller releases it with json_decref.
json_t *item_to_json(const Signalbox__V1__Header *header, const ProtobufCMessage *const *bodies);
